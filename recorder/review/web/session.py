"""Who is asking: cookies, sessions, and forms that belong to them."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from jinja2 import Environment
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse, Response

from recorder.errors import NotAllowedError, UnknownError
from recorder.review.calling import Calling
from recorder.review.desk import Desk
from recorder.review.retained import Retention
from recorder.review.states import Role
from recorder.review.unclaimed import Hand
from recorder.review.uploading import Intake
from recorder.review.web.masking import masked, unmasked
from recorder.review.web.render import render
from recorder.review.web.security import CALL_HEADER, MAX_BODY, MAX_FIELDS
from recorder.signin.accounts import Accounts
from recorder.signin.bindings import Bindings
from recorder.signin.provider import Provider
from store.errors import ErasedError, NotFoundError
from store.paging import Mark
from store.people import Member
from store.store import Store

KEYS_COOKIE = "keys"
"""Set, a letter alone does nothing in this browser."""

_MINUTE = 60_000
STAFF_IDLE, STAFF_LIFE = 60 * _MINUTE, 12 * 60 * _MINUTE
YOUNG_IDLE, YOUNG_LIFE = 10 * _MINUTE, 30 * _MINUTE
_FRESH = 15 * _MINUTE

_HOMES = {
    Role.PRACTITIONER: "/work",
    Role.SUPERVISOR: "/queue",
    Role.YOUNG_PERSON: "/summary",
    Role.DATA_PROTECTION: "/oversight",
    Role.ADMINISTRATOR: "/people",
    Role.BUSINESS_SUPPORT: "/mosaic",
}


@dataclass(frozen=True, slots=True)
class Site:
    """What the pages are made from; one an app, kept in its state."""

    store: Store
    templates: Environment
    team: str
    timezone: str
    https: bool
    explain: Callable[[str], str]  # a reason's code to a sentence
    gap_ms: int  # recordings no further apart than this may be of one contact
    hand: Hand  # what can be done to files that are nobody's yet
    notice: Callable[[], str]  # what keeps files waiting just now; empty for nothing
    accounts: Accounts
    uploads: Intake  # what takes in what is sent from a browser
    listen_again: float  # per cent of approved versions that are heard once more
    kept_for: str  # how long a record is kept, in words to young people; empty: not said
    by_account: bool  # staff make an account before anything else, and a link is only for that
    folder: Callable[
        [str, str], None
    ]  # makes a case's, by its practitioner's handle and its reference
    provider: Provider | None  # where staff can prove who they are
    bindings: Bindings  # of accounts there
    answer_days: int  # working days within which a young person is answered
    call_minutes: int  # after which every supervisor is told that one asks for somebody
    numbers: tuple[str, str]  # that a young person can call: in danger, and at any time
    retention: Retention  # what goes by its rules

    @property
    def cookie(self) -> str:
        """The session cookie's name; `__Host-` is only for https."""
        return "__Host-session" if self.https else "session"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in."""

    site: Site
    person: Member
    desk: Desk
    csrf: str
    token: str = field(repr=False)
    keys: bool  # whether a letter alone does something on the note page

    @property
    def is_fresh(self) -> bool:
        """Whether they came in a moment ago: only then may they change how they come in."""
        return self.site.store.access.age(self.token, STAFF_LIFE) < _FRESH

    @property
    def calling(self) -> Calling:
        """Young people who ask for somebody."""
        return self.desk.calling(self.site.call_minutes)

    @property
    def listens(self) -> bool:
        """Whether their open pages are told of what comes."""
        staff_here = self.desk.role in {Role.PRACTITIONER, Role.SUPERVISOR}
        new = self.site.by_account and not self.site.accounts.has_one(self.person)
        return staff_here and not new

    def page(self, name: str, status: int = 200, **values: object) -> Response:
        """A page for this person."""
        known = {
            "person": self.person,
            "role": self.person.role,
            "csrf": masked(self.csrf),
            "by_account": self.site.by_account,
            "keys": self.keys,
            "unopened": self.site.store.database.alarm.damaged,
            "notices": self.desk.told(),
            "opened": self.desk.opened(),
            "calls": self.calling.told(),
            "locked": self.calling.locked(),
            "listens": self.listens,
        }
        return HTMLResponse(render(self.site.templates, name, known | values), status)


class SignedOutError(Exception):
    """Nobody is signed in, or not any more."""


class NoAccountError(Exception):
    """Somebody new is here, who has to make an account first."""


def site(request: Request) -> Site:
    """The site that `request` came to."""
    found = request.app.state.site
    if not isinstance(found, Site):  # set in one place, by create_app
        raise TypeError(type(found).__name__)
    return found


def visitor(request: Request) -> Visitor:
    """Who is signed in; SignedOutError if nobody is."""
    return _visitor(request, winds=True)


def watcher(request: Request) -> Visitor:
    """Staff whose open page asks by itself: that is no sign that they are still there.

    SignedOutError if nobody is signed in, UnknownError if it is somebody else.
    """
    return staff(_visitor(request, winds=False))


def _visitor(request: Request, *, winds: bool) -> Visitor:
    here = site(request)
    token = request.cookies.get(here.cookie, "")
    person = _person(here.store, token, winds=winds)
    return Visitor(
        here,
        person,
        Desk(here.store, person, here.timezone),
        here.store.access.csrf(token),
        token,
        KEYS_COOKIE not in request.cookies,
    )


def newcomer(found: Annotated[Visitor, Depends(visitor)]) -> Visitor:
    """Anybody of the staff who is signed in, whether they have an account yet or not."""
    if found.desk.role is Role.YOUNG_PERSON:
        raise UnknownError
    return found


def staff(found: Annotated[Visitor, Depends(visitor)]) -> Visitor:
    """A signed-in practitioner or supervisor; to anybody else there is no such page.

    NoAccountError for one who has to make an account first.
    """
    if found.desk.role not in {Role.PRACTITIONER, Role.SUPERVISOR}:
        raise UnknownError
    if found.site.by_account and not found.site.accounts.has_one(found.person):
        raise NoAccountError
    return found


def young_person(found: Annotated[Visitor, Depends(visitor)]) -> Visitor:
    """A signed-in young person; to anybody else there is no such page."""
    if found.desk.role is not Role.YOUNG_PERSON:
        raise UnknownError
    return found


async def fields(request: Request) -> FormData:
    """The fields of a form."""
    return await request.form(max_fields=MAX_FIELDS, max_part_size=MAX_BODY)


async def posted(
    found: Annotated[Visitor, Depends(visitor)], form: Annotated[FormData, Depends(fields)]
) -> FormData:
    """The fields of a form that this session was given; NotAllowedError for any other."""
    same_session(found, text(form, "csrf"))
    return form


def called(request: Request, found: Annotated[Visitor, Depends(visitor)]) -> None:
    """A script's call from a page that this session was given; NotAllowedError for any other."""
    same_session(found, request.headers.get(CALL_HEADER, ""))


def same_session(found: Visitor, token: str) -> None:
    """NotAllowedError for a form or call with another session's token, or none."""
    given = unmasked(token, found.csrf)
    if not hmac.compare_digest(given.encode(), found.csrf.encode()):
        raise NotAllowedError("this page is out of date: go back, reload it and try again")


def sender(found: Annotated[Visitor, Depends(visitor)]) -> Visitor:
    """Whoever may send what they record: staff as `staff`, and young people."""
    return found if found.desk.role is Role.YOUNG_PERSON else staff(found)


AnySender = Annotated[Visitor, Depends(sender)]
Newcomer = Annotated[Visitor, Depends(newcomer)]
AnyStaff = Annotated[Visitor, Depends(staff)]
YoungPerson = Annotated[Visitor, Depends(young_person)]
Form = Annotated[FormData, Depends(posted)]
Called = Annotated[None, Depends(called)]


def text(form: FormData, name: str) -> str:
    """A field's words; empty when there are none."""
    value = form.get(name)
    return value if isinstance(value, str) else ""


def number(form: FormData) -> int:
    """The version a form speaks of; 0, which no note has, when it says none."""
    return whole(text(form, "number")) or 0


def whole(said: str) -> int | None:
    """A number from 0 as a form or an address writes it; None for anything else."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else None  # noqa: PLR2004 - digits


def moment(said: str) -> int:
    """A moment (ms) as a form writes it; 0 for anything else."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 16 else 0  # noqa: PLR2004 - digits


def home(person: Member) -> str:
    """Where this person begins."""
    return _HOMES.get(Role(person.role), "/")


def go(address: str) -> Response:
    """Send the browser on with GET, so that a reload repeats nothing."""
    return RedirectResponse(address, status_code=303)


def begin_by_link(here: Site, secret: str) -> Response | None:
    """Exchange a link's secret for a session; None for any link that does not hold."""
    try:
        person = here.accounts.invited(secret)
        token = here.store.access.sign_in(secret, STAFF_LIFE)
    except (NotFoundError, ErasedError):
        return None
    return _begun(here, person, token)


def begin(here: Site, person: Member) -> Response:
    """A session for one of the staff who has proved who they are."""
    return _begun(here, person, here.store.access.begin(person.id, STAFF_LIFE))


def _begun(here: Site, person: Member, token: str) -> Response:
    return with_session(here, token, go(home(person)))


def with_session(here: Site, token: str, answer: Response) -> Response:
    """The answer, with the session's cookie."""
    answer.set_cookie(
        here.cookie, token, path="/", secure=here.https, httponly=True, samesite="strict"
    )
    return answer


def end(request: Request, answer: Response) -> Response:
    """End the session, and have the browser forget what it kept."""
    here = site(request)
    here.store.access.sign_out(request.cookies.get(here.cookie, ""))
    answer.delete_cookie(here.cookie, path="/", secure=here.https, httponly=True, samesite="strict")
    answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return answer


def _person(store: Store, token: str, *, winds: bool) -> Member:
    """Asks with the shorter clock first: a look with the longer one would wind it up again."""
    if not token:
        raise SignedOutError
    try:
        return _here(store, store.access.person(token, YOUNG_IDLE, winds=winds))
    except NotFoundError:
        pass
    try:
        person = _here(store, store.access.person(token, STAFF_IDLE, winds=winds))
    except NotFoundError as error:
        raise SignedOutError from error
    if person.role == Role.YOUNG_PERSON.value:
        store.access.sign_out(token)
        raise SignedOutError
    return person


def _here(store: Store, person_id: str) -> Member:
    """Who this is; SignedOutError once they have left or were erased."""
    try:
        person = store.people.get(person_id)
    except ErasedError as error:
        raise SignedOutError from error
    if person.left_at is not None:
        raise SignedOutError
    return person


def mark(said: str) -> Mark | None:
    """A place in a list as an address writes it; None for anything else."""
    at, _, key = said.partition("-")
    return Mark(moment(at), key) if moment(at) or at == "0" else None
