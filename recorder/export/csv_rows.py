r"""`case_notes.csv`: one row a note, for a loader that the council runs. `schema/case_notes.schema.json` is made from here.

UTF-8 with a byte order mark, because staff open it in Excel, which takes UTF-8 for the local code
page without one; a program reads it as "utf-8-sig". Fields are quoted, rows end with CR LF, lines
inside a field with LF.

A spreadsheet runs a field that begins with = + - or @ as a formula. Such a field is written with
an apostrophe before it, and so is a field that begins with an apostrophe itself. To read: when a
field begins with an apostrophe, drop that one character. Nothing else is changed, and every value
comes back as it was.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from recorder.export.body import body
from recorder.export.errors import ExportRefused
from recorder.export.json_note import NoteType, PersonId, Title, Username
from recorder.export.model import Approved
from recorder.export.text import local

Day = Annotated[str, Meta(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Signed = Annotated[str, Meta(pattern="^[0-9-]{10}T[0-9:]{8}[+-][0-9]{2}:[0-9]{2}$")]  # UK time
Written = Annotated[str, Meta(min_length=1)]


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row, by column. Every value is text."""


class NoteRow(Row, frozen=True):
    """One approved note, or what is added to one."""

    person_id: PersonId
    note_type: NoteType
    title: Title
    effective_date: Day
    note: Written
    significant_event: Literal["Y", "N"]
    created_by: Username
    recorder_note_id: Written
    recorder_version: Annotated[str, Meta(pattern="^[1-9][0-9]*$")]
    approved_by: Written
    approved_on: Signed
    entry: Literal["note", "appendment"]  # an appendment is added to its note, and replaces nothing
    appends_to: Annotated[
        str, Meta(pattern="^([0-9]{1,12})?$")
    ]  # the id in Mosaic of that note, where it is known


COLUMNS = NoteRow.__struct_fields__

# The full-width forms count too: spreadsheets in some languages take them for the plain ones.
_FORMULA = "=+-@＝＋－＠"  # noqa: RUF001 - the look-alikes are meant


def csv_bytes(notes: Sequence[Approved]) -> bytes:
    """The whole file, header row first; ExportRefused as `row_of`."""
    return table_bytes(NoteRow, [row_of(note) for note in notes])


def table_bytes(kind: type[Row], rows: Sequence[Row]) -> bytes:
    """Such a file of any kind of row."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(kind.__struct_fields__)
    writer.writerows([guard(value) for value in msgspec.structs.astuple(row)] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def row_of(note: Approved) -> NoteRow:
    """Its row; ExportRefused for a note that passed every rule and does not fit the documented form."""
    row = NoteRow(
        person_id=note.person_id,
        note_type=note.note_type,
        title=note.title,
        effective_date=note.contact_date.isoformat() if note.contact_date else "",
        note=body(note),
        significant_event="Y" if note.significant_event else "N",
        created_by=note.worker_username,
        recorder_note_id=note.note_id,
        recorder_version=str(note.version),
        approved_by=note.approved_by,
        approved_on=moment(note.approved_at),
        entry="appendment" if note.appendment else "note",
        appends_to=note.appendment.to if note.appendment else "",
    )
    if not fits(row):
        reason = "The note does not fit the documented row: return it for correction."
        raise ExportRefused(note.note_id, note.version, (reason,))
    return row


def fits(row: Row) -> bool:
    """Whether a row is as its schema says."""
    try:
        msgspec.convert(msgspec.to_builtins(row), type(row))
    except msgspec.ValidationError:
        return False
    return True


def moment(at: dt.datetime) -> str:
    """As a row says it: ISO 8601, UK time with its offset."""
    return local(at).isoformat(timespec="seconds")


def guard(value: str) -> str:
    """`value` as no spreadsheet will run it: an apostrophe before it where one could."""
    # Spreadsheets skip blanks and invisible characters before a formula sign, so look past them.
    shown = "".join(char for char in value[:64] if char.isprintable() and not char.isspace())
    risky = shown.startswith(tuple(_FORMULA)) or value.startswith("'")
    return f"'{value}" if risky else value
