"""The JSON of a note, and the schema that is shipped with it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from importlib import resources
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.export.body import body
from recorder.export.errors import ExportRefused
from recorder.export.json_note import NoteFile, json_bytes
from recorder.export.model import Answered, Approved, Reply
from recorder.export.schemas import NAMES, schema
from recorder.export.text import forbidden
from recorder.review.saying import CHANGED, NOT_RIGHT
from transcribe.model import Source

Make = Callable[..., Approved]


def test_the_note_holds_mosaics_fields_and_its_evidence(make: Make, jpeg: bytes) -> None:
    note = make(pictures=(replace(make().pictures[0], jpeg=jpeg),))
    data = json.loads(json_bytes(note))
    assert data["mosaic"] == {
        "person_id": "1203344",
        "note_type": "EVOLVECASENOTE",
        "title": "Walk by the river: the way home from school",
        "effective_date": "2026-11-05",
        "note": body(note),
        "significant_event": True,
        "created_by": "dadeyemi",
        "entry": "note",
        "appends_to": None,
    }
    assert data["approved"] == {"by": "Priya Shah", "at": "2026-11-06T15:02:00Z"}
    assert data["statements"][2] == {
        "id": "s3",
        "section": "what_happened",
        "text": "We walked by the river and drew the way home on a map.",
        "origin": "machine",
        "speaker": "Dele",
        "sources": [{"recording": "9f0c" * 8, "start_ms": 1000, "end_ms": 4200, "typed_by": None}],
        "disagreements": [],
    }
    assert data["actions"][0]["due"] == "2026-11-13"
    assert data["quotes"] == list(note.draft.quotes)
    assert data["replies"][0]["text"] == note.replies[0].text
    assert data["pictures"][0]["sha256"] == hashlib.sha256(jpeg).hexdigest()


def test_a_disagreement_is_in_the_sentence_and_among_the_replies(make: Make) -> None:
    day = dt.datetime(2026, 11, 6, 18, 30, tzinfo=dt.UTC)
    answer = Answered("You are right.", day, "Dele Adeyemi", CHANGED)
    said = Reply("It was my idea.", day, "Jordan", NOT_RIGHT, "We walked.", "s3", (answer,))
    data = json.loads(json_bytes(make(replies=(said,))))
    assert data["statements"][2]["disagreements"] == data["replies"]
    assert data["replies"] == [
        {
            "text": "It was my idea.",
            "at": "2026-11-06T18:30:00Z",
            "name": "Jordan",
            "kind": "not right",
            "statement": "s3",
            "about": "We walked.",
            "answers": [
                {
                    "text": "You are right.",
                    "at": "2026-11-06T18:30:00Z",
                    "name": "Dele Adeyemi",
                    "outcome": "changed",
                }
            ],
        }
    ]
    assert not any(each["disagreements"] for each in data["statements"] if each["id"] != "s3")


def test_what_was_left_out_of_the_note_stays_out(make: Make) -> None:
    assert "left_out" not in json.loads(json_bytes(make()))


def test_summer_times_carry_their_offset(make: Make) -> None:
    summer = dt.datetime(2026, 7, 1, 12, 0, tzinfo=dt.UTC)
    approved = json.loads(json_bytes(make(approved_at=summer)))["approved"]
    assert approved["at"] == "2026-07-01T13:00:00+01:00"


@given(st.text(min_size=1).filter(lambda text: not forbidden(text, lines=True)))
def test_every_text_comes_back_exactly(make: Make, text: str) -> None:
    draft = make().draft
    statement = replace(draft.statements[0], text=text)
    written = json_bytes(make(draft=replace(draft, statements=(statement,), quotes=(text,))))
    data = json.loads(written.decode("utf-8"))
    assert data["statements"][0]["text"] == text
    assert data["quotes"] == [text]


def test_what_does_not_fit_the_format_is_refused_without_content(make: Make) -> None:
    draft = make().draft
    statement = replace(draft.statements[0], sources=(Source("r1", -5, 0),))
    with pytest.raises(ExportRefused, match="documented format") as refusal:
        json_bytes(make(draft=replace(draft, statements=(statement,))))
    assert statement.text not in refusal.value.sentence


def test_a_note_without_a_contact_date_is_never_written(make: Make) -> None:
    with pytest.raises(ValueError, match="contact date"):
        json_bytes(make(contact_date=None))


def shipped(name: str = "note") -> dict[str, Any]:
    file = resources.files("recorder.export") / "schema" / f"{name}.schema.json"
    loaded: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_schema_is_the_one_of_the_code(name: str) -> None:
    assert shipped(name) == schema(name), "run: python -m tools.make_schemas"


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_says_which_draft_it_is_and_refuses_unknown_fields(name: str) -> None:
    assert shipped(name)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    parts = [part for part in shipped(name)["$defs"].values() if part.get("type") == "object"]
    assert parts
    assert all(part["additionalProperties"] is False for part in parts)


def test_the_schema_holds_mosaics_lengths() -> None:
    fields = shipped()["$defs"]["MosaicFields"]["properties"]
    assert fields["note_type"]["maxLength"] == 16
    assert fields["title"]["maxLength"] == 100
    assert fields["created_by"]["maxLength"] == 30
    assert fields["person_id"]["pattern"] == "^[0-9]{1,9}$"


def test_a_file_with_a_field_nobody_knows_is_refused(make: Make) -> None:
    data = json.loads(json_bytes(make())) | {"extra": 1}
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(json.dumps(data), type=NoteFile)


def test_an_independent_validator_accepts_the_note_by_the_shipped_schema(make: Make) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    validator = jsonschema.Draft202012Validator(shipped())
    validator.check_schema(shipped())
    data = json.loads(json_bytes(make()))
    validator.validate(data)
    data["mosaic"]["title"] = "t" * 101
    assert not validator.is_valid(data)


@given(st.text(max_size=40).filter(lambda text: not forbidden(text, lines=True)))
def test_what_reads_back_writes_the_same_bytes(make: Make, text: str) -> None:
    draft = make().draft
    spoken = replace(draft.statements[0], speaker=text)
    written = json_bytes(make(draft=replace(draft, statements=(spoken,))))
    read = msgspec.json.decode(written, type=NoteFile)
    assert msgspec.json.format(msgspec.json.encode(read), indent=2) + b"\n" == written


@given(st.integers(0), st.integers(1, 255))
def test_one_flipped_byte_is_another_note_or_a_known_error(make: Make, at: int, flip: int) -> None:
    changed = bytearray(json_bytes(make()))
    changed[at % len(changed)] ^= flip
    with suppress(msgspec.DecodeError, UnicodeDecodeError):
        assert isinstance(msgspec.json.decode(bytes(changed), type=NoteFile), NoteFile)
