"""Notes of every kind into one pack, and out of it by a reader that shares no code: `python -m benchmarks.packs`."""

from __future__ import annotations

import datetime as dt
import json
import random
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from recorder.export.model import Approved, Reply
from recorder.export.pack import write_pack
from templates import note_type, note_type_keys
from tools.read_pack import faults
from transcribe.model import Contact, Draft, Origin, Statement

NOTES = 1_000
SEED = 1
HELD = dt.datetime(2026, 11, 6, 15, 2, tzinfo=dt.UTC)
WORDS = (
    *("We met at the hub.", "He said: “not today”.", "=1+1", "'quoted'", 'a, "b"', "-2", "@hub"),
    *("🚌👩‍👩‍👧", "أمينة قالت نعم", "שלום", "e\u0301 and é", "two\nlines", "O’Brien & Co <x>"),
)


def main() -> None:
    """Write, read, compare; says what was wrong, and how long each took."""
    chance = random.Random(SEED)  # noqa: S311 - no secret
    notes = [_note(number, chance) for number in range(NOTES)]
    with TemporaryDirectory() as folder:
        started = time.perf_counter()
        pack = write_pack(notes, Path(folder) / "pack", now=HELD)
        written = time.perf_counter()
        wrong = faults(Path(folder) / "pack")
        read = time.perf_counter()
        wrong += [note.note_id for note in notes if not _is_there(note, Path(folder) / "pack")]
    print(f"{len(pack.written)} notes of {NOTES} written, {len(pack.refused)} refused")
    print(
        f"{len(wrong)} faults; {written - started:.1f} s to write, {read - written:.1f} s to read"
    )


def _is_there(note: Approved, pack: Path) -> bool:
    """Whether every text comes back as it was."""
    (path,) = pack.glob(f"*_{note.note_id}.json")
    read = json.loads(path.read_text(encoding="utf-8"))
    texts = [each.text for each in note.draft.statements]
    same = [each["text"] for each in read["statements"]] == texts
    return same and (read["mosaic"]["title"], read["replies"][0]["text"]) == (
        note.title,
        note.replies[0].text,
    )


def _note(number: int, chance: random.Random) -> Approved:
    kind = chance.choice(note_type_keys())
    keys = [each.key for each in note_type(kind).sections if not each.staff_only]
    said = tuple(
        Statement(f"s{n}", key, " ".join(chance.choices(WORDS, k=6)), Origin.PRACTITIONER, None, ())
        for n, key in enumerate(keys)
    )
    about = chance.choice(said).id
    theirs = Reply(" ".join(chance.choices(WORDS, k=3)), HELD, "أمينة", "not right", "", about)
    return Approved(
        note_id=f"{number:032x}",
        version=1 + number % 5,
        kind=kind,
        person_id=str(900_000 + number),
        person_name="أمينة O’Brien",
        case_ref=f"EV-{number}",
        title=chance.choice(WORDS).replace("\n", " "),
        note_type="EVOLVE",
        contact_date=HELD.date(),
        significant_event=number % 7 == 0,
        worker_username="acole",
        worker_name="Amara Cole",
        approved_by="Ruth Adeyemi",
        approved_at=HELD,
        draft=Draft(kind, Contact(), said),
        replies=(theirs,),
    )


if __name__ == "__main__":
    main()
