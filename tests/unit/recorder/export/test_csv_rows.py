"""The CSV comes back as it was, and no spreadsheet runs a word of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.export.body import body
from recorder.export.csv_rows import COLUMNS, csv_bytes, guard
from recorder.export.model import Approved

Make = Callable[..., Approved]


def read(content: bytes) -> list[dict[str, str]]:
    """As an independent reader would: only the csv module and the rule in our documentation."""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [{key: value.removeprefix("'") for key, value in row.items()} for row in rows]


def test_a_row_holds_mosaics_columns(make: Make) -> None:
    note = make()
    (row,) = read(csv_bytes([note]))
    assert tuple(row) == COLUMNS
    assert row == {
        "person_id": "1203344",
        "note_type": "EVOLVECASENOTE",
        "title": "Walk by the river: the way home from school",
        "effective_date": "2026-11-05",
        "note": body(note),
        "significant_event": "Y",
        "created_by": "dadeyemi",
        "recorder_note_id": note.note_id,
        "recorder_version": "3",
        "approved_by": "Priya Shah",
        "approved_on": "2026-11-06T15:02:00+00:00",
        "entry": "note",
        "appends_to": "",
    }


def test_the_file_begins_with_a_byte_order_mark(make: Make) -> None:
    assert csv_bytes([make()]).startswith(b'\xef\xbb\xbf"person_id"')


def test_an_ordinary_note_is_not_significant(make: Make) -> None:
    assert read(csv_bytes([make(significant_event=False)]))[0]["significant_event"] == "N"


@pytest.mark.parametrize(
    "value",
    [
        '=HYPERLINK("x")',
        "+44 20",
        "-1+1",
        "@SUM(A1)",
        "  =1",
        "\u200b=1",
        "\u2060\u00a0=1",
        "\uff1d1",  # the full-width sign
        "'quoted'",
        "\ufeff=1",
    ],
)
def test_what_a_spreadsheet_could_run_is_written_as_text(value: str) -> None:
    assert guard(value) == f"'{value}"
    assert guard(value).removeprefix("'") == value


@pytest.mark.parametrize("value", ["", "Visit - school", "3 = three", "“No”", "مرحبا", "👍 fine"])
def test_ordinary_words_are_written_as_they_are(value: str) -> None:
    assert guard(value) == value


@given(st.text())
def test_every_value_comes_back(value: str) -> None:
    assert guard(value).removeprefix("'") == value
    assert not guard(value).lstrip().startswith(("=", "+", "-", "@"))


PRINTABLE = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=100)


@given(titles=st.lists(PRINTABLE, min_size=1, max_size=5))
def test_rows_of_any_script_come_back_through_the_csv_module(make: Make, titles: list[str]) -> None:
    rows = read(csv_bytes([make(title=title, approved_by=title) for title in titles]))
    assert [row["title"] for row in rows] == titles
    assert [row["approved_by"] for row in rows] == titles
