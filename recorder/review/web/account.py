"""How one of the staff signs in: made at the first visit, changed by them alone."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from recorder.errors import NotAllowedError, StateError, UnknownError
from recorder.review.web.doors import JSON, door
from recorder.review.web.problems import told
from recorder.review.web.session import Form, Newcomer, Visitor, go, home, text
from recorder.signin import codes
from recorder.signin.accounts import New
from recorder.signin.passkeys import LONGEST

router = APIRouter()

_STALE = "Sign in again first: how you sign in can be changed only in the first minutes after that"


@router.get("/account")
def account_page(request: Request, found: Newcomer) -> Response:
    """What they sign in with, and where they are signed in."""
    return account_with(request, found)


@router.get("/account/password")
def password_page(found: Newcomer) -> Response:
    """Choose a password, and show the app its secret."""
    fresh(found)
    if not found.site.accounts.may_locally(found.person):
        raise UnknownError
    return _password(found, codes.new_secret())


@router.post("/account/password")
def choose(found: Newcomer, form: Form) -> Response:
    """Keep them, and show the spare codes once; or the page again, and why."""
    fresh(found)
    new = New(*(text(form, name) for name in ("password", "again", "secret", "digits")))
    try:
        spare = found.site.accounts.choose(found.person, new)
    except StateError as error:
        secret = new.secret if codes.is_secret(new.secret) else codes.new_secret()
        return _password(found, secret, 422, **told(error))
    _only_here(found)
    return found.page("spare_codes", codes=spare, home=home(found.person))


@router.post("/account/passkeys/ask")
def ask(request: Request, found: Newcomer, _form: Form) -> Response:
    """What the browser is to make a passkey from."""
    fresh(found)
    asked = found.site.accounts.passkey_to_make(found.person, door(request))
    return Response(asked, media_type=JSON)


@router.post("/account/passkeys")
def keep(request: Request, found: Newcomer, form: Form) -> Response:
    """Keep the passkey that the browser made."""
    fresh(found)
    first = not found.site.accounts.has_one(found.person)
    answer, name = text(form, "answer")[: LONGEST + 1], text(form, "name")
    try:
        found.site.accounts.keep_passkey(found.person, door(request), answer, name)
    except (StateError, NotAllowedError) as error:
        return account_with(request, found, 422, problem=error.sentence)
    if first:
        _only_here(found)
    return go("/account")


@router.post("/account/passkeys/{key_id}/remove")
def remove(request: Request, found: Newcomer, key_id: str, _form: Form) -> Response:
    """Remove a passkey that is not the last way in."""
    fresh(found)
    try:
        found.site.accounts.drop_passkey(found.person, key_id)
    except StateError as error:
        return account_with(request, found, 409, problem=error.sentence)
    return go("/account")


@router.post("/account/everywhere")
def sign_out_everywhere(found: Newcomer, _form: Form) -> Response:
    """End every session of theirs but this one."""
    _only_here(found)
    return go("/account")


def _only_here(found: Visitor) -> None:
    """Also where an account is made or a password changed: somebody else may have known the old way."""
    person_id = found.person.id
    found.site.store.access.sign_out_everywhere(person_id, person_id, found.token)


def fresh(found: Visitor) -> None:
    """NotAllowedError unless they signed in a moment ago."""
    if not found.is_fresh:
        raise NotAllowedError(_STALE)


def account_with(
    request: Request, found: Visitor, status: int = 200, **problem: object
) -> Response:
    """Their page of how they sign in, with what was not done."""
    return found.page(
        "account",
        status,
        account=found.site.accounts.of(found.person),
        sessions=found.site.store.access.open_sessions(found.person.id),
        takes_passkeys=door(request).takes_passkeys,
        fresh=found.is_fresh,
        home=home(found.person),
        local=found.site.accounts.may_locally(found.person),
        provider=found.site.provider.name if found.site.provider else "",
        **problem,
    )


def _password(found: Visitor, secret: str, status: int = 200, **problem: object) -> Response:
    address = codes.address(secret, found.person.handle, found.site.team)
    return found.page(
        "password",
        status,
        secret=secret,
        picture=codes.picture(address),
        address=address,
        **problem,
    )
