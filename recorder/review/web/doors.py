"""Coming in by a link, and going out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, Response

from recorder.review.web.render import render
from recorder.review.web.session import (
    Form,
    SignedOutError,
    Site,
    Visitor,
    begin,
    end,
    fields,
    go,
    home,
    site,
    text,
    visitor,
)

router = APIRouter()

_LONGEST = 200  # characters in a code; ours have 43


@router.api_route("/sign-in", methods=["GET", "HEAD"])
def sign_in_page(request: Request) -> Response:
    """One page, the same for everyone and every link: the secret stays behind the # in the browser.

    Programs that look at links before people do learn nothing here and use nothing up.
    """
    return _door(site(request), refused=False)


@router.post("/sign-in")
def sign_in(request: Request, form: Annotated[FormData, Depends(fields)]) -> Response:
    """Exchange a code for a session; every code that does not hold is answered alike."""
    here = site(request)
    # Somebody may paste the whole link.
    secret = text(form, "code").strip().rpartition("#")[2]
    entered = begin(here, secret) if 0 < len(secret) <= _LONGEST else None
    return entered or _door(here, refused=True)


@router.post("/sign-out")
def sign_out(request: Request, _form: Form) -> Response:
    """End the session."""
    return end(request, go("/sign-in"))


@router.get("/")
def start(request: Request) -> Response:
    """Everybody's own first page."""
    try:
        found: Visitor = visitor(request)
    except SignedOutError:
        return go("/sign-in")
    address = home(found.person)
    return found.page("nothing") if address == "/" else go(address)


def _door(here: Site, *, refused: bool) -> Response:
    status = 403 if refused else 200
    return HTMLResponse(render(here.templates, "sign_in", {"refused": refused}), status)
