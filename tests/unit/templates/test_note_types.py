"""Note types: each has its standard, and a file that is none is refused with its line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import templates
from recorder.review.summary import OFFERED
from templates import NoteTypeError, note_type, note_type_keys, recorded_keys
from templates.reading import read

GOOD = """\
title = "Family meeting"
purpose = "What a family decided together."
needed = ["Who came."]
not_needed = ["Who sat where."]
target_words = 200
draft_days = 2
approve_days = 5

[[required]]
fact = "date"
ask = "On which day was it?"

[[section]]
key = "header"
heading = "Who, when and where"
purpose = "So that a reader knows which meeting this was."
prompt = "Say who came."

[[section]]
key = "plan"
heading = "The family's plan"
purpose = "What they decided."
prompt = "Say what they decided."
"""


@pytest.fixture(autouse=True)
def built_in_again() -> Iterator[None]:
    yield
    templates.use(None)


def line(text: str) -> int:
    return GOOD[: GOOD.index(text)].count("\n") + 1


@pytest.mark.parametrize("key", note_type_keys())
def test_every_built_in_type_says_what_it_is_for_and_what_it_needs(key: str) -> None:
    found = note_type(key)
    assert found.purpose.endswith(".")
    assert found.needed
    assert found.not_needed
    assert all(each.heading and each.purpose and each.prompt for each in found.sections)
    assert found.required or found.made_from == "notes"
    assert len({(each.fact, each.when) for each in found.required}) == len(found.required)
    assert all(each.ask.endswith((".", "?")) for each in found.required)


@pytest.mark.parametrize("key", note_type_keys())
def test_what_is_left_out_has_its_reason(key: str) -> None:
    assert all(any(mark in each for mark in ":,") for each in note_type(key).not_needed)


def test_a_type_about_a_young_person_asks_whether_they_were_seen_alone() -> None:
    for key in ("case_note", "return_home_interview"):
        facts = {each.fact: each.when for each in note_type(key).required}
        assert facts["seen"] == "always"
        assert facts["seen_alone"] == "seen"
        assert facts["why_not_alone"] == "not_alone"


def test_the_72_hours_of_a_return_home_interview_count_from_the_return() -> None:
    clock = note_type("return_home_interview").clock
    assert clock is not None
    assert (clock.starts, clock.hours) == ("return_time", 72)


def test_summaries_are_made_from_notes_and_draw_on_sections_that_notes_have() -> None:
    recorded = {s.key for key in recorded_keys() for s in note_type(key).sections}
    for key in set(note_type_keys()) - set(recorded_keys()):
        for section in note_type(key).sections:
            assert section.draws_on
            assert set(section.draws_on) <= recorded


def test_a_councils_own_type_stands_beside_the_built_in_ones(tmp_path: Path) -> None:
    (tmp_path / "family_meeting.toml").write_text(GOOD)
    (tmp_path / "readme.txt").write_text("not a note type")
    templates.use(tmp_path)
    assert note_type("family_meeting").title == "Family meeting"
    assert "case_note" in note_type_keys()
    templates.use(None)
    assert "family_meeting" not in note_type_keys()


def test_a_built_in_type_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "case_note.toml").write_text(GOOD)
    with pytest.raises(NoteTypeError, match=r"case_note.toml, line 1: .*built-in"):
        templates.use(tmp_path)


def test_one_bad_file_leaves_all_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "family_meeting.toml").write_text(GOOD)
    templates.use(tmp_path)
    (tmp_path / "other.toml").write_text("title = 1")
    with pytest.raises(NoteTypeError):
        templates.use(tmp_path)
    assert "family_meeting" in note_type_keys()


def test_a_folder_that_is_not_there_is_told() -> None:
    with pytest.raises(NoteTypeError, match="FileNotFoundError"):
        templates.use(Path("/nowhere/at/all"))


@pytest.mark.parametrize(
    ("old", "new", "where", "why"),
    [
        ('title = "Family meeting"', "title = ", "title", "not valid TOML"),
        ("draft_days = 2", 'draft_days = "2"', "draft_days", "expected `int`"),
        ("draft_days = 2", "draft_days = 0", "draft_days", "must be 1 or more"),
        ("approve_days = 5", "approve_days = 1", "approve_days", "less than draft_days"),
        ("target_words = 200\n", "", "title", "missing required field `target_words`"),
        ("target_words = 200", "target_word = 200", "target_words", "no 'target_word'"),
        ('fact = "date"', 'fact = "datum"', 'fact = "date"', "invalid enum value"),
        ('heading = "The family\'s plan"', "heading = 3", 'heading = "The', "expected `str`"),
        ('prompt = "Say what they decided."', "", '[[section]]\nkey = "plan"', "`prompt`"),
        ('key = "plan"', 'key = "header"', 'key = "header"', "two sections are called"),
        ('key = "plan"', 'key = "The plan"', 'key = "plan"', "small letters"),
        ('key = "plan"', 'key = "plan"\nheeding = "x"', 'heading = "The', "no 'heeding'"),
        ('purpose = "What a family decided together."', 'purpose = " "', "purpose", "is empty"),
    ],
)
def test_a_bad_file_is_refused_with_line_and_reason(
    old: str, new: str, where: str, why: str
) -> None:
    bad = GOOD.replace(old, new, 1)
    assert bad != GOOD
    with pytest.raises(NoteTypeError) as caught:
        read("family_meeting.toml", bad.encode())
    assert str(caught.value).startswith(f"family_meeting.toml, line {line(where)}: ")
    assert why in str(caught.value)


def test_a_file_that_is_not_text_is_refused_with_its_line() -> None:
    with pytest.raises(NoteTypeError, match=r"line 2: not UTF-8"):
        read("x.toml", b'title = "a"\n\xff')


def test_a_file_name_that_can_be_no_key_is_refused() -> None:
    with pytest.raises(NoteTypeError, match="small letters"):
        read("Family meeting.toml", GOOD.encode())


def test_the_same_file_gives_the_same_type_and_hash() -> None:
    made = read("a.toml", GOOD.encode())
    assert made == read("a.toml", GOOD.encode())
    assert len(made.sha256) == 64
    assert [each.key for each in made.sections] == ["header", "plan"]


def test_the_young_persons_summary_has_a_place_for_all_that_may_be_offered() -> None:
    drawn = [key for s in note_type("young_person_summary").sections for key in s.draws_on]
    assert sorted(drawn) == sorted(OFFERED)
