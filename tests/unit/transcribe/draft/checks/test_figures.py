"""Numbers in words and figures."""

import pytest

from transcribe.draft.checks.figures import figures, found


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("two hundred and fifty pounds", [250]),
        ("£1,250", [1250]),
        ("the two one nine bus", [219]),
        ("ninety two percent", [92]),
        ("twenty twenty six", [2026]),
        ("two grand", [2000]),
        ("5k", [5000]),
        ("four thousand two hundred", [4200]),
        ("the twenty second", [22]),
        ("S47", [47]),
        ("a couple of lads and six girls", [2, 6]),
        ("once and twice", [1, 2]),
        ("nothing at all", []),
    ],
)
def test_a_number_is_read_in_every_form(text: str, values: list[int]) -> None:
    assert [one.value for one in found(text)] == values


def test_digits_said_one_by_one_are_known_singly_and_together() -> None:
    assert figures("two one nine") == {2, 1, 9, 219}
    assert figures("seventy two") == {72}


def test_a_number_knows_what_it_counts() -> None:
    assert [one.counts for one in found("three boys and two of his friends")] == ["boy", "friend"]
