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


@pytest.mark.parametrize(
    ("said", "times"),
    [
        ("I saw Corinne last night at eight at home.", ("20:00", None)),
        ("I saw her last night, seven till quarter past eight.", ("19:00", "20:15")),
        ("I saw her yesterday evening from eight till half nine.", ("20:00", "21:30")),
        ("I saw her this morning at seven till quarter to eight.", ("07:00", "07:45")),
        ("Good afternoon, I saw her at ten this morning.", ("10:00", None)),
        ("On Monday, about five ish until about six.", ("17:00", "18:00")),
        ("On Monday, time two p m to three p m.", ("14:00", "15:00")),
        ("On Monday at quarter to four and we finished about twenty to five.", ("15:45", "16:40")),
        ("I saw Corinne on Monday until about six.", (None, "18:00")),
        ("She rang me at nine last night.", ("21:00", None)),
        ("On Monday I rang her at ten and at four.", ("10:00", None)),
    ],
)
def test_a_time_stands_in_the_half_of_the_day_that_was_said(
    said: str, times: tuple[str | None, str | None]
) -> None:
    found = read(said)
    assert (found.start_time, found.end_time) == times


@pytest.mark.parametrize(
    ("said", "method", "place"),
    [
        ("I saw Corinne at her college at ten.", "school visit", "college"),
        ("I saw Corinne at her Saturday club.", "in person", "Saturday club"),
        ("I saw Corinne at her mum's salon.", "in person", "mum's salon"),
        ("I went to see Corinne at her auntie's in Mitcham.", "home visit", "auntie's, Mitcham"),
        ("I saw Corinne at the foster placement.", "home visit", "the foster placement"),
        ("We met at her work placement.", "in person", "work placement"),
        ("She came to the office to see me.", "in person", "the office"),
        ("I went to the flat to see Corinne.", "home visit", "the flat"),
        ("I met Corinne and walked her home.", "in person", None),
        ("I saw Corinne, venue Battersea library.", "in person", "Battersea library"),
        ("I saw Corinne on the Tuesday, no, the Monday, at home.", "home visit", "home"),
    ],
)
def test_where_and_how(said: str, method: str, place: str | None) -> None:
    found = read(said)
    assert (found.method, found.place) == (method, place)


def test_a_club_named_after_a_day_is_no_day() -> None:
    assert read("I saw Corinne at her Saturday club.").date is None


def test_who_was_on_the_phone_was_there_whatever_kind_of_note() -> None:
    found = read("Interview over the phone with Corinne at two.", kind="return_home_interview")
    assert found.present == ("Pritesh", "Corinne")


def test_a_colleague_beside_the_worker_was_there() -> None:
    assert "Mr Bell" in read("Mr Bell and I did a joint visit to Corinne.").present


@pytest.mark.parametrize(
    ("said", "times"),
    [
        ("Phone call to Corinne, five past three till half past.", ("15:05", "15:30")),
        ("Saw Corinne from half past two to quarter to.", ("14:30", "14:45")),
        ("Saw Corinne from quarter to four to half past.", ("15:45", "16:30")),
        (
            "I rang Corinne at twenty five past eleven and we was on till ten to twelve.",
            ("11:25", "11:50"),
        ),
        ("Spoke to Corinne, started quarter to six and finished at five past.", ("17:45", "18:05")),
        (
            "Saw Corinne at half eleven and we finished at twelve, no, ten past twelve.",
            ("11:30", "12:10"),
        ),
        ("I got there at half past three and I left at a quarter to five.", ("15:30", "16:45")),
    ],
)
def test_an_end_is_heard_however_it_is_said(said: str, times: tuple[str, str]) -> None:
    found = read(said)
    assert (found.start_time, found.end_time) == times


def told(later: str) -> bool | None:
    head = "Home visit to Corinne at four, her mum was there."
    cast = make_cast(PEOPLE, [head, later])
    return contact((head,), (), "case_note", cast, AT, (head, later)).seen_alone


@pytest.mark.parametrize(
    "later",
    [
        "Then I had ten minutes alone with her in her room.",
        "Afterwards her and me walked round the field, just the two of us.",
        "I spoke to her on her own in the kitchen.",
    ],
)
def test_that_they_were_alone_may_be_told_later(later: str) -> None:
    assert told(later) is True


@pytest.mark.parametrize(
    "later",
    [
        "I'll see her on her own on Friday.",
        "I saw her alone last week as well.",
        "She walks to school on her own.",
        "I spoke to mum about her walking home on her own.",
        "I saw mum alone in the kitchen.",
    ],
)
def test_being_alone_at_another_time_is_not_being_seen_alone(later: str) -> None:
    assert told(later) is None


def test_a_name_is_no_place() -> None:
    assert read("Pritesh, case note on Corinne, Tuesday, visit was four till five.").place is None


def test_whoever_was_out_was_not_there_and_a_named_brother_is_one_person() -> None:
    people = (*PEOPLE, Person("Levi", "young_person"), Person("Carl", "other"))
    said = (
        "Home visit to Corinne and her brother Levi, four till five.",
        "Her mum was there, and Carl, her partner, was out at work.",
    )
    found = read(*said, people=people)
    assert found.present == ("Pritesh", "Corinne", "Levi", "Corinne's mum")


def test_whoever_stays_indoors_is_not_there() -> None:
    found = read(
        "Home visit to Corinne, four till five.",
        "We sat in the garden, and her neighbour, Mr Bell, stayed indoors.",
    )
    assert found.present == ("Pritesh", "Corinne")
    assert (
        "Mr Bell" not in read("I saw Corinne, and her key worker, Mr Bell, stayed inside.").present
    )


def test_neither_was_seen_alone() -> None:
    found = read("Corinne at the boxing gym on Fore Street, so neither was seen alone.")
    assert (found.method, found.seen_alone) == ("in person", False)


def test_between_two_hours_is_a_stretch() -> None:
    found = read("I met Corinne, Wednesday the twenty second, between three and five.")
    assert (found.start_time, found.end_time) == ("15:00", "17:00")


def test_an_end_may_have_a_sentence_of_its_own() -> None:
    found = read("Phone call with Corinne at ten to five.", "We finished at five past five.")
    assert (found.start_time, found.end_time) == ("16:50", "17:05")


def test_an_end_may_stand_at_the_end_of_the_sentence() -> None:
    found = read("I met Corinne at four, she was early, and we finished at five.")
    assert (found.start_time, found.end_time) == ("16:00", "17:00")
    found = read(
        "Phone call with Corinne, she rang at ten to six and we were on till quarter past."
    )
    assert (found.start_time, found.end_time) == ("17:50", "18:15")
    found = read("I see Corinne at home, I get there at five and leave at ten to six.")
    assert (found.start_time, found.end_time) == ("17:00", "17:50")


def test_the_morning_of_the_recording_is_not_that_of_the_visit() -> None:
    found = read(
        "I'm recording on Wednesday morning, but I met Corinne yesterday, at quarter past two."
    )
    assert found.start_time == "14:15"


def test_a_visit_and_a_call_is_a_visit() -> None:
    found = read(
        "Two parts, a visit this morning and a phone call this evening, at Corinne's home."
    )
    assert (found.method, found.seen) == ("home visit", True)


@pytest.mark.parametrize(
    "said", ["was planned and a phone call instead", "was cancelled and a call"]
)
def test_a_visit_that_did_not_come_about_is_a_call(said: str) -> None:
    found = read(f"Corinne, at four, the visit {said} with her.", "It was a phone call.")
    assert (found.method, found.seen) == ("phone", False)


def test_whoever_stays_inside_with_us_was_there() -> None:
    assert "Corinne's mum" in read("Saw Corinne at home, mum stayed inside with us.").present
    assert "Corinne's mum" not in read("Saw Corinne at home, mum stayed inside.").present


def test_a_home_ground_is_no_home() -> None:
    assert read("I met Corinne at Victoria's home ground.").method == "in person"


def test_only_somebody_else_and_me_is_not_alone() -> None:
    assert read("I met Corinne at four, it was only mum and me in the kitchen.").seen_alone is None


@pytest.mark.parametrize(
    "told",
    [
        "Last week I wasn't able to see her alone.",
        "Yesterday I asked to see her alone and mum refused.",
        "On Monday I asked to see her alone and mum said no.",
    ],
)
def test_not_being_alone_another_day_says_nothing_of_this_one(told: str) -> None:
    said = ("Home visit to Corinne, four till five.",)
    found = contact(said, (), "case_note", make_cast(PEOPLE, said), AT, (*said, told))
    assert found.seen_alone is None


def test_only_a_name_and_me_is_alone() -> None:
    assert read("We met at the library, so it was only Corinne and me in the room.").seen_alone
    assert read("It was only Corinne and Mr Bell in the office at four.").seen_alone is None


def test_that_they_were_kept_from_being_alone_may_be_told_anywhere() -> None:
    told = "I asked to see her alone and stepdad said there was no need, so I didn't."
    said = ("Home visit to Corinne, four till five.",)
    found = contact(said, (), "case_note", make_cast(PEOPLE, said), AT, (*said, told))
    assert found.seen_alone is False


@pytest.mark.parametrize(
    "said",
    [
        "His stepdad was asleep so I didn't see him, and I had Levi to myself.",
        "Saw Levi at home, mum wasn't in.",
    ],
)
def test_somebody_else_who_was_not_seen_is_not_the_young_person(said: str) -> None:
    people = (Person("Levi", "young_person"), Person("Pritesh", "practitioner"))
    found = read("Home visit to Levi, four till five.", said, people=people)
    assert (found.seen, found.present) == (True, ("Pritesh", "Levi"))


@pytest.mark.parametrize(
    "said",
    [
        "Home visit to Levi, I rang the bell and he wasn't in.",
        "I called for Levi at home, mum said he wasn't in.",
        "Home visit to Levi, mum opened but I didn't see Levi.",
        "Home visit, mum came down and said Levi's out, so I didn't see him.",
        "Home visit for Levi, stepdad answered the door and I didn't see him.",
        "Home visit for Levi, stepdad said he was out so I didn't see him.",
    ],
)
def test_a_young_person_who_was_missed_was_not_seen(said: str) -> None:
    people = (Person("Levi", "young_person"), Person("Pritesh", "practitioner"))
    assert read(said, people=people).seen is False


@pytest.mark.parametrize(
    ("said", "start", "end"),
    [
        (
            "I was there from half four, no, tell a lie, quarter to five, till six.",
            "16:45",
            "18:00",
        ),
        ("I was with her from quarter to ten right up to half twelve.", "09:45", "12:30"),
        ("Saw Corinne at ten past seven and we were with her till eight.", "19:10", "20:00"),
        ("Corinne, nine o'clock until, I want to say, twenty to ten.", "09:00", "09:40"),
    ],
)
def test_when_it_ended_may_be_said_after_some_thought(said: str, start: str, end: str) -> None:
    found = read(said)
    assert (found.start_time, found.end_time) == (start, end)


def test_a_return_interview_without_another_place_was_in_person() -> None:
    found = read("Return home interview, Corinne.", "We spoke in the conservatory.")
    assert (found.method, found.seen) == ("in person", True)


def test_the_traffic_on_this_is_no_place() -> None:
    found = read("There might be traffic on this.", "On outreach with Corinne, in Peckham.")
    assert found.place == "Peckham"


def test_a_person_without_a_name_stops_nothing() -> None:
    people = (*PEOPLE, Person(" ", "other"))
    found = read("Home visit to Corinne in Tooting, her mum was there.", people=people)
    assert found.present == ("Pritesh", "Corinne", "Corinne's mum")
