"""Tasks: what, who and by when."""

from datetime import datetime

import pytest

from templates import note_type
from transcribe.draft import draft, from_script
from transcribe.model import Person

PEOPLE = (
    Person("Kwame", "young_person"),
    Person("Dele", "practitioner"),
    Person("Denise", "parent"),
    Person("Lynn", "professional"),
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
    ],
)
def test_a_task_has_its_owner_and_its_day(
    said: str, tasks: list[tuple[str, str, str | None]]
) -> None:
    note = "He was in his uniform.\nHer mum Denise has been brilliant.\n" + said
    made = draft(from_script(note), note_type("case_note"), PEOPLE, AT)
    assert [(a.what, a.who, a.due.isoformat() if a.due else None) for a in made.actions] == tasks
    assert made.statements[-1].section == "action"
    assert all(action.sources for action in made.actions)


def test_a_supervisors_request_is_the_workers_task() -> None:
    note = (
        "BEVERLEY: Let's start with Leila.\nRAVI: Leila has been in college all month.\n"
        "BEVERLEY: You need to let the school know by Friday please.\n"
        "BEVERLEY: Next supervision is Wednesday the eighth of April, same time."
    )
    made = draft(from_script(note), note_type("supervision"), TEAM, AT)
    assert [(a.what, a.who, str(a.due)) for a in made.actions] == [
        ("Let the school know", "Ravi", "2026-03-13"),
        ("Next supervision is, same time", "Beverley and Ravi", "2026-04-08"),
    ]


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
