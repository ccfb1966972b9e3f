from __future__ import annotations

from dataclasses import replace

import pytest

from recorder.review import summary
from recorder.review.desk import Desk
from store.cases import Around, CaseDetails
from store.notes import Note
from store.store import Store
from templates import note_type
from transcribe.model import Check, Contact, Described, Draft, Origin, Source, Statement

CASE = CaseDetails("EV-1", "Jordan Bell", "1", (Around("Nan", "family"), Around("Tyrell", "peer")))
HEARD = (Source("f" * 32, 0, 1000),)


def sort(text: str, section: str = "what_happened", **more: object) -> summary.Summary:
    one = Statement("s1", section, text, Origin.MACHINE, None, HEARD)
    draft = Draft("case_note", Contact(), (replace(one, **more),))  # type: ignore[arg-type]  # tests pass fields by name
    return summary.of(draft, CASE, "Amara Cole")


@pytest.mark.parametrize(
    "text",
    [
        "He said no and walked away.",
        "Jordan rang Nan, and Amara will see him on Thursday.",
        "Jordan’s nan was pleased.",
        "I'll ring in November.",
    ],
)
def test_plain_sentences_about_known_people_are_offered(text: str) -> None:
    assert [line.text for line in sort(text).lines] == [text]


@pytest.mark.parametrize(
    "text",
    [
        "A boy called Tyrell stopped him.",
        "Tyrell’s brother was there.",
        "tyrell and DWAYNE were there.",
        "They met outside Clapham Junction.",
        "Kofi was there.",
        "He said: Kofi did it.",
        "“Kofi did it,” he said.",
        "He gets messages on Snapchat.",
        "Zoë was there.",
        "Šimon was there.",
    ],
)
def test_sentences_that_may_name_somebody_or_somewhere_else_are_not(text: str) -> None:
    found = sort(text)
    assert found.lines == ()
    assert found.held_back == (("s1", "it names somebody or somewhere else"),)


def shown(title: str, caption: str = "", drawn_by: str = "") -> bool:
    """Whether a picture with this under it is offered."""
    said = Described("a" * 32, title, caption, drawn_by)
    draft = Draft("case_note", Contact(), (), pictures=(said,))
    return summary.of(draft, CASE, "Amara Cole", [said.recording]).pictures == (said,)


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
        assert summary.of(draft, known, "Amara Cole", [said.recording]).pictures == ()
        assert summary.of(draft, CASE, "Amara Cole", [said.recording]).pictures == (said,)


@pytest.mark.parametrize("kind", ["case_note", "return_home_interview", "group_session"])
def test_only_the_five_sections_meant_for_them_are_offered(kind: str) -> None:
    keys = {section.key for section in note_type(kind).sections}
    found = {key for key in keys if sort("He was well.", key).lines}
    assert found == keys & set(summary.OFFERED)


def test_a_sentence_with_something_to_check_is_held_back() -> None:
    assert sort("He was well.", checks=(Check("unclear", "look", "Listen."),)).lines == ()


def test_every_sentence_is_either_offered_or_held_back(draft: Draft) -> None:
    found = summary.of(draft, CASE, "Amara Cole")
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
    desk.share(approved.id, 1, ["s2"])
    shown = summary.shared(store, store.notes.get(approved.id))
    assert shown is not None
    assert [line.id for line in shown.lines] == ["s2"]
    assert young_desk.shared_with_me() == [shown]


def test_a_new_version_hides_it(desk: Desk, approved: Note, young_desk: Desk) -> None:
    desk.share(approved.id, 1, ["s2"])
    desk.save(approved.id, 1, {"s1": "We met."})
    assert young_desk.shared_with_me() == []


def test_taking_it_back_hides_it(desk: Desk, approved: Note, young_desk: Desk) -> None:
    desk.share(approved.id, 1, ["s2"])
    desk.stop_sharing(approved.id, 1)
    assert young_desk.shared_with_me() == []


def test_a_return_hides_it_even_when_the_same_version_is_approved_again(
    desk: Desk, supervisors_desk: Desk, approved: Note, young_desk: Desk
) -> None:
    desk.share(approved.id, 1, ["s2"])
    supervisors_desk.return_(approved.id, 1, "Not yet.")
    assert young_desk.shared_with_me() == []
    desk.submit(approved.id, 1)
    supervisors_desk.approve(approved.id, 1)
    assert young_desk.shared_with_me() == []
