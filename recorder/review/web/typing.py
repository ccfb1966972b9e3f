"""What is being typed into a note, kept every few seconds by the page's script."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, Field

from recorder.clock import local
from recorder.errors import UnknownError
from recorder.review.typed import ATTEMPT, typed_kinds
from recorder.review.web.changes import changes_in, returning
from recorder.review.web.facts import facts_in
from recorder.review.web.session import AnyStaff, Called, Visitor

router = APIRouter()

_MOST_BOXES = 5000


def _whole(text: str) -> str:
    """Text that can be written: half of a letter becomes the sign for one, as forms have it."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


Text = Annotated[str, AfterValidator(_whole)]


class Sent(BaseModel):
    """What stands in the boxes that somebody touched."""

    number: Annotated[int, Field(ge=1, lt=10**9)]  # the version that is on the page
    page: Annotated[str, Field(pattern="^[0-9a-f]{16}$")]  # which opening of it
    turn: Annotated[int, Field(ge=0, lt=2**53)]  # of that page's, later is higher
    texts: Annotated[
        dict[Annotated[str, Field(pattern=r"^text-[\w.-]{1,100}$")], Text],
        Field(max_length=_MOST_BOXES),
    ]  # by the box's name


class SentNew(Sent):
    """The same of a note that does not exist yet."""

    kind: Annotated[str, Field(max_length=32)]


class KeptAt(BaseModel):
    """When it was kept."""

    at: str  # HH:MM, local; empty where nothing differs from the note


@router.put("/api/typed/unsaved")
def keep_new(found: AnyStaff, _token: Called, sent: SentNew) -> KeptAt:
    """As `keep`, of what is typed into a note that does not exist yet."""
    if sent.kind not in (*typed_kinds(), ATTEMPT):
        raise UnknownError
    at = found.desk.unsaved.keep_new(sent.kind, sent.texts, (sent.page, sent.turn))
    return _kept(found, at)


@router.put("/api/notes/{note_id}/unsaved")
def keep(found: AnyStaff, _token: Called, note_id: str, sent: Sent) -> KeptAt:
    """Keep what was typed for this person alone; it is no version, and nobody else reads it."""
    desk = found.desk
    draft = desk.draft_at(note_id, sent.number)
    boxes = changes_in(sent.texts, draft).boxes
    boxes |= returning(sent.texts) | facts_in(sent.texts, draft.contact)
    gone = sent.texts.keys() - boxes.keys()
    sender = (sent.page, sent.turn)
    at = desk.unsaved.keep(note_id, sent.number, boxes, gone, sender)
    return _kept(found, at)


def _kept(found: Visitor, at: int | None) -> KeptAt:
    return KeptAt(at=f"{local(at, found.site.timezone):%H:%M}" if at else "")
