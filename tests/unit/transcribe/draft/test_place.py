"""Where a contact was, in the speaker's words."""

import pytest

from transcribe.draft.place import place_of


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("I saw Jordan at 4 o'clock this afternoon at the youth hub in Battersea.", "Battersea"),
        ("I saw her at four this afternoon at the library, and she was alone.", "the library"),
        ("Home visit on Tuesday the tenth of March, at his nan's flat.", "nan's flat"),
        ("We met at half past two.", None),
        ("Yesterday evening at six at the station.", "the station"),
    ],
)
def test_a_day_or_a_time_is_no_place_and_hides_none(said: str, place: str | None) -> None:
    found = place_of([said])
    assert (found is None) if place is None else (found is not None and place in found)


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("Quarter to six, Balham library, and her sister came along.", "Balham library"),
        ("Supervision for Andre, three o'clock, my office.", "office"),
        ("Amy, visit by Winston, five o'clock, nan's flat.", "nan's flat"),
        ("We had the back room so we had time on our own.", None),
        ("We were to meet at three but he was late.", None),
    ],
)
def test_a_place_may_stand_by_itself(said: str, place: str | None) -> None:
    assert place_of([said]) == place
