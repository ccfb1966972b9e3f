"""The young person's pages: what they were shown, all at once or bit by bit."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from recorder.errors import UnknownError
from recorder.review.keeping import KEPT
from recorder.review.summary import Shared
from recorder.review.web import young
from recorder.review.web.session import Visitor, YoungPerson, whole
from store.stories import ASKED

router = APIRouter()


@router.get("/summary")
def first(request: Request, found: YoungPerson) -> Response:
    """Where they begin: the newest summary, and the others."""
    shared = found.desk.shared_with_me()
    told = young.looks(request).told(found.csrf)
    asked = any(each.state == ASKED for each in found.desk.own_stories.all())
    return young.page(request, found, "young_start", shared=shared, told=told, asked=asked)


@router.get("/summary/{note_id}")
def one(request: Request, found: YoungPerson, note_id: str) -> Response:
    """One summary, all on one page."""
    summary = shown(found, note_id)
    return young.page(
        request,
        found,
        "young_all",
        summary=summary,
        parts=young.parts(summary),
        own=found.desk.their_say.of(note_id),
        thinks=found.desk.their_opinion.of(summary),
        kept=found.desk.keeping.kept(note_id),
        keepable=KEPT,
    )


@router.get("/summary/{note_id}/steps/{number}")
def step(request: Request, found: YoungPerson, note_id: str, number: str) -> Response:
    """One sentence of it, or what follows the last."""
    summary, at = shown(found, note_id), whole(number)
    steps = young.steps(summary)
    last = len(steps) + len(summary.pictures) + 1
    if at is None or not 1 <= at <= last:
        raise UnknownError
    pictures = summary.pictures[at - len(steps) - 1 :][:1] if at > len(steps) else ()
    return young.page(
        request,
        found,
        "young_step",
        summary=summary,
        step=steps[at - 1] if at <= len(steps) else None,
        picture=pictures[0] if pictures else None,
        number=at,
        last=last,
        own=found.desk.their_say.of(note_id),
        thinks=found.desk.their_opinion.of(summary) if at == last else None,
        kept=found.desk.keeping.kept(note_id),
        keepable=KEPT,
    )


@router.get("/summary/{note_id}/pictures/{recording_id}")
def picture(found: YoungPerson, note_id: str, recording_id: str) -> Response:
    """A picture that they were shown."""
    jpeg = found.desk.picture_shared_with_me(note_id, recording_id)
    return Response(jpeg, media_type="image/jpeg")


def shown(found: Visitor, note_id: str) -> Shared:
    """What they were shown of this note; UnknownError."""
    shared = found.desk.shared_with_me(note_id)
    return next(each for each in shared if each.note_id == note_id)
