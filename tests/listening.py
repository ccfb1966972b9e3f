"""A supervisor who listens to what they must, without waiting for the sound to end."""

from __future__ import annotations

from recorder.review.desk import Desk
from recorder.review.films import Stretch
from store.records import Recording


def hear_all(desk: Desk, note_id: str) -> None:
    """Everything that this person has still to listen to in a note."""
    page = desk.read(note_id)
    for each in page.unheard:
        desk.listening.keep(note_id, page.note.number, each.id, _heard)


def _heard(_recording: Recording, _stretch: Stretch) -> None:
    """They did."""
