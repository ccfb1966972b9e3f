"""Loops are found; what people repeat by themselves is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcribe.loops import looped


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no no no", set()),
        ("he said no no no no no", {2, 3, 4, 5, 6}),
        ("I don't know I don't know I don't know", set()),
        ("so I don't know I don't know I don't know I don't know", set(range(1, 13))),
        ("thank you thank you thank you thank you bye", set(range(8))),
        ("he was not hurt and he was not hurt", set()),
        ("he went to the shop " * 3, set(range(15))),
        ("He went, to the Shop. he went to the shop he went to the shop!", set(range(15))),
        ("one two three four five six", set()),
        ("", set()),
    ],
)
def test_a_phrase_that_comes_again_and_again(text: str, expected: set[int]) -> None:
    assert looped(text.split()) == expected


@given(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=12), st.integers(4, 9))
def test_any_phrase_four_times_over_is_found_whole(phrase: list[str], times: int) -> None:
    assert looped(["before", *phrase * times, "after"]) >= set(range(1, len(phrase) * times + 1))


@given(st.lists(st.integers(), unique=True, max_size=60))
def test_words_that_never_come_again_are_no_loop(numbers: list[int]) -> None:
    assert looped([f"w{abs(number)}x{number < 0}" for number in numbers]) == frozenset()
