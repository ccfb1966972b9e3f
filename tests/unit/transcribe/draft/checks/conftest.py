"""One case, and what was said of it."""

from collections.abc import Callable
from datetime import date

import pytest

from transcribe.draft.cast import make_cast
from transcribe.draft.checks import Said, checks
from transcribe.model import Person

PEOPLE = (
    Person("Kwame", "young_person"),
    Person("Dele", "practitioner"),
    Person("Mum", "parent"),
    Person("Jermaine", "peer"),
    Person("Zoë", "peer"),
)
TUESDAY = date(2026, 3, 10)

Codes = Callable[..., list[str]]


@pytest.fixture
def codes() -> Codes:
    """The checks on a sentence against what was said."""

    def found(said: str, text: str, before: str = "") -> list[str]:
        cast = make_cast(PEOPLE, [said, "He told me he was fine, and I saw his bag."])
        return [each.code for each in checks(text, Said(said, TUESDAY, cast, "Dele", None, before))]

    return found
