"""What a reader meets: the order of the note type, and whose words are whose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from recorder.export.layout import attribution, blocks, facts
from recorder.export.model import Approved
from templates import note_type, recorded_keys
from transcribe.model import Action, Contact, Draft, Origin, Source, Statement

Make = Callable[..., Approved]


def one(text: str = "We met.", section: str = "what_happened", **changes: Any) -> Statement:
    values: dict[str, Any] = {
        "id": text,
        "section": section,
        "text": text,
        "origin": Origin.MACHINE,
        "speaker": None,
        "sources": (Source("r1", 0, 1),),
    }
    return Statement(**(values | changes))


def with_draft(make: Make, **changes: Any) -> Approved:
    return make(draft=replace(make().draft, **changes))


@pytest.mark.parametrize("kind", recorded_keys())
def test_every_note_type_is_read_in_its_own_order(make: Make, kind: str) -> None:
    sections = [section for section in note_type(kind).sections if not section.staff_only]
    statements = tuple(one(section.key, section.key) for section in reversed(sections))
    note = make(kind=kind, draft=Draft(kind=kind, contact=Contact(), statements=statements))
    assert [block.heading for block in blocks(note)] == [section.heading for section in sections]


def test_a_section_without_words_is_left_out(make: Make) -> None:
    found = blocks(with_draft(make, statements=(one(),), actions=(), quotes=()))
    assert [block.key for block in found] == ["what_happened"]


def test_a_statement_under_an_unknown_heading_comes_last_and_is_not_lost(make: Make) -> None:
    found = blocks(with_draft(make, statements=(one("Old words.", "gone"), one())))
    assert found[-1].heading == "Other"
    assert found[-1].lines[0].text == "Old words."


def test_quotes_and_actions_have_a_place_in_a_note_type_without_one(make: Make) -> None:
    draft = Draft(
        kind="young_person_annotation",
        contact=Contact(),
        statements=(one("I want to go.", "young_person_words"),),
        actions=(Action("Ring", None, None),),
        quotes=("No.",),
    )
    found = blocks(make(kind="young_person_annotation", draft=draft))
    assert found[-1].actions == draft.actions
    assert "“No.”" in [quote for block in found for quote in block.quotes]


def test_quotes_outlive_a_note_type_that_lost_their_section(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = note_type("case_note")
    kept = tuple(each for each in whole.sections if each.key != "young_person_words")
    shorter = replace(whole, sections=kept)
    monkeypatch.setattr("recorder.export.layout.note_type", lambda _key: shorter)
    found = {block.heading: block for block in blocks(make())}
    assert found["Young person's words"].quotes == ("“I'm not scared for me, I'm scared for her.”",)
    assert "three older boys" in found["Young person's words"].lines[0].text


def test_a_quote_that_a_sentence_holds_is_not_said_twice(make: Make) -> None:
    held = one("He said I'm fine and left.", "young_person_words")
    note = with_draft(make, statements=(held,), quotes=("I'm fine", "Leave it.", "Leave it."))
    assert blocks(note)[0].quotes == ("“Leave it.”",)


def test_a_quote_keeps_its_own_marks(make: Make) -> None:
    assert blocks(with_draft(make, statements=(), quotes=('"No."',)))[0].quotes == ('"No."',)


@pytest.mark.parametrize(("seen", "words"), [(True, "yes"), (False, "no"), (None, "not recorded")])
def test_whether_they_were_seen_is_always_answered(
    make: Make, *, seen: bool | None, words: str
) -> None:
    found = dict(facts(with_draft(make, contact=Contact(seen=seen, seen_alone=seen))))
    assert found["Seen"] == found["Seen alone"] == words


def test_other_facts_that_were_not_said_are_left_out(make: Make) -> None:
    found = facts(with_draft(make, contact=Contact()))
    assert [label for label, _ in found] == ["Date", "Seen", "Seen alone"]


ANALYSIS = [
    ({"speaker": "Dele"}, "Dictated by Dele Adeyemi"),
    ({"speaker": "Priya Shah"}, "Dictated by Priya Shah"),
    ({}, "Dictated, speaker not recorded"),
    ({"origin": Origin.PRACTITIONER}, "Written by Dele Adeyemi"),
    ({"origin": Origin.SUPERVISOR}, "Written by the supervisor"),
    ({"origin": Origin.YOUNG_PERSON}, "Written by Jordan Taylor"),
]


@pytest.mark.parametrize(("changes", "words"), ANALYSIS)
@pytest.mark.parametrize("key", ["analysis", "decision"])
def test_judgement_always_carries_its_author(
    make: Make, key: str, changes: dict[str, Any], words: str
) -> None:
    section = next(each for each in note_type("case_note").sections if each.key == key)
    assert attribution(make(), section, one("I think so.", key, **changes)) == words


ELSEWHERE = [
    ({"speaker": "Dele"}, ""),
    ({"speaker": "dele adeyemi"}, ""),
    ({}, ""),
    ({"origin": Origin.PRACTITIONER}, ""),
    ({"speaker": "Jordan"}, "Said by Jordan"),
    ({"origin": Origin.SUPERVISOR}, "Added by the supervisor"),
    ({"origin": Origin.YOUNG_PERSON, "speaker": "Jordan"}, "Added by Jordan"),
]


@pytest.mark.parametrize(("changes", "words"), ELSEWHERE)
def test_elsewhere_only_the_words_of_others_are_marked(
    make: Make, changes: dict[str, Any], words: str
) -> None:
    section = next(s for s in note_type("case_note").sections if s.key == "what_happened")
    assert attribution(make(), section, one(**changes)) == words


def test_a_first_name_that_two_people_share_is_not_taken_for_the_worker(make: Make) -> None:
    section = next(s for s in note_type("case_note").sections if s.key == "what_happened")
    note = make(worker_name="Jordan Reed", person_name="Jordan Taylor")
    assert attribution(note, section, one(speaker="Jordan")) == "Said by Jordan"
