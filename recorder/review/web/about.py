"""What everybody may read of these pages themselves, signed in or not."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from recorder.review.web import session
from recorder.review.web.render import render

router = APIRouter()


@router.get("/accessibility")
def accessibility(request: Request) -> Response:
    """The accessibility statement."""
    return _plain(request, "accessibility")


@router.get("/visits")
def visits(request: Request) -> Response:
    """What is kept about whoever uses these pages."""
    minutes = {
        name: milliseconds // 60_000
        for name, milliseconds in {
            "staff_idle": session.STAFF_IDLE,
            "staff_life": session.STAFF_LIFE,
            "young_idle": session.YOUNG_IDLE,
            "young_life": session.YOUNG_LIFE,
        }.items()
    }
    return _plain(request, "visits", **minutes)


def _plain(request: Request, name: str, **values: object) -> Response:
    """A page that is the same for everybody: it says nothing of who asked."""
    return HTMLResponse(render(session.site(request).templates, name, values))
