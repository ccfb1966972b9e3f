"""Tasks among the worker's own matters: listed, and marked as private."""

from datetime import datetime

import pytest

from templates import note_type
from transcribe.draft import draft, from_script
from transcribe.draft.actions import Voices
from transcribe.draft.cast import make_cast
from transcribe.draft.owntasks import own_tasks
from transcribe.draft.reading import read
from transcribe.model import SCRIPT, Person, Source, Utterance

PEOPLE = (
    Person("Beverley", "supervisor"),
    Person("Ravi", "practitioner"),
    Person("Leila", "young_person"),
)
AT = datetime(2026, 3, 10, 16, 42)  # noqa: DTZ001 - London time without an offset is the contract


def listed(said: str) -> list[tuple[str, str | None, str | None]]:
    cast = make_cast(PEOPLE, (said,))
    reading = read(Utterance(said, Source(SCRIPT), "Beverley"), cast, None)
    found = own_tasks(reading, cast, Voices("Beverley", "Ravi", None), AT)
    assert all(one.private for one in found)
    return [(one.what, one.who, one.due.isoformat() if one.due else None) for one in found]


@pytest.mark.parametrize(
    ("said", "tasks"),
    [
        (
            "Okay, I'll book you a slot by Friday, and please take that day.",
            [("Book you a slot", "Beverley", "2026-03-13"), ("Take that day", "Ravi", None)],
        ),
        ("I'll talk to HR tomorrow.", [("Talk to HR", "Beverley", "2026-03-11")]),
        ("Can you send me the form?", [("Send me the form", "Ravi", None)]),
    ],
)
def test_what_is_promised_or_asked_for_is_a_task(
    said: str, tasks: list[tuple[str, str, str | None]]
) -> None:
    assert listed(said) == tasks


@pytest.mark.parametrize(
    "said",
    [
        "I'll be fine.",
        "I'd like you to hear me say it.",
        "You need to take care of yourself.",
        "We'll get there.",
        "I'll do my best.",
        "I need to get some sleep.",
        "I've got eight days of leave to take.",
        "Can I just say thanks?",
        "We can do that.",
    ],
)
def test_what_is_only_said_is_none(said: str) -> None:
    assert listed(said) == []


def test_they_are_listed_beside_the_others_and_marked() -> None:
    said = (
        "BEVERLEY: How are you in yourself?\nRAVI: I'm worn out, I've hardly slept.\n"
        "BEVERLEY: I'll refer you to occupational health tomorrow.\n"
        "BEVERLEY: Right, Leila.\nRAVI: I'll ring the school about Leila on Friday."
    )
    made = draft(from_script(said), note_type("supervision"), PEOPLE, AT)
    assert [(one.what, one.private) for one in made.actions] == [
        ("Refer you to occupational health", True),
        ("Ring the school about Leila", False),
    ]
