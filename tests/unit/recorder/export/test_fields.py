"""What does not fit Mosaic is refused with every reason, and nothing is altered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.errors import RecorderError
from recorder.export.errors import ExportRefused
from recorder.export.fields import validate
from recorder.export.model import Approved, PictureFile, Reply
from transcribe.model import Action, Check, Contact, Draft, Origin, Source, Statement

Make = Callable[..., Approved]
TODAY = dt.date(2026, 11, 7)


def reasons(note: Approved) -> tuple[str, ...]:
    with pytest.raises(ExportRefused) as refusal:
        validate(note, TODAY)
    return refusal.value.reasons


def test_a_note_that_fits_passes(make: Make) -> None:
    validate(make(), TODAY)


def test_the_longest_values_pass(make: Make) -> None:
    validate(
        make(
            note_type="N" * 16,
            title="t" * 100,
            worker_username="u" * 30,
            person_id="9" * 9,
            contact_date=TODAY,
            draft=replace(make().draft, contact=Contact()),
        ),
        TODAY,
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"note_type": ""}, "The note type code is missing"),
        ({"note_type": "N" * 17}, "The note type code has 17 characters and Mosaic takes 16"),
        ({"title": " "}, "The title is missing"),
        ({"title": "t" * 101}, "The title has 101 characters and Mosaic takes 100"),
        ({"title": "👍" * 51}, "The title has 102 characters and Mosaic takes 100"),
        ({"worker_username": ""}, "The worker's Mosaic username is missing"),
        ({"worker_username": "u" * 31}, "username has 31 characters and Mosaic takes 30"),
        ({"person_id": ""}, "The case has no Mosaic person id"),
        ({"person_id": "1" * 10}, "at most 9 digits"),
        ({"person_id": "12a"}, "at most 9 digits"),
        ({"person_id": "000"}, "at most 9 digits"),
        ({"person_id": "٣٤٥"}, "at most 9 digits"),
        ({"person_id": "12\n"}, "at most 9 digits"),
        ({"contact_date": None}, "The contact date is missing"),
        ({"contact_date": dt.date(2026, 11, 8)}, "The contact date is in the future"),
        ({"contact_date": dt.date(2026, 11, 4)}, "the date in the note's text differ"),
        ({"approved_by": ""}, "The name of the approver is missing"),
        ({"worker_name": ""}, "The name of the worker is missing"),
        ({"version": 0}, "The version number is missing"),
        ({"approved_at": dt.datetime(2026, 11, 6, 15, 2)}, "no time zone"),  # noqa: DTZ001 - the point
        ({"kind": "unheard_of"}, "not one that this installation knows"),
        ({"kind": "phone_call"}, "the kind of its text differ"),
        ({"note_id": "a/b"}, "only letters, digits and hyphens"),
        ({"case_ref": "R" * 40}, "would pass 80 characters"),
        ({"title": "a\x07b"}, "The title holds characters that cannot be shown safely (U+0007)"),
        ({"title": "a\nb"}, "(U+000A)"),
        ({"person_name": "a\tb"}, "The name of the young person holds"),
        ({"worker_username": "a\x00"}, "The name or username of the worker holds"),
    ],
)
def test_what_mosaic_does_not_take_is_refused(
    make: Make, changes: dict[str, Any], reason: str
) -> None:
    assert any(reason in each for each in reasons(make(**changes)))


def test_every_reason_is_given_at_once(make: Make) -> None:
    found = reasons(make(title="t" * 101, person_id="", worker_username="", contact_date=None))
    assert len(found) == 4


def test_a_refusal_is_one_sentence_for_the_user_without_content(make: Make) -> None:
    with pytest.raises(RecorderError) as refusal:
        validate(make(title="Secret\x07title"), TODAY)
    assert "Secret" not in refusal.value.sentence
    assert make().note_id in refusal.value.sentence


def with_draft(make: Make, **changes: Any) -> Approved:
    return make(draft=replace(make().draft, **changes))


def test_a_note_without_words_is_refused(make: Make) -> None:
    empty = make(draft=Draft(kind="case_note", contact=Contact(), statements=()))
    assert reasons(empty) == ("The note has no text: write at least one sentence.",)


@pytest.mark.parametrize("time", ["25:00", "9:30", "half four", "12:00\n"])
def test_a_time_that_is_none_is_refused(make: Make, time: str) -> None:
    contact = replace(make().draft.contact, start_time=time)
    assert any("not a time of day" in each for each in reasons(with_draft(make, contact=contact)))


def one(**changes: Any) -> Statement:
    values: dict[str, Any] = {
        "id": "s1",
        "section": "what_happened",
        "text": "We met.",
        "origin": Origin.PRACTITIONER,
        "speaker": None,
        "sources": (Source(typed_by="p1"),),
    }
    return Statement(**(values | changes))


def test_a_sentence_that_must_not_be_used_is_refused(make: Make) -> None:
    blocked = one(checks=(Check("unclear", "block", "Listen again."),))
    assert any("not safe to use" in r for r in reasons(with_draft(make, statements=(blocked,))))


def test_a_sentence_to_look_at_passes(make: Make) -> None:
    validate(with_draft(make, statements=(one(checks=(Check("a", "look", "Look."),)),)), TODAY)


def test_the_workers_own_wellbeing_never_goes_to_a_childs_file(make: Make) -> None:
    private = replace(make().draft, kind="supervision", statements=(one(section="wellbeing"),))
    assert any("staff record" in r for r in reasons(make(kind="supervision", draft=private)))


@pytest.mark.parametrize(
    "changes",
    [
        {"statements": (one(text="a\x0bb"),)},
        {"statements": (one(speaker="a\nb"),)},
        {"quotes": ("a\tb",)},
        {"actions": (Action("a\x00b", None, None),)},
        {"actions": (Action("ring", "a\nb", None),)},
        {"contact": Contact(place="a\nb")},
        {"contact": Contact(method="a\tb")},
        {"contact": Contact(present=("a\x1b",))},
    ],
)
def test_control_characters_are_refused_wherever_they_stand(
    make: Make, changes: dict[str, Any]
) -> None:
    assert any("cannot be shown safely" in r for r in reasons(with_draft(make, **changes)))


def test_control_characters_in_replies_and_captions_are_refused(make: Make, jpeg: bytes) -> None:
    now = dt.datetime(2026, 11, 6, tzinfo=dt.UTC)
    note = make(
        replies=(Reply("a\x07", now, "Jordan"),), pictures=(PictureFile("r1", jpeg, "b\x07"),)
    )
    assert len(reasons(note)) == 2


def test_text_may_have_lines(make: Make) -> None:
    validate(with_draft(make, statements=(one(text="First line.\r\nSecond line.\nThird."),)), TODAY)


@pytest.mark.parametrize("cut", [0, 2, 40, 500, -1])
def test_a_picture_that_is_cut_short_is_refused(make: Make, jpeg: bytes, cut: int) -> None:
    note = make(pictures=(PictureFile("r1", jpeg[:cut], ""),))
    assert reasons(note) == ("A picture is not a whole JPEG file: take it out or add it again.",)


def test_a_picture_of_another_type_is_refused(make: Make) -> None:
    png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 40
    assert any(
        "not a whole JPEG" in r for r in reasons(make(pictures=(PictureFile("r", png, ""),)))
    )


@given(at=st.integers(0, 700), value=st.integers(0, 255))
def test_a_damaged_picture_is_taken_or_refused_and_never_an_error(
    make: Make, jpeg: bytes, at: int, value: int
) -> None:
    damaged = jpeg[:at] + bytes([value]) + jpeg[at + 1 :]
    try:
        validate(make(pictures=(PictureFile("r1", damaged, ""),)), TODAY)
    except ExportRefused as refusal:
        assert len(refusal.reasons) == 1  # noqa: PT017 - either outcome is right


@given(title=st.text(max_size=120), username=st.text(max_size=40), code=st.text(max_size=20))
def test_what_passes_fits_mosaics_columns(make: Make, title: str, username: str, code: str) -> None:
    try:
        validate(make(title=title, worker_username=username, note_type=code), TODAY)
    except ExportRefused:
        return
    assert 0 < len(title.encode("utf-16-le")) <= 200
    assert 0 < len(username.encode("utf-16-le")) <= 60
    assert 0 < len(code.encode("utf-16-le")) <= 32
    assert "\n" not in title + username + code
