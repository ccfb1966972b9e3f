"""The pack for an access request: a folder that stands whole or not at all, in plain words and files.

    index.html     everything in date order, what may be about others marked
    record.docx    the same to print
    media/         the files as they came
    manifest.json  the SHA-256 of each

It is not sealed: it is made to be handed over. That it was made, by whom and with which sums stands in
the audit log.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import msgspec

from recorder.access import page
from recorder.access.document import Document
from recorder.access.gathering import Gathering
from recorder.access.marks import Mark, marking
from recorder.access.model import Entry, Made
from recorder.clock import local
from recorder.errors import UsageError
from recorder.export.errors import ExportFailedError
from recorder.export.staging import staged, write_file
from recorder.export.text import long_moment
from store.audit import Detail
from store.cases import Case
from store.errors import ErasedError, TamperedError
from store.fs import DISK, write
from store.records import Recording
from store.session import now_ms
from store.store import Store

DONE = "access pack made"
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
    mark: Mark
    files: dict[str, str] = field(default_factory=dict)  # by id of a recording: its place
    sums: dict[str, str] = field(default_factory=dict)  # by place: SHA-256 (hex)
    entries: int = 0
    marks: int = 0
    lost: int = 0  # files that do not open

    def each(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Marked, with their files written beside the page."""
        for entry in map(self.mark, entries):
            self.entries += 1
            self.marks += sum(len(line.spans) + len(line.label_spans) for line in entry.lines)
            for recording in entry.media:
                self._copy(recording)
            yield entry

    def put(self, name: str, chunks: Iterable[bytes]) -> None:
        """Write a file and remember its sum."""
        found = hashlib.sha256()

        def summed() -> Iterator[bytes]:
            for chunk in chunks:
                found.update(chunk)
                yield chunk

        write(DISK, self.folder / name, summed())
        self.sums[name] = found.hexdigest()

    def _copy(self, recording: Recording) -> None:
        if recording.gone_at is not None:  # by a rule, and said so where it stands
            return
        name = f"media/{len(self.files) + self.lost + 1:03}.{recording.media_type}"
        try:
            self.put(name, self.store.recordings.open(recording.id))
        except (TamperedError, ErasedError):
            self.lost += 1
        else:
            self.files[recording.id] = name

    def file_of(self, recording: Recording) -> str:
        """Where its file stands in the pack; empty where it does not open."""
        return self.files.get(recording.id, "")


def write_access_pack(store: Store, case: Case, to: Path, timezone: str, actor: str) -> Made:
    """Everything that is held of a case, at `to`: a folder that is new, or empty.

    Raises:
        UsageError: there is something in the folder.
        ExportFailedError: it could not be written; nothing of it is left.
    """
    target = to.resolve()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(_IN_USE)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with staged(target) as folder:
            made = _write(store, case, folder, timezone, target)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else "the system gave no reason"
        raise ExportFailedError(
            f"The pack could not be written ({why}) and nothing of it was left behind."
            " Check that the folder can be written to and has room, then try again."
        ) from error
    store.audit.record(actor, DONE, case.id, Detail(case.id, made.manifest.encode()))
    return made


def _write(store: Store, case: Case, folder: Path, timezone: str, target: Path) -> Made:
    gathered = Gathering(store, case, timezone)
    moment = _moments(timezone)
    writing = _Writing(store, folder, marking(store, case, gathered.risky()))
    DISK.make_folder(folder / "media")
    about = {"name": case.details.name, "ref": case.details.ref, "made": moment(now_ms())}
    document = Document(f"Everything that is held about {about['name']}", [_INTRO], moment)

    def told() -> Iterator[Entry]:
        for entry in writing.each(chain([gathered.about()], gathered.entries())):
            document.add(entry, writing.file_of)
            yield entry

    writing.put("index.html", page.written(about, told(), gathered.acts(), moment, writing.file_of))
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
