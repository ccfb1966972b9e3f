"""Choosing what the young person is shown of an approved note."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from recorder.errors import StateError
from recorder.review import summary
from recorder.review.states import Move
from recorder.review.web.session import AnyStaff, Form, Visitor, go, number
from transcribe.model import Described

router = APIRouter()

_NAMES = "what stands under the picture may name somebody or somewhere else"


@router.get("/notes/{note_id}/share")
def share_page(found: AnyStaff, note_id: str) -> Response:
    """What may be shared, for somebody to choose from; what may not, and why."""
    return _show(found, note_id)


@router.post("/notes/{note_id}/share")
def share(found: AnyStaff, note_id: str, form: Form) -> Response:
    """Show the young person exactly the sentences that were ticked."""
    chosen = [value for value in form.getlist("line") if isinstance(value, str)]
    if not chosen:
        return _show(found, note_id, 422, none_chosen=True)
    try:
        found.desk.share(note_id, number(form), chosen)
    except StateError as error:
        return _show(found, note_id, 409, problem=error.sentence, ticked=set(chosen))
    return go(f"/notes/{note_id}")


@router.post("/notes/{note_id}/unshare")
def unshare(found: AnyStaff, note_id: str, form: Form) -> Response:
    """Take it away again."""
    found.desk.stop_sharing(note_id, number(form))
    return go(f"/notes/{note_id}")


def _show(found: Visitor, note_id: str, status: int = 200, **problem: object) -> Response:
    page = found.desk.read(note_id)
    if Move.SHARE in page.refused:
        raise StateError(page.refused[Move.SHARE])
    offered = found.desk.summary_of(note_id)
    texts = {statement.id: statement.text for statement in page.draft.statements}
    return found.page(
        "share",
        status,
        page=page,
        lines=offered.lines,
        pictures=[(summary.key_of(each.recording), each) for each in offered.pictures],
        held_back=[
            *((texts[key], why) for key, why in offered.held_back),
            *((_under(each), _NAMES) for each in offered.pictures_held_back),
        ],
        # Nothing is ticked beforehand: what leaves the team is read and chosen, never let through.
        **{"ticked": _ticked(page.shared)} | problem,
    )


def _ticked(shared: summary.Shared | None) -> set[str]:
    if shared is None:
        return set()
    pictures = {summary.key_of(each.recording) for each in shared.pictures}
    return {line.id for line in shared.lines} | pictures


def _under(picture: Described) -> str:
    said = (picture.title, picture.caption, picture.drawn_by)
    return f"Picture: {', '.join(each for each in said if each)}"
