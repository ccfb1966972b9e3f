"""The moment in which notes leave: the pack in its place and what is kept of it, together or not at all.

A pack that is whole is taken over in four steps, each on the disk before the next begins:

1. `export.json` in the home says which folder is to become which; the folder waits under a hidden name;
2. one transaction keeps that all that is in it has left;
3. the folder gets its name;
4. `export.json` goes.

Cut off before the second has ended, nothing has left and the folder is removed; after it, all has, and
the folder gets its name. Either is done by whoever exports next, before anything else.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from recorder.export import offers
from recorder.export.beside import can_leave, files
from recorder.export.errors import ExportFailedError
from recorder.export.gather import PACK, entry_of, waiting
from recorder.export.model import Approved, Pack
from recorder.export.offers import Ready
from recorder.export.pack import dated, write_pack
from recorder.home import Home
from store.errors import ConflictError, ErasedError, NotFoundError, StoreError
from store.fs import DISK, Fs, remove_tree, remove_unfinished, save
from store.notes import Note
from store.outward import LEFT, Offering, Passing

log = logging.getLogger(__name__)

_MEMORY = "export.json"
_READY = ".ready"  # no other export removes a folder whose name ends so

_MEANWHILE = (
    "Something of it was entered into Mosaic, or decided, while the pack was written, so nothing of"
    " the pack was kept. Nothing is lost and nothing has left: export again."
)
_NOT_PLACED = (
    "The pack is whole and what is in it counts as exported, but it could not be put in its place"
    " ({why}). Check that its folder can be reached and written to, then export again: the pack is"
    " put there first."
)
_NOT_DISCARDED = (
    "What an export that was cut off has left behind could not be removed from {folder} ({why})."
    " Nothing of it has left. Check that it can be reached and written to, then export again."
)
_CANNOT_BE_FOUND = (
    "A pack that counts as exported cannot be found in {parent}. Connect that folder again, then"
    " export again. If the pack was taken from there already, remove {memory}, then export again."
)


class Leaving(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `export.json` says."""

    pack: str  # its id
    folder: str  # that holds it, whole
    target: str  # its place


def export(home: Home, to: Path, actor: str, *, restricted: bool = False) -> Pack | None:
    """Write a pack of what waits and keep what left; None when nothing waits.

    For one process at a time on a home. ExportFailedError, of which nothing has left unless it says
    so.
    """
    before = finish(home)
    notes, refused = waiting(home, restricted=restricted)
    let_go = _let_go(home, restricted=restricted)
    if not notes and not refused and not let_go:
        return Pack(None, (), (), before) if before else None
    taking = _Taking(home, notes, let_go, actor)
    pack = write_pack(notes, to, beside=files(home.store, let_go), take=taking.take)
    return replace(pack, refused=pack.refused + refused, before=before)


def export_dated(home: Home, actor: str, *, restricted: bool = False) -> Pack | None:
    """As `export`, into a new folder in the home's export folder, which itself stays."""
    folder = home.settings.export
    if (
        not folder.is_dir()
    ):  # never made here: in the place of a share it would be in nobody's reach
        raise ExportFailedError(
            f"The folder {folder} for packs is not there: connect it or make it, or correct 'export'"
            " in config.toml."
        )
    return export(home, dated(folder, datetime.now(UTC)), actor, restricted=restricted)


def finish(home: Home, disk: Fs = DISK) -> Path | None:
    """Bring an export that was cut off to its end; where its pack is, if it has left.

    ExportFailedError if its folder cannot be reached.
    """
    remove_unfinished(disk, home.folder)
    found = _remembered(home)
    if found is None:
        return None
    place, has_left = None, home.store.packs.has_left(found.pack)
    try:
        if has_left:
            place = _placed(home, found, disk)
        else:
            _discard(found, disk)
        disk.remove(home.folder / _MEMORY)
        disk.sync_folder(home.folder)
    except OSError as error:
        sentence = _NOT_PLACED if has_left else _NOT_DISCARDED
        raise ExportFailedError(sentence.format(why=_why(error), folder=found.folder)) from error
    log.info("export brought to its end", extra={"pack": found.pack, "left": has_left})
    return place


@dataclass(frozen=True, slots=True)
class _Taking:
    """One pack on its way out."""

    home: Home
    notes: Sequence[Approved]
    let_go: Sequence[Ready]
    actor: str
    disk: Fs = DISK

    def take(self, target: Path, written: Collection[str], folder: Path) -> None:
        """See `write_pack`; ExportFailedError, OSError."""
        ready = folder.with_suffix(_READY)
        new = Leaving(secrets.token_hex(16), str(ready), str(target))
        save(self.disk, self.home.folder / _MEMORY, [msgspec.json.encode(new)])
        self.disk.rename(folder, ready)
        self.disk.sync_folder(ready.parent)
        try:
            self._keep(new.pack, written)
        except StoreError as error:
            # What failed may have been no more than the answer: the store is asked.
            if finish(self.home, self.disk) is None:
                if isinstance(error, ConflictError | ErasedError | NotFoundError):
                    raise ExportFailedError(_MEANWHILE) from error
                raise
            return
        finish(self.home, self.disk)

    def _keep(self, pack: str, written: Collection[str]) -> None:
        notes = [self._entry(each) for each in self.notes if each.note_id in written]
        self.home.store.packs.leave(pack, notes, list(self._beside()), self.actor)

    def _entry(self, note: Approved) -> tuple[Note, int, str, Passing]:
        return self.home.store.notes.get(note.note_id), note.entries + 1, *entry_of(note, PACK)

    def _beside(self) -> Iterator[tuple[str, int, str, Offering]]:
        """Of one case each takes the number after the one before."""
        taken: Counter[str] = Counter()
        for each in self.let_go:
            case, offer = each.case.id, each.offer
            taken[case] += 1
            what = replace(offer.offering, became=LEFT, by=PACK)
            yield case, each.entries + taken[case], offer.kind, what


def _let_go(home: Home, *, restricted: bool) -> list[Ready]:
    """Events and summaries that may go along."""
    shut = home.store.circles.restricted()
    found = offers.ready(home.store, home.settings.timezone)
    mine = [each for each in found if (each.case.id in shut) is restricted]
    return [each for each in mine if can_leave(home.store, each)]


def _remembered(home: Home) -> Leaving | None:
    path = home.folder / _MEMORY
    try:
        return msgspec.json.decode(path.read_bytes(), type=Leaving)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise ExportFailedError(
            f"{path} says where a pack was left and cannot be read, so nothing is exported. Look where"
            " packs are put for a folder whose name begins with '.mosaic-' and ends in '.ready'. If"
            f" there is none, remove {path} and export again. If there is one, leave both as they are"
            " and ask whoever supports Recorder whether its notes have left."
        ) from error


def _placed(home: Home, found: Leaving, disk: Fs) -> Path:
    folder, target = Path(found.folder), Path(found.target)
    if not folder.exists():
        if not target.exists():
            parent, memory = target.parent, home.folder / _MEMORY
            raise ExportFailedError(_CANNOT_BE_FOUND.format(parent=parent, memory=memory))
        disk.sync_folder(target.parent)
        return target
    if target.exists() and any(target.iterdir()):  # somebody else's, since then
        target = target.with_name(f"{target.name}-{found.pack[:4]}")
    disk.rename(folder, target)
    disk.sync_folder(target.parent)
    return target


def _discard(found: Leaving, disk: Fs) -> None:
    folder = Path(found.folder)
    if not folder.parent.exists():
        raise ExportFailedError(
            f"What a pack was left in is in {folder.parent}, which cannot be reached. Nothing of it"
            " has left. Connect that folder, then export again."
        )
    with suppress(FileNotFoundError):
        remove_tree(disk, folder)


def _why(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno else "the system gave no reason"
