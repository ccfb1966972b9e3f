from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.errors import UnknownError
from recorder.review import versions
from recorder.review.desk import Desk
from recorder.review.versions import ADDED, REMOVED, SAME, Stretch
from store.notes import Note
from store.people import Member
from store.store import Store
from transcribe.model import Contact, Draft, Origin, Source, Statement


def said(key: str, text: str, section: str = "worry") -> Statement:
    return Statement(key, section, text, Origin.MACHINE, None, (Source("r", 0, 900),))


def of(*statements: Statement) -> Draft:
    return Draft("case_note", Contact(), statements)


def shown(before: Draft, after: Draft) -> list[tuple[str, str, str]]:
    return [
        (title, line.statement.id, line.change)
        for title, lines in versions.headings(before, after)
        for line in lines
    ]


def test_words_that_came_and_went_are_told_from_those_that_stayed() -> None:
    assert versions.words("He was not hit.", "He was now hit.") == (
        Stretch("He was ", SAME),
        Stretch("not", REMOVED),
        Stretch("now", ADDED),
        Stretch(" hit.", SAME),
    )


@given(st.text(), st.text())
def test_both_texts_can_be_read_out_of_what_is_shown(before: str, after: str) -> None:
    found = versions.words(before, after)
    assert "".join(each.text for each in found if each.change != ADDED) == before
    assert "".join(each.text for each in found if each.change != REMOVED) == after


def test_what_was_taken_out_says_by_whom_and_why(
    store: Store, note: Note, desk: Desk, supervisors_desk: Desk
) -> None:
    desk.save(note.id, 1, {}, removed={"s2": "Said by his brother."})
    supervisors_desk.save(note.id, 2, {"s1": "We met."})
    first = supervisors_desk.versions.compare(note.id, 1, 2)
    gone = [line for _, lines in first.headings for line in lines if line.change == REMOVED]
    assert [line.taken_out for line in gone] == list(first.removed)
    (kept,) = supervisors_desk.versions.compare(note.id, 2, 3).removed
    assert (kept.name, kept.why) == ("Amara Cole", "Said by his brother.")
    assert store.audit.verify() > 0


def test_a_sentence_that_is_gone_stands_where_it_stood() -> None:
    before = of(said("a", "One."), said("b", "Two."), said("c", "Three."))
    after = of(said("a", "One."), said("n", "New."), said("c", "Three."))
    assert [each[1:] for each in shown(before, after)] == [
        ("a", SAME),
        ("b", REMOVED),
        ("n", ADDED),
        ("c", SAME),
    ]
    assert [each[1:] for each in shown(before, of())] == [(key, REMOVED) for key in "abc"]


def test_a_sentence_under_another_heading_says_where_it_stood() -> None:
    before = of(said("a", "One."))
    after = of(said("a", "One.", "what_happened"))
    ((title, (line,)),) = versions.headings(before, after)
    assert (title, line.moved_from) == ("What happened", "Worries and safety")
    assert not line.is_as_before


def test_facts_that_differ_are_named_with_both_values() -> None:
    before, after = Contact(place="home", seen=True), Contact(place="school", seen=True)
    assert list(versions.facts(before, after)) == [("place", "home", "school")]


def test_the_newest_is_set_against_the_one_before_it(
    store: Store, practitioner: Member, desk: Desk, note: Note
) -> None:
    desk.save(note.id, 1, {"s1": "We met twice."})
    desk.set_contact(note.id, 2, replace(desk.read(note.id).draft.contact, place="school"))
    found = desk.versions.compare(note.id, None, None)
    assert (found.before, found.after) == (2, 3)
    assert [each[0] for each in found.facts] == ["place"]
    assert [each.author for each in found.versions] == [None, practitioner.name, practitioner.name]
    whole = desk.versions.compare(note.id, 1, 3)
    changed = [line for _, lines in whole.headings for line in lines if not line.is_as_before]
    assert [line.statement.text for line in changed] == ["We met twice."]
    assert [e.action for e in store.audit.events()][-1] == "note versions read"


@pytest.mark.parametrize(("before", "after"), [(0, 1), (1, 2), (2, 1), (-1, None)])
def test_a_version_that_is_not_there_is_not_found(
    desk: Desk, note: Note, before: int, after: int
) -> None:
    with pytest.raises(UnknownError):
        desk.versions.compare(note.id, before, after)


def test_a_note_of_somebody_else_is_not_there(store: Store, colleague: Member, note: Note) -> None:
    with pytest.raises(UnknownError):
        Desk(store, colleague).versions.compare(note.id, None, None)
