"""Hesitations out, corrections through, everything else as it was said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcribe.draft.corrections import corrected, without_hesitations


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Um, and then he said no.", "And then he said no."),
        ("He, er, he went home.", "He went home."),
        ("I, I told the, um, school.", "I told the, school."),
        (
            "It was that that upset him, he had had enough.",
            "It was that that upset him, he had had enough.",
        ),
        ("Um.", "Um."),
    ],
)
def test_hesitations_are_taken_out(said: str, kept: str) -> None:
    assert without_hesitations(said) == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (
            "I'm seeing him on Tuesday the seventeenth, no sorry, Wednesday the eighteenth of March.",
            "I'm seeing him on Wednesday the eighteenth of March.",
        ),
        (
            "I got there about four, no, actually it was nearer half past four.",
            "I got there about half past four.",
        ),
        (
            "I've used three of my lieu days, no, two days, and that's it.",
            "I've used two of my lieu days, and that's it.",
        ),
        ("I told mum, no sorry, nan about it.", "I told nan about it."),
    ],
)
def test_a_correction_wins(said: str, kept: str) -> None:
    assert corrected(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "He said no, he was not hit.",
        "There was one on Monday, no Tuesday session.",
        "No one saw him on Friday, and on Saturday nobody did.",
        "At the dance place, no, not at dance, so at the library.",
        "It's been moved from the twenty seventh of January to the third of February.",
    ],
)
def test_a_denial_is_no_correction(said: str) -> None:
    assert corrected(said) == said


@given(st.text(max_size=80))
def test_no_text_breaks_the_cleaning(said: str) -> None:
    assert isinstance(corrected(without_hesitations(said)), str)
