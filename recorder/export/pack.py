"""The pack for Mosaic: a folder that stands whole or not at all.

A note that does not fit is left out and reported with its reasons; the others are written.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType

from recorder.export.csv_rows import csv_bytes, row_of
from recorder.export.docx_note import docx_bytes
from recorder.export.errors import ExportFailedError, ExportRefused
from recorder.export.fields import validate
from recorder.export.json_note import json_bytes
from recorder.export.manifest import manifest_bytes
from recorder.export.model import Approved, Pack, Refused, Written
from recorder.export.names import stem
from recorder.export.staging import remove_abandoned, staged, write_file
from recorder.export.text import local

CSV_NAME = "case_notes.csv"
MANIFEST_NAME = "manifest.json"


Take = Callable[[Path, Collection[str], Path], None]
"""(its place, ids of the notes in it, the folder that holds it whole); the folder is moved there."""


@dataclass(frozen=True, slots=True)
class _Fitting:
    """A note that fits, with the name of its files and its JSON."""

    note: Approved
    stem: str
    json: bytes


def write_pack(
    notes: Sequence[Approved],
    to: Path,
    *,
    now: dt.datetime | None = None,
    template: Path | None = None,
    beside: Mapping[str, bytes] = MappingProxyType({}),
    take: Take | None = None,
) -> Pack:
    """Write `notes` as a pack: JSON and DOCX a note, one CSV, one manifest.

    Args:
        notes: approved notes, in the order of the CSV.
        to: if new or an empty folder, it becomes the pack; if in use, the pack is a new folder
            `mosaic-YYYYMMDD-HHMMSS-xxxx` inside it. Nothing there is overwritten.
        now: aware; by default the present.
        template: the council's own Word template; by default ours.
        beside: further files, by name; with none of these and no note to write there is no pack.
        take: puts the whole pack in its place, and keeps that it left; by default nobody does.

    Returns:
        What was written and what was refused. With nothing to write no folder is made.

    Raises:
        ExportFailedError: the files could not be written; no part of the pack is left.
    """
    now = now or dt.datetime.now(dt.UTC)
    fitting, refused = _sort(notes, local(now).date())
    if not fitting and not beside:
        return Pack(None, (), refused)
    ids = frozenset(each.note.note_id for each in fitting)
    try:
        target = _target(to.resolve(), now)
        with staged(target, take=partial(take, target, ids) if take else None) as folder:
            written = _fill(folder, fitting, refused, now, template, beside)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else "the system gave no reason"
        raise ExportFailedError(
            f"The pack could not be written ({why}) and nothing of it was left behind."
            " Check that the folder can be written to and has room, then export again."
        ) from error
    return Pack(target, written, refused)


def _sort(
    notes: Sequence[Approved], today: dt.date
) -> tuple[tuple[_Fitting, ...], tuple[Refused, ...]]:
    counts = Counter(note.note_id.casefold() for note in notes)
    fitting: list[_Fitting] = []
    refused: list[Refused] = []
    for note in notes:
        try:
            fitting.append(_fit(note, today, repeated=counts[note.note_id.casefold()] > 1))
        except ExportRefused as refusal:
            refused.append(Refused(note.note_id, note.version, refusal.reasons))
    return tuple(fitting), tuple(refused)


def _fit(note: Approved, today: dt.date, *, repeated: bool) -> _Fitting:
    if repeated:
        reason = "The same note stands more than once in this export: choose one version."
        raise ExportRefused(note.note_id, note.version, (reason,))
    validate(note, today)
    row_of(note)
    return _Fitting(note, stem(note), json_bytes(note))


def _target(to: Path, now: dt.datetime) -> Path:
    to.parent.mkdir(parents=True, exist_ok=True)
    remove_abandoned(to.parent)
    if not to.exists():
        return to
    remove_abandoned(to)
    if _can_be_replaced(to):
        return to
    return dated(to, now)


def dated(folder: Path, now: dt.datetime) -> Path:
    """A name for a pack in `folder` that no other has."""
    return folder / f"mosaic-{local(now):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


def _can_be_replaced(folder: Path) -> bool:
    """Whether an existing folder can become the pack itself by a rename in its parent."""
    empty = not any(folder.iterdir())
    return empty and not folder.is_mount() and os.access(folder.parent, os.W_OK | os.X_OK)


def _fill(
    folder: Path,
    fitting: Sequence[_Fitting],
    refused: tuple[Refused, ...],
    now: dt.datetime,
    template: Path | None,
    beside: Mapping[str, bytes],
) -> tuple[Written, ...]:
    written = tuple(_write_note(folder, each, template) for each in fitting)
    notes = [each.note for each in fitting]
    write_file(folder / CSV_NAME, csv_bytes(notes))
    for name, content in beside.items():
        write_file(folder / name, content)
    manifest = manifest_bytes(folder, zip(notes, written, strict=True), refused, now)
    write_file(folder / MANIFEST_NAME, manifest)
    return written


def _write_note(folder: Path, fitting: _Fitting, template: Path | None) -> Written:
    files = (f"{fitting.stem}.json", f"{fitting.stem}.docx")
    write_file(folder / files[0], fitting.json)
    write_file(folder / files[1], docx_bytes(fitting.note, template))
    return Written(fitting.note.note_id, fitting.note.version, files)
