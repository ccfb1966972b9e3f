"""What a newer version says otherwise, as it is added to the older one in Mosaic."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest

from recorder.export.appending import changes
from recorder.export.body import body
from recorder.export.csv_rows import csv_bytes
from recorder.export.docx_note import docx_bytes
from recorder.export.errors import ExportRefused
from recorder.export.fields import validate
from recorder.export.json_note import NoteFile, json_bytes
from recorder.export.model import Appendment, Approved, Change
from recorder.export.names import stem
from recorder.review.saying import NOT_RIGHT
from tests.unit.recorder.export.test_docx_note import body_text
from transcribe.model import Action, Removed

Make = Callable[..., Approved]
LEFT = "6 November 2026 at 16:00. Nothing in it is replaced."
LEFT_AT = dt.datetime(2026, 11, 6, 16, 0, tzinfo=dt.UTC)
SINCE = dt.datetime(2026, 11, 9, 10, 2, tzinfo=dt.UTC)


def reworded(note: Approved, statement_id: str, **to: object) -> Approved:
    statements = tuple(
        replace(each, **to) if each.id == statement_id else each  # type: ignore[arg-type]
        for each in note.draft.statements
    )
    return replace(note, draft=replace(note.draft, statements=statements))


def lines(before: Approved, after: Approved) -> dict[str, tuple[str, ...]]:
    return {each.heading: each.lines for each in changes(before, after)}


def appendment(make: Make, *found: Change, to: str = "4711") -> Approved:
    added = Appendment(1, to, 3, LEFT_AT, ("Dele Adeyemi",), SINCE, found)
    return replace(make(version=4, title="Appendment: Walk"), appendment=added)


def test_the_same_text_adds_nothing(make: Make) -> None:
    assert changes(make(), replace(make(), version=4)) == ()


def test_a_sentence_put_right_is_given_as_it_was_and_as_it_is(make: Make) -> None:
    after = reworded(make(), "s8", text="He was hit once, and nobody showed him a knife.")
    (line,) = lines(make(), after)["Put right"]
    assert line.endswith(
        "Before: “He was not hit, and nobody showed him a knife.”. "
        "Now: “He was hit once, and nobody showed him a knife.”."
    )


def test_what_was_added_and_taken_out_is_told_with_its_heading_and_reason(make: Make) -> None:
    note = make()
    gone, new = note.draft.statements[5], replace(note.draft.statements[5], id="v4-1", text="New.")
    why = Removed(gone, "id", "Dele Adeyemi", "It was\r\nanother day.", 5)
    kept = tuple(each for each in note.draft.statements if each is not gone)
    draft = replace(note.draft, statements=(*kept, new), removed=(why,))
    found = lines(note, replace(note, draft=draft))
    assert list(found) == ["Added", "Taken out"]
    assert found["Added"][0].endswith(": New.")
    assert gone.text in found["Taken out"][0]
    assert "(Dele Adeyemi: It was\nanother day.)" in found["Taken out"][0]


def test_facts_actions_quotes_and_whose_words_they_are_are_told_too(make: Make) -> None:
    note = make()
    after = reworded(note, "s4", speaker="Tyrell")
    draft = replace(
        after.draft,
        contact=replace(note.draft.contact, place="The library"),
        actions=(*note.draft.actions, Action("Ring the school", "Dele", dt.date(2026, 11, 12))),
        quotes=("Leave it.",),
    )
    said = str(changes(note, replace(after, draft=draft, significant_event=False)))
    for words in ("Now: “The library”", "Ring the school — Dele — 12 November 2026", "“Leave it.”"):
        assert words in said
    assert "Said by Tyrell" in said
    assert "Significant event. Before: “yes”. Now: “no”." in said


def test_an_appendment_says_what_it_adds_to_who_changed_it_when_and_repeats_nothing(
    make: Make,
) -> None:
    note = appendment(make, Change("Put right", ("Place. Before: “A”. Now: “B”.",)))
    assert body(note).splitlines()[:3] == [
        f"Appendment: 1, to the note of 5 November 2026, version 3, which left on {LEFT}",
        "Mosaic note: 4711",
        "Changed by: Dele Adeyemi, 9 November 2026 at 10:02",
    ]
    assert "Put right\nPlace. Before: “A”. Now: “B”." in body(note)
    assert body(note).endswith("Version 4 approved by Priya Shah, 6 November 2026 at 15:02.")
    assert "bus stop" not in body(note)


def test_their_words_are_added_verbatim_with_their_name_and_what_they_are_about(make: Make) -> None:
    (reply, *_) = make().replies
    said = replace(reply, text="It was =my= idea.\nMine.", kind=NOT_RIGHT, about="He ran.")
    note = replace(appendment(make), replies=(said,))
    day = f"{said.at:%-d %B %Y}"
    heading = f"{said.name} sees this differently, in their words (about: “He ran.”), {day}: "
    assert f"{heading}It was =my= idea.\nMine." in body(note)
    again = replace(note, replies=(replace(said, text="", gone=True),))
    assert f"What {said.name} said was answered (about: “He ran.”), {day}" in body(again)


def test_it_is_marked_as_an_appendment_in_every_file(make: Make) -> None:
    note = appendment(make, Change("Added", ("Worry: He is late.",)))
    validate(note)
    (row,) = csv.DictReader(io.StringIO(csv_bytes([note]).decode("utf-8-sig")))
    assert (row["entry"], row["appends_to"], row["note"]) == ("appendment", "4711", body(note))
    read = msgspec.json.decode(json_bytes(note), type=NoteFile)
    assert (read.mosaic.entry, read.mosaic.appends_to) == ("appendment", "4711")
    unknown = msgspec.json.decode(json_bytes(appendment(make, to="")), type=NoteFile)
    assert (unknown.mosaic.entry, unknown.mosaic.appends_to) == ("appendment", None)
    assert "_appendment-1_" in stem(note)
    assert "Worry: He is late." in body_text(docx_bytes(note))


def test_a_character_that_nobody_sees_stops_an_appendment(make: Make) -> None:
    with pytest.raises(ExportRefused, match="text of an appendment holds characters"):
        validate(appendment(make, Change("Added", ("A\u202eB",))))


def test_a_sentence_under_another_heading_says_where_it_stood(make: Make) -> None:
    found = lines(make(), reworded(make(), "s6", section="strength"))
    assert "(it stood under " in found["Put right"][0]
