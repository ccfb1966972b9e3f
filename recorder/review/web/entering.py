"""Where a young person comes in by an invitation, and the page before their first one.

The page is the same for every link, whether it holds or not, in the language that the browser asks for. Programs that look at links before people
do learn nothing here and use nothing up: the secret stays behind the # in the browser until a PIN
was typed.
"""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, Response

from recorder.review.web.inviting import WHERE
from recorder.review.web.render import render
from recorder.review.web.session import (
    YOUNG_LIFE,
    Site,
    YoungPerson,
    fields,
    go,
    site,
    text,
    with_session,
)
from recorder.review.web.young import asked_for
from store.errors import NotFoundError, TamperedError

router = APIRouter()

BEFORE, DONE = "/r/before", "/r/done"
_LONGEST = 60  # characters of a secret; ours have 22
_ALIKE = 0.25  # seconds that an answer takes at least, whatever became of it


@router.api_route(WHERE, methods=["GET", "HEAD"], include_in_schema=False)
def enter_page(request: Request) -> Response:
    """The same for everybody and every link."""
    return _page(request)


@router.post(WHERE)
def enter(request: Request, form: Annotated[FormData, Depends(fields)]) -> Response:
    """A session for who has the link and the PIN; whatever does not hold is answered alike."""
    here, began = site(request), time.monotonic()
    secret, pin = text(form, "secret").rpartition("#")[2], _digits(text(form, "pin"))
    token = _entered(here, secret, pin)
    # How long it took would tell a link that holds from one that does not, and trying is made slow.
    time.sleep(max(0.0, _ALIKE - (time.monotonic() - began)))
    if token is None:
        return _page(request, 403, refused=True, secret=secret[:_LONGEST])
    return with_session(here, token, go(BEFORE))


@router.get(BEFORE)
def before(request: Request, found: YoungPerson) -> Response:
    """What Exit does and does not do, before there is anything to leave."""
    return found.page("before", t=asked_for(request))


@router.get(DONE)
def done(request: Request) -> Response:
    """After they are done: nothing that tells what was here."""
    return HTMLResponse(render(site(request).templates, "done", {"t": asked_for(request)}))


def _entered(here: Site, secret: str, pin: str) -> str | None:
    if not 0 < len(secret) <= _LONGEST:
        return None
    try:
        return here.store.young.invitations.enter(secret, pin, YOUNG_LIFE)
    except (NotFoundError, TamperedError):  # the alarm has told of the second
        return None


def _page(
    request: Request, status: int = 200, *, refused: bool = False, secret: str = ""
) -> Response:
    values = {"t": asked_for(request), "refused": refused, "secret": secret}
    return HTMLResponse(render(site(request).templates, "enter", values), status)


def _digits(said: str) -> str:
    """A PIN however it was typed: spaces and dashes do not matter."""
    return "".join(each for each in said if each.isdigit())[:_LONGEST]
