"""The keys of the note page: what they are, and switching those of one letter off."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from recorder.review.web.session import KEYS_COOKIE, AnyStaff, Form, go, text

router = APIRouter()

_OFF = "off"


@router.get("/keys")
def keys_page(found: AnyStaff) -> Response:
    """All of them, without a script."""
    return found.page("keys")


@router.post("/keys")
def switch(found: AnyStaff, form: Form) -> Response:
    """Switch those of one letter off, or on again, in this browser and until its next sign-out."""
    answer = go("/keys")
    if text(form, "keys") == _OFF:
        # It says no more than that, and of nobody.
        answer.set_cookie(
            KEYS_COOKIE, _OFF, path="/", secure=found.site.https, httponly=True, samesite="strict"
        )
    else:
        answer.delete_cookie(
            KEYS_COOKIE, path="/", secure=found.site.https, httponly=True, samesite="strict"
        )
    return answer
