"""A story for the team's wall: nothing in it tells whose it is, and three people let it stand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from recorder.errors import NotAllowedError, StateError, UnknownError
from recorder.review import successes
from recorder.review.desk import Desk
from recorder.review.traces import traces
from store.cases import Around, Case, CaseDetails
from store.notes import Note
from store.people import Member
from store.session import now_ms
from store.store import Store
from store.stories import AGREED, ASKED, GONE, SHOWN

STORY = "A young person went back to college. They had help to get up, and did it each day."
CLEAN = (
    STORY,
    "Somebody finished their exams. It was hard. Everyone in the team is proud.",
    "Getting up was hard. Staying there was harder! Now they like it: “I can do it.”",
    "They told their mum about it, and she was glad. Talking helped.",
    "After three weeks they passed. Their GCSE came in March.",
)
TELLING = {
    "Jordan": "Jordan went back to college.",
    "jordan": "We are proud of jordan.",
    "jordan’s": "It was jordan’s idea.",
    "Tyrell": "They made up with Tyrell.",
    "tyrell": "They made up with tyrell.",
    "Amara Cole": "Amara Cole went along.",
    "amara": "They trust amara now.",
    "EV-1001": "This is EV-1001.",
    "ev-1001": "This is ev-1001.",
    "sky": "They helped sky to do it.",
    "Riverside": "They are at Riverside now.",
    "Brook": "They live by the Brook now.",
    "Green Park": "They run in Green Park.",
    "Grace": "Grace went back to college.",
    "Hope": "Hope finished college.",
    "Church": "They live by the Church now.",
    "Harding": "Harding was there.",
    "Kieran": "Kieran is doing well.",
    "Chelsea": "they saw Chelsea play.",
    "riverside academy": "They are at riverside academy now.",
    "hub": "They come to the hub each week.",
    "4/5/2011": "It was on 4/5/2011.",
    "4 May": "It was on 4 May.",
    "May 4th": "It was May 4th.",
    "2011": "They came in 2011.",
    "turned fifteen": "They turned fifteen.",
    "14-year-old": "A 14-year-old did it.",
    "15 years old": "They are 15 years old.",
    "born": "They have not seen it since they were born.",
    "07700 900123": "Ring 07700 900123.",
    "12 Mill Road": "They moved to 12 Mill Road.",
    "@jay": "See @jay for more.",
}


@pytest.fixture
def approved(desk: Desk, supervisors_desk: Desk, note: Note, young_desk: Desk) -> Note:
    assert young_desk.person.case_id == note.case_id
    desk.save(note.id, 1, {"s1": "He goes to Riverside Academy now."})
    desk.submit(note.id, 2)
    supervisors_desk.approve(note.id, 2)
    return note


@pytest.fixture
def told(
    store: Store, case: Case, practitioner: Member, approved: Note
) -> Callable[[str], list[str]]:
    """What is found in a story of this case."""
    store.cases.add(CaseDetails("EV-7", "Sky"), practitioner.id, "test")
    assert Around("Tyrell", "peer") in case.details.people
    assert approved.case_id == case.id
    return lambda text: [each.words for each in traces(store, case, text, lambda _: ())]


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the model for names, which takes seconds to load."""
    monkeypatch.setattr(successes, "recognised", lambda _: ())


@pytest.fixture
def asked(desk: Desk, approved: Note, plain: None) -> str:  # noqa: ARG001 - for what it does
    """A story that the young person was asked about."""
    desk.successes.ask(str(approved.case_id), STORY)
    (story,) = desk.successes.of(str(approved.case_id)).stories
    return story.id


def wall(desk: Desk) -> list[str]:
    return [each.words for each in desk.successes.wall()]


@pytest.mark.parametrize("text", CLEAN)
def test_what_tells_nothing_may_be_told(told: Callable[[str], list[str]], text: str) -> None:
    assert told(text) == []


def test_whatever_could_tell_whose_it_is_is_found(told: Callable[[str], list[str]]) -> None:
    found = {words: told(text) for words, text in TELLING.items()}
    assert {
        words: each for words, each in found.items() if words.split("’")[0] not in str(each)
    } == {}


def test_it_stands_on_the_wall_once_three_said_yes(
    desk: Desk, supervisors_desk: Desk, young_desk: Desk, asked: str
) -> None:
    room = supervisors_desk.successes
    with pytest.raises(StateError, match="has not said yes"):
        room.approve(asked)
    (own,) = young_desk.own_stories.all()
    assert (own.words, own.state) == (STORY, ASKED)
    young_desk.own_stories.agree(asked)
    assert wall(supervisors_desk) == []
    assert [each.id for each in room.waiting()] == [asked]
    assert desk.successes.waiting() == []  # who wrote it
    with pytest.raises(NotAllowedError, match="somebody else"):
        desk.successes.approve(asked)
    room.approve(asked)
    assert wall(desk) == wall(supervisors_desk) == [STORY]
    assert room.waiting() == []


@pytest.mark.parametrize("state", [ASKED, AGREED, SHOWN])
def test_a_young_persons_no_takes_it_away_at_once_and_for_good(
    supervisors_desk: Desk, young_desk: Desk, asked: str, state: str
) -> None:
    if state != ASKED:
        young_desk.own_stories.agree(asked)
    if state == SHOWN:
        supervisors_desk.successes.approve(asked)
    young_desk.own_stories.refuse(asked)
    assert wall(supervisors_desk) == []
    assert young_desk.own_stories.all() == []
    assert supervisors_desk.successes.one(asked).story.state == GONE
    with pytest.raises(UnknownError):
        young_desk.own_stories.agree(asked)
    with pytest.raises(StateError, match="taken away"):
        supervisors_desk.successes.approve(asked)


def test_nobody_is_asked_about_a_story_that_tells_whose_it_is(
    desk: Desk, approved: Note, plain: None
) -> None:
    assert plain is None
    room, case_id = desk.successes, str(approved.case_id)
    for wrong, why in (
        ("Jordan did it.", "take out"),
        (" ", "write the story"),
        ("a" * (successes.MAX_STORY + 1), "too long"),
    ):
        with pytest.raises(StateError, match=why) as refused:
            room.ask(case_id, wrong)
        assert refused.value.field == "story"
    assert room.of(case_id).stories == []


def test_they_are_asked_about_one_at_a_time(desk: Desk, asked: str, young_desk: Desk) -> None:
    case_id = str(young_desk.person.case_id)
    with pytest.raises(StateError, match="one at a time"):
        desk.successes.ask(case_id, STORY)
    young_desk.own_stories.refuse(asked)
    desk.successes.ask(case_id, STORY)


def test_nothing_is_told_before_a_note_was_approved(
    desk: Desk, note: Note, young_person: Member
) -> None:
    assert young_person.case_id == note.case_id
    with pytest.raises(StateError, match="no note was approved"):
        desk.successes.ask(str(note.case_id), STORY)


def test_whoever_does_not_see_the_case_reaches_none_of_it_and_reads_the_wall(
    store: Store, supervisors_desk: Desk, young_desk: Desk, asked: str, colleague: Member
) -> None:
    young_desk.own_stories.agree(asked)
    other = Desk(store, colleague)
    case_id = str(young_desk.person.case_id)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: other.successes.of(case_id),
        lambda: other.successes.ask(case_id, STORY),
        lambda: other.successes.one(asked),
        lambda: other.successes.approve(asked),
        lambda: other.successes.take_down(asked),
        lambda: supervisors_desk.successes.one("x"),
    )
    for attempt in attempts:
        with pytest.raises(UnknownError):
            attempt()
    assert other.successes.waiting() == []
    supervisors_desk.successes.approve(asked)
    assert wall(other) == [STORY]  # one home, one team


def test_another_young_person_answers_for_nobody_else(
    store: Store, asked: str, practitioner: Member
) -> None:
    case = store.cases.add(CaseDetails("EV-2", "Sky"), practitioner.id, "test")
    sky = Desk(store, store.people.add(Member("", "young_person", "s", "Sky", case.id), "test"))
    for change in (sky.own_stories.agree, sky.own_stories.refuse):
        with pytest.raises(UnknownError):
            change(asked)
    assert sky.own_stories.all() == []


def test_a_wall_is_one_teams_and_shows_nothing_of_a_restricted_case(
    store: Store,
    desk: Desk,
    supervisors_desk: Desk,
    young_desk: Desk,
    asked: str,
    colleague: Member,
) -> None:
    young_desk.own_stories.agree(asked)
    supervisors_desk.successes.approve(asked)
    store.teams.add("North", [desk.person.id, supervisors_desk.person.id], "test")
    store.teams.add("South", [colleague.id], "test")
    assert wall(Desk(store, desk.person)) == [STORY]
    assert wall(Desk(store, colleague)) == []
    store.circles.restrict(str(young_desk.person.case_id), "Family.", "test")
    assert wall(Desk(store, desk.person)) == []
    with pytest.raises(StateError, match="restricted"):
        desk.successes.ask(str(young_desk.person.case_id), STORY)


def test_whoever_became_known_since_is_looked_for_again(
    store: Store, supervisors_desk: Desk, young_desk: Desk, asked: str, practitioner: Member
) -> None:
    young_desk.own_stories.agree(asked)
    store.cases.add(CaseDetails("EV-3", "College"), practitioner.id, "test")
    with pytest.raises(StateError, match="known now"):
        supervisors_desk.successes.approve(asked)
    assert wall(supervisors_desk) == []


def test_whoever_opened_the_case_in_an_emergency_only_reads(
    store: Store, young_desk: Desk, asked: str, colleague: Member
) -> None:
    young_desk.own_stories.agree(asked)
    store.emergencies.open(str(young_desk.person.case_id), colleague.id, "missing", now_ms())
    other = Desk(store, colleague).successes
    assert "emergency" in other.one(asked).refused
    assert other.waiting() == []
    for change in (other.approve, other.take_down):
        with pytest.raises(NotAllowedError):
            change(asked)


def test_what_a_story_can_begin_from_is_what_went_well_and_what_they_said(
    desk: Desk, approved: Note
) -> None:
    found = desk.successes.of(str(approved.case_id)).beginnings
    assert [each.words for each in found] == ["He said no and walked away."]
