from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.media.named import Named, named

MOMENT = datetime(2026, 3, 12, 14, 15, 3)  # noqa: DTZ001 - by the clock on the wall
MINUTE = MOMENT.replace(second=0)


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("VID_20260312_141503.mp4", MOMENT),
        ("20260312 141503.m4a", MOMENT),
        ("20260312_141503(0).jpg", MOMENT),
        ("Voice 2026-03-12 14.15.m4a", MINUTE),
        ("Voice 260312_141503.m4a", MOMENT),
        ("PXL_20260312_141503123.mp4", MOMENT.replace(tzinfo=UTC)),
        ("PXL_20260312_141503123.TS.mp4", MOMENT.replace(tzinfo=UTC)),
        ("WhatsApp Audio 2026-03-12 at 14.15.03.ogg", MOMENT),
        ("WhatsApp Image 2026-03-12 at 2.15.03 PM.jpeg", MOMENT),
        ("WhatsApp Image 2026-03-12 at 12.15.03 AM (1).jpeg", MOMENT.replace(hour=0)),
        ("signal-2026-03-12-14-15-03-123.mp4", MOMENT),
        ("video_2026-03-12_14-15-03.mp4", MOMENT),
        ("2026-03-12 14.15.03.jpg", MOMENT),
    ],
)
def test_a_name_says_when(name: str, moment: datetime) -> None:
    assert named(name) == Named(moment)


@pytest.mark.parametrize("name", ["IMG-20260312-WA0001.jpg", "PTT-20260312-WA0003.opus"])
def test_a_messengers_name_says_the_day_alone(name: str) -> None:
    assert named(name) == Named(MOMENT.replace(hour=12, minute=0, second=0), day_only=True)


@pytest.mark.parametrize(
    "name",
    [
        "Jordan 20120305.m4a",  # a day alone may be of birth
        "GX010034.MP4",
        "20261332 141503.m4a",
        "20260312 251503.m4a",
        "20260312141503.wav",
        "07700900123 141503.m4a",
        "note.wav",
        "",
    ],
)
def test_a_name_that_says_nothing(name: str) -> None:
    assert named(name) is None


@given(st.text(max_size=60))
def test_any_name_is_read(name: str) -> None:
    found = named(name)
    assert found is None or found.at.year >= 2000
