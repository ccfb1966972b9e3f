"""Fictional notes for the tests of the export."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageDraw

from recorder.export.model import Approved, PictureFile, Reply
from transcribe.model import Action, Contact, Draft, Origin, Source, Statement

HEARD = Source(recording="9f0c" * 8, start_ms=1_000, end_ms=4_200)


def drawing(width: int = 480, height: int = 320) -> bytes:
    """A small drawing."""
    image = Image.new("RGB", (width, height), "#f6f1e4")
    draw = ImageDraw.Draw(image)
    draw.ellipse((width // 4, height // 4, width // 2, height * 3 // 4), outline="#1b5e63", width=6)
    draw.line((width // 2, height // 2, width - 20, 20), fill="#b4432f", width=6)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def said(
    number: int,
    section: str,
    text: str,
    speaker: str | None = "Dele",
    origin: Origin = Origin.MACHINE,
) -> Statement:
    return Statement(f"s{number}", section, text, origin, speaker, (HEARD,))


STATEMENTS = (
    said(1, "header", "This is Dele, case note for Jordan, Thursday the fifth of November."),
    said(2, "purpose", "We met to look at the safety plan after what happened at the bus stop."),
    said(3, "what_happened", "We walked by the river and drew the way home on a map."),
    said(4, "what_happened", "I would rather take the bus that stops by the library.", "Jordan"),
    said(5, "young_person_words", "He said three older boys followed him off the bus."),
    said(6, "observation", "He looked tired and kept his hood up."),
    said(7, "strength", "He chose the two safe places himself."),
    said(8, "worry", "He was not hit, and nobody showed him a knife."),
    said(9, "analysis", "I think the boys know where his nan lives."),
    said(
        10, "analysis", "This fits what the school told us.", speaker=None,
        origin=Origin.PRACTITIONER,
    ),
)  # fmt: skip

DRAFT = Draft(
    kind="case_note",
    contact=Contact(
        date=dt.date(2026, 11, 5),
        start_time="15:45",
        end_time="16:30",
        method="In person, outdoors",
        place="By the river, Wandsworth Park",
        present=("Dele Adeyemi", "Jordan Taylor"),
        seen=True,
        seen_alone=None,
    ),
    statements=STATEMENTS,
    actions=(
        Action("Ring the school about the early bus", "Dele", dt.date(2026, 11, 13), (HEARD,)),
        Action("Bring the map next time", None, None),
    ),
    quotes=("I'm not scared for me, I'm scared for her.", "three older boys followed him"),
)


def approved(**changes: Any) -> Approved:
    """A note that can be exported, with `changes`."""
    values: dict[str, Any] = {
        "note_id": "0123456789abcdef0123456789abcdef",
        "version": 3,
        "kind": "case_note",
        "person_id": "1203344",
        "person_name": "Jordan Taylor",
        "case_ref": "EV-0412",
        "title": "Walk by the river: the way home from school",
        "note_type": "EVOLVECASENOTE",
        "contact_date": dt.date(2026, 11, 5),
        "significant_event": True,
        "worker_username": "dadeyemi",
        "worker_name": "Dele Adeyemi",
        "approved_by": "Priya Shah",
        "approved_at": dt.datetime(2026, 11, 6, 15, 2, tzinfo=dt.UTC),
        "draft": DRAFT,
        "replies": (
            Reply(
                "That's right.\nBut I want to go on my own on Fridays.",
                dt.datetime(2026, 11, 6, 18, 30, tzinfo=dt.UTC),
                "Jordan",
            ),
        ),
        "pictures": (PictureFile("ab12" * 8, drawing(), "Jordan's map of the way home"),),
    }
    return Approved(**(values | changes))


@pytest.fixture(scope="session")
def make() -> Callable[..., Approved]:
    """Makes a note that can be exported, with the fields given by name changed."""
    return approved


@pytest.fixture(scope="session")
def jpeg() -> bytes:
    return drawing(48, 32)
