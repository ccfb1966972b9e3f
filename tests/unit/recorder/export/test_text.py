"""Which characters may leave, and how dates are written."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.export.text import forbidden, length, long_date, long_moment, plain_lines


@pytest.mark.parametrize(
    "text",
    [
        "Zoë O’Brien-Şahin",
        "👩🏽‍🦱 and 🏳️‍🌈 and 👍",  # joiners and variation selectors belong to emoji
        "محمد said: «لا أريد»",
        "שלום\u200f (he said)",
        "می‌خواهم",  # a zero-width non-joiner is spelling in Persian
        "e\u0301 keeps its accent apart",
        "{{ not a mark }} {_{ {% & < > \" '",
    ],
)
def test_every_script_and_emoji_may_leave(text: str) -> None:
    assert forbidden(text, lines=False) == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a\x00b", "U+0000"),
        ("a\tb", "U+0009"),
        ("a\x1bb", "U+001B"),
        ("a\x7fb", "U+007F"),
        ("a\x85b", "U+0085"),
        ("a\ud83db", "U+D83D"),
        ("a\u2028b", "U+2028"),
        ("a\u202eb", "U+202E"),
        ("a\ufdd0b", "U+FDD0"),
        ("a\uffffb", "U+FFFF"),
        ("a\U0010fffeb", "U+10FFFE"),
    ],
)
def test_what_cannot_be_shown_safely_is_named_by_its_code_point(text: str, code: str) -> None:
    assert forbidden(text, lines=True) == (code,)


def test_line_ends_are_allowed_only_where_lines_are() -> None:
    assert forbidden("one\ntwo\r\nthree", lines=True) == ()
    assert forbidden("one\ntwo", lines=False) == ("U+000A",)
    assert forbidden("one\rtwo", lines=True) == ("U+000D",)


@given(st.text())
def test_text_that_may_leave_is_valid_utf_8_and_xml(text: str) -> None:
    if forbidden(text, lines=False):
        return
    text.encode()
    assert all(unicodedata.category(char) not in {"Cc", "Cs"} for char in text)
    assert text.splitlines() in ([text], [])


def test_the_longer_of_two_counts_is_taken() -> None:
    assert length("Jordan") == 6
    assert length("👍") == 2


@given(st.text())
def test_length_is_never_less_than_the_characters(text: str) -> None:
    assert length(text) >= len(text)


def test_line_ends_become_plain() -> None:
    assert plain_lines("one\r\ntwo\nthree") == "one\ntwo\nthree"


def test_dates_are_written_in_words() -> None:
    assert long_date(dt.date(2026, 3, 1)) == "1 March 2026"


def test_moments_are_written_in_uk_time() -> None:
    summer = dt.datetime(2026, 7, 31, 23, 30, tzinfo=dt.UTC)
    assert long_moment(summer) == "1 August 2026 at 00:30"
