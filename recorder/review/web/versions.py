"""What changed from one version of a note to another."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from recorder.errors import UnknownError
from recorder.review.web.session import AnyStaff, whole

router = APIRouter()


@router.get("/notes/{note_id}/versions")
def versions_page(found: AnyStaff, note_id: str, before: str = "", after: str = "") -> Response:
    """Two versions; the newest against the one before it where none are named."""
    compared = found.desk.versions.compare(note_id, _number(before), _number(after))
    return found.page("versions", note_id=note_id, found=compared)


def _number(said: str) -> int | None:
    number = whole(said)
    if said and number is None:
        raise UnknownError
    return number
