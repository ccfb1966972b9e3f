"""Coming in by an account at the identity provider, and joining one.

A browser is sent there and back from pages of ours that forward it, not by redirects: what a form may
lead to stays as narrow as it is for every page, and the session's cookie, which no other site can have
sent, is there from the first page on.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, Response

from recorder.errors import NotAllowedError, StateError, UnknownError
from recorder.patience import require_patience
from recorder.review.web.account import account_with, fresh
from recorder.review.web.doors import sign_in_again
from recorder.review.web.render import render
from recorder.review.web.session import (
    STAFF_LIFE,
    Form,
    Newcomer,
    Site,
    Visitor,
    fields,
    home,
    site,
    with_session,
)
from recorder.signin.bindings import GOING_MS
from recorder.signin.provider import Going, Provider
from recorder.signin.refusals import RefusedError, SilentError
from recorder.signin.tokens import Identity
from store.people import Member

router = APIRouter()
log = logging.getLogger(__name__)

_FREE = 30  # failures from one address before waiting begins
_STALE = {"state", "over"}  # it was begun elsewhere, long ago or twice
_UNCOUNTED = _STALE | {
    *("twice", "sent_back", "iss", "code", "status", "token", "key"),
    *("issuer", "host", "algorithms", "pkce"),
}
_JOINED = "There is an account joined already: ask for it to be taken away first."
_AGAIN = (
    "That sign-in was begun in another window, or too long ago, or it was used already. Start again "
    "with the button below"
)
_SENT_BACK = "You were sent back before you were signed in. Try again"
_UNKNOWN = (
    "That account is not known here. If you are new, ask whoever looks after Recorder for a "
    "sign-in link. Others who use this device may be signed in to their account on it"
)
_WEAK = (
    "You were signed in there in a way that is not enough here. Sign in there with your second step "
    "(an app, a key or a passkey) and try again"
)
_UNPROVED = "Signing in that way did not work. Try again, and if it goes on, tell whoever looks after Recorder"
_SILENT = (
    "The service that checks your work account does not answer just now. Try again in a few minutes. "
    "Whoever is signed in already can carry on"
)
_SAYS = {"unknown": _UNKNOWN, "sent_back": _SENT_BACK, "acr": _WEAK, "amr": _WEAK}


@router.post("/sign-in/provider")
def sign_in_there(request: Request, _form: Annotated[FormData, Depends(fields)]) -> Response:
    """Send somebody to the provider."""
    here, provider = _provided(request)
    try:
        return _sent(here, provider, None)
    except (SilentError, RefusedError) as error:
        return _refused(request, here, error)


@router.post("/account/provider")
def join(request: Request, found: Newcomer, _form: Form) -> Response:
    """Send somebody there whose account is to be joined to them here."""
    here, provider = _provided(request)
    fresh(found)
    if here.bindings.is_joined(found.person):
        return account_with(request, found, 409, problem=_JOINED)
    try:
        return _sent(here, provider, found)
    except (SilentError, RefusedError) as error:
        _note(error)
        return account_with(request, found, 503, problem=_SILENT)


@router.get("/sign-in/provider/back")
def back(request: Request) -> Response:
    """Who came back, with proof or without."""
    here, provider = _provided(request)
    try:
        require_patience(here.store.tries, {_counted(request): _FREE})
        said = _once(request)
        who, going = here.bindings.back(
            request.cookies.get(_cookie(here), ""), said.get("state", "")
        )
        person = _came(here, provider, who, going, said)
    except (SilentError, RefusedError) as error:
        return _refused(request, here, error)
    except (StateError, NotAllowedError) as error:
        return sign_in_again(here, status=403, problem=error.sentence)
    answer = _onward(here, "Signed in", "Carry on", home(person))
    here.store.tries.forget(_counted(request))
    token = here.store.access.begin(person.id, STAFF_LIFE)
    return _forgetting(here, with_session(here, token, answer))


def _came(
    here: Site, provider: Provider, who: str, going: Going, said: Mapping[str, str]
) -> Member:
    """Who this is; of whoever joins an account, from now on. RefusedError, StateError."""
    identity = provider.arrived(going, said)
    return _joined(here, who, identity) if who else here.bindings.who(identity)


def _joined(here: Site, who: str, identity: Identity) -> Member:
    person = here.bindings.joiner(who)
    here.bindings.join(person, identity.subject, person.id)
    # Somebody else may have known the old way, or opened the link first.
    here.store.access.sign_out_everywhere(person.id, person.id)
    return person


def _sent(here: Site, provider: Provider, joins: Visitor | None) -> Response:
    """A page that leads to the provider, and what the browser keeps meanwhile."""
    begin = here.bindings.begin
    kept, going = begin() if joins is None else begin(joins.person, joins.token)
    email = joins is None and here.bindings.expects_any()
    way = provider.way(going, email=email)
    answer = _onward(here, f"Going to {provider.name}", "Go on", way)
    # Lax: it comes back with somebody whom another site sends. It opens nothing by itself.
    answer.set_cookie(
        _cookie(here),
        kept,
        max_age=GOING_MS // 1000,
        path="/",
        secure=here.https,
        httponly=True,
        samesite="lax",
    )
    return answer


def _provided(request: Request) -> tuple[Site, Provider]:
    here = site(request)
    if here.provider is None:
        raise UnknownError
    return here, here.provider


def _once(request: Request) -> Mapping[str, str]:
    """What somebody came back with; RefusedError for what is said twice."""
    said = request.query_params.multi_items()
    if len(dict(said)) != len(said):
        raise RefusedError("twice")
    return dict(said)


def _refused(request: Request, here: Site, error: RefusedError | SilentError) -> Response:
    """The page to sign in at, and why; counted where the provider did prove somebody, in vain.

    What any page on the web can make a browser ask for, and what is the provider's fault or ours,
    must not keep a whole office out.
    """
    _note(error)
    if isinstance(error, SilentError):
        return sign_in_again(here, status=503, problem=_SILENT)
    if error.reason not in _UNCOUNTED:
        here.store.tries.failed([_counted(request)])
    says = _AGAIN if error.reason in _STALE else _SAYS.get(error.reason, _UNPROVED)
    # On a device that others use it may be theirs, and would be shown again and again.
    leaving = here.provider.leaving() if here.provider and error.reason == "unknown" else ""
    answer = sign_in_again(here, status=403, problem=says, leaving=leaving)
    return answer if error.reason in _STALE else _forgetting(here, answer)


def _note(error: RefusedError | SilentError) -> None:
    log.warning("not let in by the provider", extra={"reason": error.reason})


def _counted(request: Request) -> str:
    return f"provider from {request.client.host if request.client else ''}"


def _cookie(here: Site) -> str:
    return "__Host-going" if here.https else "going"


def _forgetting(here: Site, answer: Response) -> Response:
    answer.delete_cookie(_cookie(here), path="/", secure=here.https, httponly=True, samesite="lax")
    return answer


def _onward(here: Site, heading: str, words: str, address: str) -> Response:
    known = {"heading": heading, "words": words, "address": address}
    return HTMLResponse(render(here.templates, "onward", known))
