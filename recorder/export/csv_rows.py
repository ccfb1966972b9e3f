r"""`case_notes.csv`: one row a note, for a loader that the council runs.

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
import io
from collections.abc import Iterable, Sequence

from recorder.export.body import body
from recorder.export.model import Approved
from recorder.export.text import local

COLUMNS = (
    "person_id",
    "note_type",
    "title",
    "effective_date",  # YYYY-MM-DD
    "note",
    "significant_event",  # Y or N
    "created_by",
    "recorder_note_id",
    "recorder_version",
    "approved_by",
    "approved_on",  # ISO 8601, UK time with its offset
    "entry",  # note or appendment: an appendment is added to its note, and replaces nothing
    "appends_to",  # the id in Mosaic of the note that an appendment is added to, where it is known
)

# The full-width forms count too: spreadsheets in some languages take them for the plain ones.
_FORMULA = "=+-@＝＋－＠"  # noqa: RUF001 - the look-alikes are meant


def csv_bytes(notes: Sequence[Approved]) -> bytes:
    """The whole file, header row first."""
    return table_bytes(COLUMNS, map(_row, notes))


def table_bytes(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Such a file of any columns."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([guard(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _row(note: Approved) -> tuple[str, ...]:
    return (
        note.person_id,
        note.note_type,
        note.title,
        note.contact_date.isoformat() if note.contact_date else "",
        body(note),
        "Y" if note.significant_event else "N",
        note.worker_username,
        note.note_id,
        str(note.version),
        note.approved_by,
        local(note.approved_at).isoformat(timespec="seconds"),
        "appendment" if note.appendment else "note",
        note.appendment.to if note.appendment else "",
    )


def guard(value: str) -> str:
    """`value` as no spreadsheet will run it: an apostrophe before it where one could."""
    # Spreadsheets skip blanks and invisible characters before a formula sign, so look past them.
    shown = "".join(char for char in value[:64] if char.isprintable() and not char.isspace())
    risky = shown.startswith(tuple(_FORMULA)) or value.startswith("'")
    return f"'{value}" if risky else value
