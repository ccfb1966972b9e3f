"""The whole corpus, and damage done to honest files."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.hostile import films, pictures, sounds, telemetry, texts
from tests.hostile.parts import Hostile, Targets

_LONGEST_HOLE = 64  # bytes


def corpus(to: Targets) -> list[Hostile]:
    """Every made file, each time the same for the same targets."""
    return [
        *texts.disguised(to),
        *texts.wide(to),
        *texts.polyglots(to),
        *films.references(to),
        *films.odd_boxes(),
        *films.matroska(to),
        *telemetry.telemetry(),
        *pictures.pngs(to),
        *pictures.jpegs(to),
        *pictures.others(),
        *sounds.waves(to),
        *sounds.oggs(),
        *sounds.frames(to),
        *sounds.names(),
    ]


def found(folder: Path) -> Iterator[Hostile]:
    """What others collected, where a machine has it."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield Hostile(f"found: {folder.name}", path.name, path.read_bytes())


def damaged(honest: Mapping[str, bytes], chance: random.Random) -> Iterator[Hostile]:
    """Honest files, each with one thing done to it; without end."""
    names = sorted(honest)
    while True:
        name = chance.choice(names)
        data = bytearray(honest[name])
        at, end = sorted(chance.randrange(len(data)) for _ in range(2))
        match chance.randrange(6):
            case 0:
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                data[at : at + 4] = chance.choice((b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff"))
            case 2:
                del data[at:end]
            case 3:
                data[at:at] = data[at:end]
            case 4:
                data[at : at + _LONGEST_HOLE] = chance.randbytes(_LONGEST_HOLE)
            case _:
                del data[at:]
        yield Hostile("damaged", name, bytes(data))
