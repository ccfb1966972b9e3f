"""When, how and who, as the first sentences say it."""

from datetime import datetime

import pytest

from transcribe.draft.cast import make_cast
from transcribe.draft.contact import contact
from transcribe.model import Contact, Person

PEOPLE = (
    Person("Corinne", "young_person"),
    Person("Pritesh", "practitioner"),
    Person("Corinne's mum", "parent"),
    Person("Corinne's grandmother", "other"),
    Person("Mr Bell", "professional"),
)
GROUP = (
    Person("Wes", "practitioner"),
    Person("Kyron", "young_person"),
    Person("Mali", "young_person"),
    Person("Jude", "young_person"),
)
AT = datetime(2026, 9, 30, 13, 15)  # noqa: DTZ001 - London time without an offset is the contract


def read(*said: str, kind: str = "case_note", people: tuple[Person, ...] = PEOPLE) -> Contact:
    return contact(said, (), kind, make_cast(people, said), AT)


def test_whoever_is_alone_with_a_young_person_meets_them() -> None:
    found = read("Yesterday, for Corinne.", "I got half an hour alone with her in the canteen.")
    assert (found.method, found.seen, found.seen_alone) == ("in person", True, True)


@pytest.mark.parametrize("said", ["in the car, just us.", "at eleven, just her."])
def test_just_us_is_alone(said: str) -> None:
    assert read(f"I met Corinne {said}").seen_alone is True


def test_a_home_visit_without_another_place_was_at_home() -> None:
    assert read("Home visit, Corinne, we had time on our own.").place == "home"
    found = read("Corinne, four till five, at hers in Roehampton.")
    assert (found.method, found.place) == ("home visit", "Roehampton")


def test_who_comes_from_a_school_makes_no_school_visit() -> None:
    assert read("I met Mr Bell from school and Corinne at the town hall.").method == "in person"


def test_a_time_that_was_only_planned_gives_way_to_the_one_that_was_kept() -> None:
    said = "We were supposed to meet at three but it was more like twenty past three."
    assert read(said).start_time == "15:20"
    assert read("We were due to meet at three.").start_time == "15:00"


@pytest.mark.parametrize(
    ("said", "there"),
    [
        ("I saw Corinne on the doorstep with mum behind her.", "Corinne's mum"),
        ("Grandmother was present.", "Corinne's grandmother"),
        ("I bumped into her grandmother in the shop.", "Corinne's grandmother"),
    ],
)
def test_who_stands_by_was_there(said: str, there: str) -> None:
    assert there in read("I met Corinne at home.", said).present


@pytest.mark.parametrize(
    "said", ["With mum's agreement we met outside.", "Mum wasn't with us.", "I met her outside."]
)
def test_who_is_only_spoken_of_was_not(said: str) -> None:
    assert "Corinne's mum" not in read("I met Corinne at home.", said).present


def test_who_sends_apologies_to_a_group_was_not_there() -> None:
    said = "We had Kyron and Mali, Jude sent his apologies."
    found = read("Wes, music group.", said, kind="group_session", people=GROUP)
    assert found.present == ("Wes", "Kyron", "Mali")


def test_all_who_came_to_a_group_were_there() -> None:
    found = read("Music group at five, all three came.", kind="group_session", people=GROUP)
    assert found.present == ("Wes", "Kyron", "Mali", "Jude")
