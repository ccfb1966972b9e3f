"""Tasks: what, who and by when."""

from datetime import datetime

import pytest

from templates import note_type
from transcribe.draft import draft, from_script
from transcribe.draft.actions import Voices, actions
from transcribe.draft.cast import make_cast
from transcribe.draft.reading import read
from transcribe.model import SCRIPT, Person, Source, Utterance

PEOPLE = (
    Person("Kwame", "young_person"),
    Person("Dele", "practitioner"),
    Person("Denise", "parent"),
    Person("Lynn", "professional"),
    Person("Will", "peer"),
)
TEAM = (
    Person("Beverley", "supervisor"),
    Person("Ravi", "practitioner"),
    Person("Leila", "young_person"),
)
AT = datetime(2026, 3, 10, 16, 42)  # noqa: DTZ001 - London time without an offset is the contract


@pytest.mark.parametrize(
    ("said", "tasks"),
    [
        (
            "I will ring the school tomorrow to ask about the gate.",
            [("Ring the school to ask about the gate", "Dele", "2026-03-11")],
        ),
        (
            "Mr Osei to send me the dates by Friday.",
            [("Send me the dates", "Mr Osei", "2026-03-13")],
        ),
        ("That's Tuesday at ten, Denise to chair it.", [("Chair it", "Denise", "2026-03-17")]),
        (
            "Kwame agreed to text me when he gets in every day until Friday.",
            [("Text me when he gets in every day", "Kwame", "2026-03-13")],
        ),
        (
            "I'll text his nan now, and I'll try again tomorrow at half eight.",
            [
                ("Text his nan", "Dele", "2026-03-10"),
                ("Try again at half eight", "Dele", "2026-03-11"),
            ],
        ),
        (  # the end of the sentence before, as it is often heard
            "For a meeting by Friday the 20th, Denise is going to look for the number and text it by tomorrow.",
            [("Look for the number and text it", "Denise", "2026-03-11")],
        ),
        (
            "Denise is going to put the chain on the door, and she'll ring me by Thursday if anyone comes.",
            [
                ("Put the chain on the door", "Denise", None),
                ("Ring me if anyone comes", "Denise", "2026-03-12"),
            ],
        ),
        (
            "Denise's going to the bank on Saturday to get her statements.",
            [("Going to the bank to get her statements", "Denise", "2026-03-14")],
        ),
        (
            "Lynn is to let me know straight away if the car's outside again.",
            [("Let me know straight away if the car's outside again", "Lynn", None)],
        ),
        (
            "I've also to ask Lynn about contact with dad, I'll do that by Friday.",
            [("Ask Lynn about contact with dad", "Dele", "2026-03-13")],
        ),
        (
            "Lynn will do the referral tomorrow, I've said I'd send her my bit by two o'clock.",
            [
                ("Do the referral", "Lynn", "2026-03-11"),
                ("Send her my bit by two o'clock", "Dele", None),
            ],
        ),
        (
            "I'll go up on Tuesday the seventeenth, no, hold on, that's my training, Wednesday the eighteenth.",
            [("Go up", "Dele", "2026-03-18")],
        ),
        (
            "By Friday I'll ring the school about the review on Monday.",
            [("Ring the school about the review on Monday", "Dele", "2026-03-13")],
        ),
        (
            "I'm going to make a referral to MASH, and I'll do that today.",
            [("Make a referral to MASH", "Dele", "2026-03-10")],
        ),
        (
            "Mum is going to look for the number by tomorrow.",
            [("Look for the number", "Denise", "2026-03-11")],
        ),
        (
            "I'm going to do the NRM, well, no, I can't do it, I'm going to ask Lynn to do the NRM.",
            [("Ask Lynn to do the NRM", "Dele", None)],
        ),
        (
            "I'm seeing him again on Tuesday the seventeenth, no sorry, Wednesday the eighteenth.",
            [("Seeing him again", "Dele", "2026-03-18")],
        ),
        (
            "Kwame to send me his timetable by Thursday.",
            [("Send me his timetable", "Kwame", "2026-03-12")],
        ),
        (
            "I'm going to move the mentoring, I'll sort that out with the mentor tomorrow.",
            [("Move the mentoring", "Dele", "2026-03-11")],
        ),
        (
            "He promised he'd text me when he gets home tonight.",
            [("Text me when he gets home", "Kwame", "2026-03-10")],
        ),
        (
            "Lynn said she would ring the school by Monday.",
            [("Ring the school", "Lynn", "2026-03-16")],
        ),
        ("I've got to get the referral in.", [("Get the referral in", "Dele", None)]),
        ("Will's mum is going to ring the school.", [("Ring the school", "Will's mum", None)]),
        (
            "He's got an appointment with the nurse on Monday.",
            [("He's got an appointment with the nurse", "Kwame", "2026-03-16")],
        ),
        (
            "To do, ring housing tomorrow, email Lynn, and book the room for Thursday.",
            [
                ("Ring housing", "Dele", "2026-03-11"),
                ("Email Lynn", "Dele", None),
                ("Book the room", "Dele", "2026-03-12"),
            ],
        ),
        (
            "I'll let mum know today, and I'm picking him up on Friday for the exam.",
            [
                ("Let mum know", "Dele", "2026-03-10"),
                ("Picking him up for the exam", "Dele", "2026-03-13"),
            ],
        ),
        ("Two, email Lynn by Monday.", [("Email Lynn", "Dele", "2026-03-16")]),
        ("Ring Lynn and ask for the form.", [("Ring Lynn and ask for the form", "Dele", None)]),
    ],
)
def test_a_task_has_its_owner_and_its_day(
    said: str, tasks: list[tuple[str, str, str | None]]
) -> None:
    assert listed(said) == tasks


def listed(said: str, speaker: str = "Dele") -> list[tuple[str, str | None, str | None]]:
    before = ("He was in his uniform.", "Her mum Denise has been brilliant.")
    people = TEAM if speaker in {"Beverley", "Ravi"} else PEOPLE
    cast = make_cast(people, (*before, said))
    reading = read(Utterance(said, Source(SCRIPT), speaker=speaker), cast, None)
    found = actions(reading, cast, Voices(speaker, "Ravi" if people is TEAM else None, "Kwame"), AT)
    assert all(action.sources for action in found)
    return [(a.what, a.who, a.due.isoformat() if a.due else None) for a in found]


@pytest.mark.parametrize(
    ("said", "task"),
    [
        (
            "Refer to Street Doctors by the eighteenth.",
            ("Refer to Street Doctors", "Dele", "2026-03-18"),
        ),
        ("I'll ring mum back at nine.", ("Ring mum back at nine", "Dele", "2026-03-10")),
        ("I'll call the officer by 6.", ("Call the officer by 6", "Dele", "2026-03-10")),
        ("I've asked mum to look for it tonight.", ("Look for it", "Denise", "2026-03-10")),
        ("I'll make the call as soon as we've finished.", ("Make the call", "Dele", "2026-03-10")),
        ("Lynn will send me the map in the next hour.", ("Send me the map", "Lynn", "2026-03-10")),
        (
            "I'm taking him on Friday the 20, after college.",
            ("Taking him, after college", "Dele", "2026-03-20"),
        ),
        (
            "I'll ring mum to find out what it is on Friday.",
            ("Ring mum to find out what it is", "Dele", "2026-03-13"),
        ),
        (
            "I'll get the plan out by the twentieth, no, the twenty first.",
            ("Get the plan out", "Dele", "2026-03-21"),
        ),
        (
            "The review is set for Monday the thirtieth of November.",
            ("The review is set", "Dele", "2026-11-30"),
        ),
    ],
)
def test_a_day_is_told_in_many_ways(said: str, task: tuple[str, str, str]) -> None:
    assert listed(said) == [task]


def test_a_supervisor_who_names_nobody_asks_the_worker() -> None:
    assert listed("Send me the dates by tomorrow.", "Beverley") == [
        ("Send me the dates", "Ravi", "2026-03-11")
    ]
    assert listed("You'll need to write the chronology by Friday.", "Beverley") == [
        ("Write the chronology", "Ravi", "2026-03-13")
    ]
    assert listed("I want you to finish at three today.", "Beverley") == [
        ("Finish at three", "Ravi", "2026-03-10")
    ]


def test_a_task_that_is_gone_on_about_gets_its_day_from_there() -> None:
    note = (
        "Dele here, case note for Kwame, Tuesday the tenth of March, at four, at home.\n"
        "He was in his uniform.\nHe said he's fine.\nI think he is settling.\n"
        "I'm going to make a referral to MASH.\nAnd I'll do that today."
    )
    made = draft(from_script(note), note_type("case_note"), PEOPLE, AT)
    assert [(a.what, str(a.due)) for a in made.actions] == [
        ("Make a referral to MASH", "2026-03-10")
    ]


def test_a_supervisors_request_is_the_workers_task() -> None:
    note = (
        "BEVERLEY: Let's start with Leila.\nRAVI: Leila has been in college all month.\n"
        "BEVERLEY: You need to let the school know by Friday please.\n"
        "BEVERLEY: Next supervision is Wednesday the eighth of April, same time."
    )
    made = draft(from_script(note), note_type("supervision"), TEAM, AT)
    assert [(a.what, a.who, str(a.due)) for a in made.actions] == [
        ("Let the school know", "Ravi", "2026-03-13"),
        ("Next supervision, same time", "Beverley and Ravi", "2026-04-08"),
    ]


def test_whoever_speaks_is_whom_a_supervisor_asks() -> None:
    people = (Person("Gwen", "supervisor"), Person("Beverley", "supervisor"), *TEAM[1:])
    note = (
        "BEVERLEY: Supervision with Ravi, I'm covering because Gwen's away.\n"
        "BEVERLEY: Let's start with Leila.\nRAVI: Leila has been in college all month.\n"
        "BEVERLEY: You need to let the school know by Friday please."
    )
    made = draft(from_script(note), note_type("supervision"), people, AT)
    assert [action.who for action in made.actions] == ["Ravi"]
    assert made.contact.present == ("Beverley", "Ravi")


def test_what_happened_to_a_young_person_is_no_day_of_a_supervision() -> None:
    note = (
        "BEVERLEY: Supervision with Ravi, Tuesday the tenth of March, half nine.\n"
        "BEVERLEY: How are you?\nRAVI: Tired, if I'm honest.\nBEVERLEY: Who are we starting with?\n"
        "RAVI: Leila, I went with her to A and E on the fifth of March at ten."
    )
    found = draft(from_script(note), note_type("supervision"), TEAM, AT).contact
    assert (str(found.date), found.start_time) == ("2026-03-10", "09:30")


def test_a_plan_in_the_past_is_no_task() -> None:
    made = draft(
        from_script("He was in his uniform.\nHe was going to ring me but he had to work."),
        note_type("case_note"),
        PEOPLE,
        AT,
    )
    assert made.actions == ()


def test_a_young_persons_request_goes_to_the_worker() -> None:
    said = "It's Kwame.\nCan you take out the bit about my dad, because my mum reads stuff?"
    made = draft(from_script(said), note_type("young_person_annotation"), PEOPLE[:1], AT)
    assert [(a.what, a.who, a.due) for a in made.actions] == [
        ("Take out the bit about my dad", "worker", None)
    ]
