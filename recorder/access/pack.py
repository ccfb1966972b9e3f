"""The pack for an access request: a folder that stands whole or not at all, in plain words and files.

    index.html     everything in date order, what may be about others marked
    record.docx    the same to print
    media/         the files as they came
    manifest.json  the SHA-256 of each

The redacted one has no letter of what somebody decided is to go, sound made anew with silence in its place, and
pictures made anew with it filled.

It is not sealed: it is made to be handed over. That it was made, by whom and with which sums stands in
the audit log.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from recorder.access import burning, page
from recorder.access.document import Document
from recorder.access.gathering import Gathering
from recorder.access.model import Entry, Made
from recorder.access.rulings import Rulings, carried_out, silent
from recorder.clock import local
from recorder.errors import MediaError, StateError, UsageError
from recorder.export.errors import ExportFailedError
from recorder.export.staging import staged, write_file
from recorder.export.text import long_moment
from recorder.media.picture import filled
from recorder.media.sniff import TYPES
from recorder.pictures import shown
from store.audit import Detail
from store.cases import Case
from store.errors import ErasedError, TamperedError
from store.fs import DISK, write
from store.records import Recording
from store.session import now_ms
from store.store import Store

DONE, REDACTED = "access pack made", "redacted access pack made"
_UNDECIDED = (
    "of what is marked nobody has decided yet in {left}: somebody of data protection goes through it on"
    " the page 'Handing over', then make it again"
)
_WITHOUT = (
    "In the order it happened. Where words stand in square brackets, something about somebody else was"
    " taken out by a person. Of films the sound alone is here. Where somebody speaks and no word of it could be"
    " made out, the sound is silent."
)
_UNOPENED = (
    "a decision about what goes does not open as it was written, so nobody can say what it was, and nothing"
    " is handed over. Keep this home as it is, restore a backup beside it, and make the pack there"
)
_IN_USE = "there is something in that folder already: name a new one, or an empty one"
_INTRO = (
    "In the order it happened. What is highlighted may be about somebody else, or could put someone at risk:"
    " a machine marked it and may have missed some. A person decides of each before this is handed over."
    " Nothing was taken out."
)


@dataclass
class _Writing:
    """A pack while it is written."""

    store: Store
    folder: Path
    rulings: Rulings | None  # carried out; None: nothing is taken out
    files: dict[str, str] = field(default_factory=dict)  # by id of a recording: its place
    sums: dict[str, str] = field(default_factory=dict)  # by place: SHA-256 (hex)
    entries: int = 0
    marks: int = 0
    lost: int = 0  # files that do not open

    def each(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """As they are to stand, with their files written beside the page."""
        for entry in entries:
            self.entries += 1
            self.marks += sum(len(line.spans) + len(line.label_spans) for line in entry.lines)
            if self.rulings is not None and entry.undecided:  # it came after all was decided
                raise StateError(_undecided(entry.undecided))
            there = entry if self.rulings is None else carried_out(entry)
            for recording in there.media:
                self._copy(recording, entry)
            yield there

    def put(self, name: str, chunks: Iterable[bytes]) -> None:
        """Write a file and remember its sum."""
        found = hashlib.sha256()

        def summed() -> Iterator[bytes]:
            for chunk in chunks:
                found.update(chunk)
                yield chunk

        write(DISK, self.folder / name, summed())
        self.sums[name] = found.hexdigest()

    def file_of(self, recording: Recording) -> str:
        """Where its file stands in the pack; empty where it does not open."""
        return self.files.get(recording.id, "")

    def _copy(self, recording: Recording, entry: Entry) -> None:
        name = f"media/{len(self.files) + self.lost + 1:03}."
        try:
            if self.rulings is None:
                ending, chunks = (
                    recording.media_type,
                    iter(self.store.recordings.open(recording.id)),
                )
            else:
                ending, chunks = self._burned(recording, entry, self.rulings)
            self.put(name + ending, chunks)
        except (TamperedError, ErasedError, MediaError):
            self.lost += 1
        else:
            self.files[recording.id] = name + ending

    def _burned(
        self, recording: Recording, entry: Entry, rulings: Rulings
    ) -> tuple[str, Iterator[bytes]]:
        if recording.kind == "picture":
            made = filled(shown(self.store, recording), rulings.boxes(recording.id))
            return "jpg", iter([made])
        silences = [*rulings.silences(recording.id), *entry.unclear, *silent(entry)]
        content = self.store.recordings.open(recording.id)
        return "wav", burning.sound(content, TYPES[recording.media_type], silences)


def write_access_pack(
    store: Store, case: Case, to: Path, timezone: str, actor: str, *, redacted: bool = False
) -> Made:
    """Everything that is held of a case, at `to`: a folder that is new, or empty.

    `redacted`: without what somebody decided is to go.

    Raises:
        UsageError: there is something in the folder.
        StateError: something was marked of which nobody has decided.
        ExportFailedError: it could not be written; nothing of it is left.
    """
    target = to.resolve()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(_IN_USE)
    rulings, unopened = _rulings(store, case, needed=redacted)
    if redacted and (
        left := sum(each.undecided for each in marked(store, case, timezone, rulings))
    ):
        raise StateError(_undecided(left))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with staged(target) as folder:
            writing = _Writing(store, folder, rulings if redacted else None)
            made = _write(writing, Gathering(store, case, timezone), target, rulings)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else "the system gave no reason"
        raise ExportFailedError(
            f"The pack could not be written ({why}) and nothing of it was left behind."
            " Check that the folder can be written to and has room, then try again."
        ) from error
    made = replace(made, damaged=made.damaged + unopened)
    done = REDACTED if redacted else DONE
    store.audit.record(actor, done, case.id, Detail(case.id, made.manifest.encode()))
    return made


def _undecided(left: int) -> str:
    return _UNDECIDED.format(left="1 place" if left == 1 else f"{left} places")


def _rulings(store: Store, case: Case, *, needed: bool) -> tuple[Rulings, int]:
    """What was decided, and how much of that does not open; StateError where it is needed."""
    try:
        return Rulings.from_entries(store.redactions.of(case.id)), 0
    except TamperedError as error:
        if needed:
            raise StateError(_UNOPENED) from error
        return Rulings({}), 1


def marked(store: Store, case: Case, timezone: str, rulings: Rulings) -> Iterator[Entry]:
    """All entries of a case, with what is marked in them and what was decided of it."""
    return _laid_over(Gathering(store, case, timezone), rulings)


def _laid_over(gathered: Gathering, rulings: Rulings) -> Iterator[Entry]:
    mark = gathered.marking()
    return (rulings.over(mark(entry)) for entry in gathered.entries())


def _write(writing: _Writing, gathered: Gathering, target: Path, rulings: Rulings) -> Made:
    case, moment = gathered.case, _moments(gathered.timezone)
    folder, redacted = writing.folder, writing.rulings is not None
    DISK.make_folder(folder / "media")
    about = {"name": case.details.name, "ref": case.details.ref, "made": moment(now_ms())}
    intro = _WITHOUT if redacted else _INTRO
    document = Document(f"Everything that is held about {about['name']}", [intro], moment)

    def told() -> Iterator[Entry]:
        for entry in writing.each(_laid_over(gathered, rulings)):
            document.add(entry, writing.file_of)
            yield entry

    words = {**about, "redacted": redacted, "intro": intro}
    writing.put("index.html", page.written(words, told(), gathered.acts(), moment, writing.file_of))
    document.log(gathered.acts())
    writing.put("record.docx", [document.written()])
    manifest = msgspec.json.format(msgspec.json.encode({"files": writing.sums}), indent=2)
    write_file(folder / "manifest.json", manifest)
    DISK.sync_folder(folder / "media")
    return Made(
        folder=target,
        entries=writing.entries,
        media=len(writing.files),
        marks=writing.marks,
        damaged=gathered.damaged + writing.lost,
        manifest=hashlib.sha256(manifest).hexdigest(),
    )


def _moments(timezone: str) -> Callable[[int], str]:
    return lambda at: long_moment(local(at, timezone))
