"""What goes by the rules of retention and when, for data protection; and the certificates as a file."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from recorder.review.retained import looked
from recorder.review.web.oversight import Protector

router = APIRouter()
_FILE = {"Content-Disposition": 'attachment; filename="deletion-certificates.json"'}


@router.get("/oversight/retention")
def retention_page(found: Protector) -> Response:
    """What would go and when, what stays and why."""
    shown = looked(found.site.store, found.person, found.site.retention)
    return found.page("retention", here="/oversight/retention", shown=shown)


@router.get("/oversight/certificates")
def certificates(found: Protector) -> Response:
    """What was ever erased: ids, sums, times and rules."""
    text = found.site.retention.certificates(found.person.id)
    return Response(text, media_type="application/json", headers=_FILE)
