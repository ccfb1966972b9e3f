from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.errors import StateError, UnknownError
from recorder.review import arrange
from templates import note_type
from transcribe.model import Action, Contact, Draft, Origin, Source, Statement

KEYS = [section.key for section in note_type("case_note").sections]


def said(key: str, section: str, text: str = "One.", at: int = 0) -> Statement:
    return Statement(key, section, text, Origin.MACHINE, "Amara", (Source("r", at, at + 9),))


def of(*statements: Statement) -> Draft:
    return Draft("case_note", Contact(), statements)


def order(draft: Draft) -> list[str]:
    return [each.id for each in draft.statements]


def test_a_sentence_under_another_heading_keeps_its_words_its_source_and_its_place() -> None:
    draft = of(said("a", "worry"), said("b", "purpose"), said("c", "worry"))
    moved = arrange.under(draft, "b", "worry")
    assert order(moved) == ["a", "b", "c"]
    assert moved.statements[1] == replace(draft.statements[1], section="worry")
    assert arrange.under(moved, "b", "worry") == moved


def test_a_sentence_changes_places_with_its_neighbour_under_its_heading() -> None:
    draft = of(said("a", "worry"), said("b", "purpose"), said("c", "worry"), said("d", "worry"))
    assert order(arrange.shifted(draft, "c", up=True)) == ["c", "a", "b", "d"]
    assert order(arrange.shifted(draft, "a", up=False)) == ["b", "c", "a", "d"]
    for key, up in (("a", True), ("b", True), ("b", False), ("d", False)):
        assert arrange.shifted(draft, key, up=up) == draft


@given(
    st.lists(st.sampled_from(KEYS), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0, 7), st.sampled_from(["up", "down", *KEYS])), max_size=12),
)
def test_whatever_is_moved_no_sentence_is_lost_doubled_or_reworded(
    sections: list[str], moves: list[tuple[int, str]]
) -> None:
    first = of(*(said(str(n), section, f"{n}.", n) for n, section in enumerate(sections)))
    draft = first
    for number, where in moves:
        key = str(number % len(sections))
        if where in {"up", "down"}:
            draft = arrange.shifted(draft, key, up=where == "up")
        else:
            draft = arrange.under(draft, key, where)
    bare = [Counter(replace(s, section="") for s in each.statements) for each in (first, draft)]
    assert bare[0] == bare[1]
    tasks = {each.text for each in draft.statements if each.section == "action"}
    assert {each.what for each in draft.actions} <= tasks


def test_what_stands_under_what_happens_next_is_a_task_and_nothing_else() -> None:
    ring = said("a", "action", "Ring his nan by Friday.")
    task = Action("Ring his nan", "Amara", date(2026, 11, 6), ring.sources)
    other = Action("See him", None, None, (Source("r", 50, 60),))
    draft = replace(of(ring, said("b", "worry", "He is late.", 20)), actions=(task, other))
    assert arrange.under(draft, "a", "worry").actions == (other,)
    grown = arrange.under(draft, "b", "action").actions
    assert [each.what for each in grown] == ["Ring his nan", "See him", "He is late."]


def test_a_task_that_another_sentence_gives_too_stays() -> None:
    one, two = said("a", "action", "Ring his nan."), said("b", "action", "And his tutor.")
    task = Action("Ring his nan", None, None, one.sources)
    draft = replace(of(one, two), actions=(task,))
    assert arrange.under(draft, "a", "worry").actions == (task,)


def test_the_young_persons_own_words_are_nobody_elses_judgement() -> None:
    draft = replace(
        of(said("a", "young_person_words", "He said no chance.")), quotes=("no chance",)
    )
    typed = replace(said("b", "worry"), origin=Origin.YOUNG_PERSON)
    for each, key in ((draft, "a"), (of(typed), "b")):
        for section in ("analysis", "decision"):
            with pytest.raises(StateError, match="young person's own words"):
                arrange.under(each, key, section)
        assert arrange.under(each, key, "strength").statements[0].section == "strength"


def test_that_there_is_a_picture_is_no_judgement() -> None:
    drawn = Statement("a", "observation", "A picture.", Origin.MACHINE, None, (Source("r"),))
    with pytest.raises(StateError, match="picture"):
        arrange.under(of(drawn), "a", "analysis")


@pytest.mark.parametrize(("key", "section"), [("z", "worry"), ("a", "nowhere"), ("a", "")])
def test_neither_a_sentence_nor_a_heading_is_made_up(key: str, section: str) -> None:
    with pytest.raises(UnknownError):
        arrange.under(of(said("a", "purpose")), key, section)
