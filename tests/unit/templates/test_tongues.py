from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from string import Formatter

from recorder.review.saying import APPENDED, BESIDE, CHANGED
from templates.tongues import FIRST, tongues

PAGES = Path(__file__).parents[3] / "templates" / "web"


def places(text: str) -> set[str]:
    """What is put into a text."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_language_says_the_same_things_with_the_same_places() -> None:
    found = tongues()
    assert next(iter(found)) == FIRST
    assert len(found) > 1
    first = {name: places(text) for name, text in found[FIRST].words.items()}
    for tongue in found.values():
        assert {name: places(text) for name, text in tongue.words.items()} == first, tongue.code
        assert all(text.strip() for text in tongue.words.values()), tongue.code
        assert len(set(tongue.months)) == 12
        assert tongue.lang.partition("-")[0] == tongue.code


def test_nothing_is_left_in_the_first_language() -> None:
    found = tongues()
    for code in [*found][1:]:
        same = {
            name
            for name, text in found[code].words.items()
            if text == found[FIRST].words[name] and re.search("[a-z]{3}", text)
        }
        assert same == set(), code


def test_every_text_that_a_page_asks_for_is_there_and_none_is_for_nothing() -> None:
    asked = set()
    outside = (PAGES / f"{name}.html" for name in ("enter", "before", "done"))
    for page in (*PAGES.glob("young*.html"), *outside):
        asked |= set(re.findall(r'\bt\("(\w+)"[,)]', page.read_text("utf-8")))
        asked |= set(re.findall(r'"(how_\w+)"', page.read_text("utf-8")))
    words = set(tongues()[FIRST].words)
    assert asked <= words
    made = (
        "part_",
        "type_",
        "view_size_",
        "problem_",
        "error_",
    )  # put together, or asked for by code
    named = {name for name in words - asked if not name.startswith(made)}
    named -= {f"said_{outcome}" for outcome in (APPENDED, BESIDE, CHANGED)}
    assert named <= {"right", "not_right", "add", "keep_back", "passed_on"}


def test_a_day_is_written_as_its_language_writes_it() -> None:
    day = date(2026, 11, 5)
    assert [each.day(day) for each in tongues().values()] == [
        "5 November 2026",
        "5 listopada 2026",
    ]
    assert tongues()["en"]("hello", name="Jay") == "Hello Jay"
