"""A supervisor who listens to what they must, without waiting for the sound to end."""

from __future__ import annotations

from recorder.review.desk import Desk


def hear_all(desk: Desk, note_id: str) -> None:
    """Everything that this person has still to listen to in a note."""
    page = desk.read(note_id)
    for each in page.unheard:
        desk.listening.keep(note_id, page.note.number, each.id, _heard)


def _heard(_id: str, _length_ms: int | None, _span: tuple[int, int]) -> None:
    """They did."""
