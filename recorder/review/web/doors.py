"""Coming in, by an account or a link, and going out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, Response

from recorder.errors import NotAllowedError, UnknownError
from recorder.review.states import Role
from recorder.review.web.render import render
from recorder.review.web.session import (
    Form,
    SignedOutError,
    Site,
    Visitor,
    begin,
    begin_by_link,
    end,
    fields,
    go,
    home,
    site,
    text,
    visitor,
)
from recorder.signin.passkeys import Door

router = APIRouter()

JSON = "application/json"

_LONGEST = 200  # characters in a code; ours have 43


@router.api_route("/sign-in", methods=["GET", "HEAD"], include_in_schema=False)
def sign_in_page(request: Request) -> Response:
    """One page, the same for everyone and every link: the secret stays behind the # in the browser.

    Programs that look at links before people do learn nothing here and use nothing up.
    """
    return sign_in_again(site(request), refused=False)


@router.post("/sign-in")
def sign_in(request: Request, form: Annotated[FormData, Depends(fields)]) -> Response:
    """Exchange a code for a session; every code that does not hold is answered alike."""
    here = site(request)
    # Somebody may paste the whole link.
    secret = text(form, "code").strip().rpartition("#")[2]
    entered = begin_by_link(here, secret) if 0 < len(secret) <= _LONGEST else None
    return entered or sign_in_again(here, refused=True)


@router.post("/sign-in/account")
def sign_in_by_password(request: Request, form: Annotated[FormData, Depends(fields)]) -> Response:
    """A session for whoever knows the password and has the app."""
    here = _with_accounts(request)
    address = request.client.host if request.client else ""
    name, password, digits = (
        text(form, each)[:_LONGEST] for each in ("name", "password", "digits")
    )
    try:
        person = here.accounts.by_password(name, password, digits, address)
    except NotAllowedError as error:
        return sign_in_again(here, status=403, problem=error.sentence, wrong="name", name=name)
    return begin(here, person)


@router.post("/sign-in/passkey/ask")
def ask_for_passkey(request: Request, _form: Annotated[FormData, Depends(fields)]) -> Response:
    """What the browser is to prove a passkey by."""
    return Response(
        _with_accounts(request).accounts.passkey_to_show(door(request)), media_type=JSON
    )


@router.post("/sign-in/passkey")
def sign_in_by_passkey(request: Request, form: Annotated[FormData, Depends(fields)]) -> Response:
    """A session for whoever has the passkey."""
    here = _with_accounts(request)
    try:
        person = here.accounts.by_passkey(door(request), text(form, "answer"))
    except NotAllowedError as error:
        return sign_in_again(here, status=403, problem=error.sentence)
    return begin(here, person)


@router.post("/sign-out")
def sign_out(
    request: Request, found: Annotated[Visitor, Depends(visitor)], _form: Form
) -> Response:
    """End the session; whoever may have come by the provider is told that they are still in there."""
    here = found.site
    if found.desk.role is Role.YOUNG_PERSON:
        return end(request, go("/r/done"))
    if here.provider is None or not here.bindings.is_joined(found.person):
        return end(request, go("/sign-in"))
    known = {"name": here.provider.name, "address": here.provider.leaving()}
    return end(request, HTMLResponse(render(here.templates, "signed_out", known)))


@router.get("/")
def start(request: Request) -> Response:
    """Everybody's own first page."""
    try:
        found: Visitor = visitor(request)
    except SignedOutError:
        return go("/sign-in")
    address = home(found.person)
    return found.page("nothing") if address == "/" else go(address)


def door(request: Request) -> Door:
    """Where this request came in, as its browser sees it."""
    scheme = "https" if site(request).https else "http"
    return Door(request.url.hostname or "", f"{scheme}://{request.headers.get('host', '')}")


def _with_accounts(request: Request) -> Site:
    here = site(request)
    if not (here.by_account and here.accounts.are_local):
        raise UnknownError
    return here


def sign_in_again(
    here: Site, *, refused: bool = False, status: int = 200, **values: object
) -> Response:
    """The page to sign in at, with what went wrong."""
    known = {
        "refused": refused,
        "by_account": here.by_account,
        "local": here.by_account and here.accounts.are_local,
        "provider": here.provider.name if here.provider else "",
        "problem": None,
        "leaving": "",
        "name": "",
    }
    page = render(here.templates, "sign_in", known | values)
    return HTMLResponse(page, 403 if refused else status)
