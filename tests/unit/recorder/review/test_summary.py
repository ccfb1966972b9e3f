from __future__ import annotations

from dataclasses import replace

import pytest

from recorder.review import summary
from recorder.review.desk import Desk
from recorder.review.named import Around as Near
from store.cases import Around, CaseDetails
from store.notes import Note
from store.store import Store
from templates import note_type
from tests.sharing import show_them
from transcribe.model import Check, Contact, Described, Draft, Origin, Source, Statement

CASE = CaseDetails("EV-1", "Jordan Bell", "1", (Around("Nan", "family"), Around("Tyrell", "peer")))
HEARD = (Source("f" * 32, 0, 1000),)


NEAR = Near.of(CASE, "Amara Cole")


def sort(text: str, section: str = "what_happened", **more: object) -> summary.Summary:
    one = Statement("s1", section, text, Origin.MACHINE, "Amara Cole", HEARD)
    draft = Draft("case_note", Contact(), (replace(one, **more),))  # type: ignore[arg-type]  # tests pass fields by name
    return summary.of(draft, NEAR)


@pytest.mark.parametrize(
    "text",
    [
        "He said no and walked away.",
        "Jordan rang Nan, and Amara will see him on Thursday.",
        "Jordan’s nan was pleased.",
        "I'll ring in November.",
    ],
)
def test_in_plain_sentences_about_known_people_there_is_nothing_to_look_at(text: str) -> None:
    assert [(line.original, line.found) for line in sort(text).lines] == [(text, ())]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("A boy called Tyrell stopped him.", "Tyrell"),
        ("Tyrell’s brother was there.", "Tyrell"),
        ("tyrell was there.", "tyrell"),
        ("They met outside Clapham Junction.", "Clapham Junction"),
        ("Kofi was there.", "Kofi"),
        ("He said: Kofi did it.", "Kofi"),
        ("“Kofi did it,” he said.", "Kofi"),
        ("He gets messages on Snapchat.", "Snapchat"),
        ("Zoë was there.", "Zoë"),
        ("Šimon was there.", "Šimon"),
        ("Will said he was there.", "Will"),
        ("I saw May.", "May"),
        ("A boy called kofi was there.", "kofi"),
    ],
)
def test_what_may_name_somebody_or_somewhere_else_is_to_be_looked_at(text: str, named: str) -> None:
    (line,) = sort(text).lines
    assert [(each.words, each.why) for each in line.found] == [(named, "name")]


def shown(title: str, caption: str = "", drawn_by: str = "") -> bool:
    """Whether a picture with this under it is offered."""
    said = Described("a" * 32, title, caption, drawn_by)
    draft = Draft("case_note", Contact(), (), pictures=(said,))
    return summary.of(draft, NEAR, [said.recording]).pictures == (said,)


@pytest.mark.parametrize(
    "title",
    ["House on fire", "Our flat", "Football", "Family: me and Jordan", "Mum’s dog", "house"],
)
def test_a_capital_at_the_start_of_a_title_is_no_name(title: str) -> None:
    assert shown(title, "It is warm.", "Jordan")


@pytest.mark.parametrize(
    "said",
    [
        ("Kofi",),
        ("Tyrell",),
        ("Kofi’s house",),
        ("House of Kofi",),
        ("Green Street",),
        ("Rose",),
        ("Our flat", "House. Kofi was there."),
        ("Our flat", "", "Kofi"),
    ],
)
def test_a_picture_under_which_somebody_else_may_be_named_is_held_back(
    said: tuple[str, ...],
) -> None:
    assert not shown(*said)


def test_a_word_that_somebody_around_them_is_called_by_is_a_name() -> None:
    known = replace(CASE, people=(Around("Ghost", "peer"), Around("Smiley Sun", "unknown")))
    for title in ("Ghost", "Sun and moon"):
        said = Described("a" * 32, title)
        draft = Draft("case_note", Contact(), (), pictures=(said,))
        assert summary.of(draft, Near.of(known, "Amara Cole"), [said.recording]).pictures == ()
        assert summary.of(draft, NEAR, [said.recording]).pictures == (said,)


@pytest.mark.parametrize("kind", ["case_note", "return_home_interview", "group_session"])
def test_only_the_five_sections_meant_for_them_are_offered(kind: str) -> None:
    keys = {section.key for section in note_type(kind).sections}
    found = {key for key in keys if sort("He was well.", key).lines}
    assert found == keys & set(summary.OFFERED)


def test_a_sentence_with_something_to_check_is_held_back() -> None:
    assert sort("He was well.", checks=(Check("unclear", "look", "Listen."),)).lines == ()


def test_every_sentence_is_either_offered_or_held_back(draft: Draft) -> None:
    found = summary.of(draft, NEAR)
    ids = [line.id for line in found.lines] + [key for key, _ in found.held_back]
    assert sorted(ids) == sorted(statement.id for statement in draft.statements)


@pytest.fixture
def approved(desk: Desk, supervisors_desk: Desk, note: Note) -> Note:
    desk.submit(note.id, 1)
    supervisors_desk.approve(note.id, 1)
    return note


def test_nothing_is_shared_until_somebody_shares_it(store: Store, approved: Note) -> None:
    assert summary.shared(store, approved) is None


def test_exactly_the_chosen_sentences_are_shared(
    store: Store, desk: Desk, approved: Note, young_desk: Desk
) -> None:
    show_them(store, desk, approved.id, 1, ["s2"])
    shown = summary.shared(store, store.notes.get(approved.id))
    assert shown is not None
    assert [line.id for line in shown.lines] == ["s2"]
    assert young_desk.shared_with_me() == [shown]


def test_a_new_version_hides_it(store: Store, desk: Desk, approved: Note, young_desk: Desk) -> None:
    show_them(store, desk, approved.id, 1, ["s2"])
    desk.save(approved.id, 1, {"s1": "We met."})
    assert young_desk.shared_with_me() == []


def test_taking_it_back_hides_it(
    store: Store, desk: Desk, approved: Note, young_desk: Desk
) -> None:
    show_them(store, desk, approved.id, 1, ["s2"])
    desk.preparing.stop(approved.id, 1)
    assert young_desk.shared_with_me() == []


def test_a_return_hides_it_even_when_the_same_version_is_approved_again(
    store: Store, desk: Desk, supervisors_desk: Desk, approved: Note, young_desk: Desk
) -> None:
    show_them(store, desk, approved.id, 1, ["s2"])
    supervisors_desk.return_(approved.id, 1, "Not yet.")
    assert young_desk.shared_with_me() == []
    desk.submit(approved.id, 1)
    supervisors_desk.approve(approved.id, 1)
    assert young_desk.shared_with_me() == []
