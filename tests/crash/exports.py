"""What leaves Recorder: packs for another system, and recordings that are taken out."""

from __future__ import annotations

import random
from pathlib import Path, PurePosixPath

from recorder.export.staging import remove_abandoned, staged, staged_file, write_file
from store import fs
from tests.crash.disk_model import Tree
from tests.crash.double import Failing, Recording
from tests.crash.programs import Change, Files, Pieces, Steps
from tests.crash.replay import Moment


class Packs(Steps):
    """Packs for another system: folders that stand whole or not at all."""

    removes = False

    @classmethod
    def first(cls, rng: random.Random) -> Tree:
        return {"export": None} if rng.random() < 0.5 else {"export": None, "export/pack-0": None}

    @classmethod
    def draw_name(cls, rng: random.Random, taken: set[str]) -> str:  # noqa: ARG003 - they count up
        return f"pack-{len(taken)}"

    def step(self, disk: Recording, change: Change) -> None:
        remove_abandoned(disk.top / "export", disk)
        with staged(disk.top / "export" / change.name, disk) as folder:
            for number, piece in enumerate(change.pieces or ()):
                write_file(folder / f"{number}.json", piece, disk)

    def retry(self, disk: Recording, change: Change) -> None:
        if self._packs(disk.top).get(change.name):  # it stands, and only its name was not sure
            disk.sync_folder(disk.top / "export")
        else:
            self.step(disk, change)

    def found(self, top: Path) -> Files:
        remove_abandoned(top / "export", Recording(top))
        packs = self._packs(top)
        assert len(packs) == len(list((top / "export").iterdir())), "something was left behind"
        return {
            name: repr(sorted(files.items())).encode() for name, files in packs.items() if files
        }

    @staticmethod
    def _packs(top: Path) -> dict[str, Files]:
        return {
            pack.name: {path.name: path.read_bytes() for path in pack.iterdir()}
            for pack in (top / "export").iterdir()
            if not pack.name.startswith(".")
        }

    @classmethod
    def standing(cls, tree: Tree) -> Files:
        packs: dict[str, Files] = {}
        for path, content in tree.items():
            parts = PurePosixPath(path).parts
            if content is not None and not parts[1].startswith("."):
                packs.setdefault(parts[1], {})[parts[2]] = content
        return {name: repr(sorted(files.items())).encode() for name, files in packs.items()}

    @classmethod
    def value(cls, change: Change, pieces: Pieces) -> bytes:  # noqa: ARG003 - as its base
        files = {f"{number}.json": piece for number, piece in enumerate(pieces)}
        return repr(sorted(files.items())).encode()


class TakenOut(Steps):
    """Recordings taken out: files that stand whole or not at all, and leave nothing beside them."""

    removes = False
    _whole = True  # the disk

    @classmethod
    def first(cls, rng: random.Random) -> Tree:  # noqa: ARG003 - as its base
        return {"out": None}

    @classmethod
    def draw_name(cls, rng: random.Random, taken: set[str]) -> str:  # noqa: ARG003 - they count up
        return f"{len(taken)}.wav"

    def step(self, disk: Recording, change: Change) -> None:
        remove_abandoned(disk.top / "out", disk)
        with staged_file(disk.top / "out" / change.name, disk) as path:
            fs.write(disk, path, change.pieces or ())

    def retry(self, disk: Recording, change: Change) -> None:
        if (disk.top / "out" / change.name).exists():  # only its name was not sure
            disk.sync_folder(disk.top / "out")
        else:
            self.step(disk, change)

    def run(self, disk: Recording) -> None:
        self._whole = not isinstance(disk, Failing)
        super().run(disk)

    def check(self, top: Path, moment: Moment) -> None:
        if self._whole and moment.begun == moment.done >= 0:
            left = {each.name for each in (top / "out").iterdir()} - set(self.found(top))
            assert not left, "what was said, in plain, was left behind"
        super().check(top, moment)

    def found(self, top: Path) -> Files:
        remove_abandoned(top / "out", Recording(top))
        return {path.name: path.read_bytes() for path in (top / "out").iterdir()}

    @classmethod
    def standing(cls, tree: Tree) -> Files:
        paths = {path: PurePosixPath(path).parts for path in tree}
        return {
            parts[1]: tree[path] or b""
            for path, parts in paths.items()
            if len(parts) == 2 and not parts[1].startswith(".")
        }


EXPORTS: tuple[type[Steps], ...] = (Packs, TakenOut)
