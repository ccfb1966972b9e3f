"""File names that Mosaic takes and that name no person."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.export.model import Approved
from recorder.export.names import safe_id, stem

Make = Callable[..., Approved]


def test_a_name_says_case_date_kind_and_note(make: Make) -> None:
    expected = "EV-0412_2026-11-05_case_note_0123456789abcdef0123456789abcdef"
    assert stem(make()) == expected


def test_the_kind_gives_way_when_the_name_would_be_too_long(make: Make) -> None:
    note = make(case_ref="EVOLVE-2026-000412", kind="return_home_interview")
    expected = "EVOLVE-2026-000412_2026-11-05_0123456789abcdef0123456789abcdef"
    assert stem(note) == expected


@pytest.mark.parametrize("reference", ["jordan", "EV_Taylor_2", "JORDAN-T", "Jordan Taylor"])
def test_a_reference_that_holds_a_name_gives_way_to_the_person_id(
    make: Make, reference: str
) -> None:
    name = stem(make(case_ref=reference))
    assert name.startswith("person-1203344_2026-11-05_")
    assert "jordan" not in name.casefold()
    assert "taylor" not in name.casefold()


@given(reference=st.text(min_size=1, max_size=20))
def test_every_reference_makes_a_name_of_safe_characters(make: Make, reference: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", stem(make(case_ref=reference)))


@pytest.mark.parametrize("note_id", ["", "../../etc", "a b", "é", "a.b", "a\n"])
def test_only_plain_ids_are_safe(note_id: str) -> None:
    assert not safe_id(note_id)
