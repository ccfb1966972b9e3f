from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from recorder.format1 import document
from tests.unit.recorder.values import DRAFTS, TEXTS, TRANSCRIPTS
from transcribe.model import Contact, Draft, Segment, Transcript, Word


@given(DRAFTS, st.none() | TEXTS, st.lists(TRANSCRIPTS, max_size=2))
def test_a_document_is_plain_json_and_loses_nothing_of_the_draft(
    draft: Draft, case: str | None, transcripts: list[Transcript]
) -> None:
    made = document(draft, case, transcripts)
    assert json.loads(json.dumps(made)) == made
    note = made["note"]
    assert (note["kind"], note["case"]) == (draft.kind, case)
    assert [(s["section"], s["text"], s["origin"], s["speaker"]) for s in note["statements"]] == [
        (s.section, s.text, s.origin.value, s.speaker) for s in draft.statements
    ]
    assert [len(s["sources"]) for s in note["statements"]] == [
        len(s.sources) for s in draft.statements
    ]
    assert [a["what"] for a in note["actions"]] == [a.what for a in draft.actions]
    assert [a.get("private", False) for a in note["actions"]] == [a.private for a in draft.actions]
    assert note["quotes"] == list(draft.quotes)
    assert [each["text"] for each in note["left_out"]] == [each.text for each in draft.left_out]
    said = [each["text"] for each in made["transcript"]["segments"]]
    assert said == [segment.text for each in transcripts for segment in each.segments]


@given(DRAFTS)
def test_equal_drafts_give_equal_documents(draft: Draft) -> None:
    assert json.dumps(document(draft, None, [])) == json.dumps(document(draft, None, []))
    assert list(document(draft, None, [])) == ["format", "note", "transcript"]


def test_a_name_that_was_put_right_stands_with_what_was_heard() -> None:
    words = (Word(0, 90, "Siobhan", 0.6, heard="Shivon"), Word(100, 190, "left.", 0.9))
    heard = Transcript("base", "", "en", {}, 190, (Segment(0, 190, "Siobhan left.", words=words),))
    made = document(Draft("case_note", Contact(), ()), None, [heard])
    (segment,) = made["transcript"]["segments"]
    assert segment["names"] == [
        {"start_ms": 0, "text": "Siobhan", "heard": "Shivon", "perhaps": None}
    ]
