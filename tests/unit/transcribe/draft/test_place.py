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
