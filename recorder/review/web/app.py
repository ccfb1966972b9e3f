"""The web app, put together."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Sequence
from functools import cache

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import BaseRoute
from starlette.staticfiles import StaticFiles

from recorder.errors import RecorderError
from recorder.review.retained import NoRetention, Retention
from recorder.review.unclaimed import Hand, NoHand
from recorder.review.uploading import Intake, NoIntake
from recorder.review.web import (
    about,
    account,
    answering,
    arranging,
    attempting,
    calling,
    cases,
    chronology,
    consent,
    deciding,
    dividing,
    doors,
    drawings,
    editing,
    emergency,
    entering,
    facts,
    grouping,
    handing,
    heard,
    inviting,
    keys,
    listening,
    live,
    notes,
    oversight,
    pasting,
    people,
    picturing,
    provided,
    queue,
    recording_here,
    retaining,
    sampling,
    searching,
    sharing,
    summaries,
    supervision,
    tray,
    typing,
    typing_notes,
    unclaimed,
    versions,
    voices,
    wall,
    whosees,
    work,
    young_agreed,
    young_looks,
    young_opinion,
    young_say,
    young_things,
    young_wall,
)
from recorder.review.web import uploads as sending
from recorder.review.web.compressing import Compressing
from recorder.review.web.failures import Failures
from recorder.review.web.looks import Looks
from recorder.review.web.problems import REFUSALS
from recorder.review.web.render import STATIC, environment, warm
from recorder.review.web.security import Guard
from recorder.review.web.served import Served
from recorder.review.web.session import NoAccountError, SignedOutError, Site
from recorder.review.web.tus import OtherVersionError
from recorder.signin.accounts import Accounts
from recorder.signin.bindings import Bindings
from recorder.signin.provider import Provider
from store.errors import StoreError
from store.store import Store

_LOCAL = ("127.0.0.1", "localhost")
_PARTS = (
    doors,
    entering,
    inviting,
    about,
    account,
    provided,
    work,
    queue,
    attempting,
    cases,
    tray,
    unclaimed,
    voices,
    consent,
    searching,
    emergency,
    calling,
    oversight,
    chronology,
    retaining,
    pasting,
    people,
    whosees,
    wall,
    notes,
    answering,
    editing,
    arranging,
    typing,
    keys,
    facts,
    picturing,
    grouping,
    handing,
    dividing,
    deciding,
    sharing,
    young_looks,  # these before what names a note: their addresses are none
    young_agreed,
    young_things,
    young_wall,
    summaries,
    young_say,
    young_opinion,
    supervision,
    drawings,
    listening,
    heard,
    sampling,
    live,
    versions,
    recording_here,
    sending,
    typing_notes,
)


def no_words(code: str) -> str:
    """The sentence for a reason's code when nobody explains codes."""
    return f"Recorder could not carry on with this ({code})."


def no_folder(_handle: str, _ref: str) -> None:
    """Where nothing takes files in, there is no folder to make."""


def create_app(  # noqa: PLR0913 - by keyword, each a setting of its own
    store: Store,
    *,
    team: str,
    timezone: str,
    hosts: Sequence[str] = (),
    https: bool = False,
    explain: Callable[[str], str] = no_words,
    contact_gap_minutes: int = 120,
    hand: Hand | None = None,
    notice: Callable[[], str] = str,
    uploads: Intake | None = None,
    by_account: bool = False,
    provider: Provider | None = None,
    local: Collection[str] | None = None,
    listen_again_percent: float = 5,
    answer_days: int = 2,
    call_minutes: int = 15,
    kept_for: str = "",
    folder: Callable[[str, str], None] = no_folder,
    numbers: tuple[str, str] = ("999", "Childline 0800 1111"),
    retention: Retention | None = None,
) -> FastAPI:
    """The pages over an open store.

    `team` is the name in the header; `timezone` an IANA name for the times on pages. Requests must
    name this machine or one of `hosts`. `https`: the pages are reached over TLS, so the session
    cookie may only travel there. `explain` makes the code of a problem with a file or recording
    into a sentence. Recordings no more than `contact_gap_minutes` apart may be of one contact. `hand`
    is what can be done to files that are nobody's; without it none are shown. `notice` says what
    keeps files waiting just now, in a sentence. `uploads` takes in what is sent from a browser;
    without it there is no room for any. `by_account`: staff make an account at their first
    visit, and sign in by that from then on. `provider` is where they can prove who they are
    instead; `local` then are the handles of those who may still have an account here, or everybody
    if it is None. `listen_again_percent` of the approved versions are drawn to be heard once more.
    What a young person says is to be answered within `answer_days` working days.
    When one asks for somebody and nobody has seen to it after `call_minutes`, every supervisor is told.
    `kept_for` says to young people how long their record is kept.
    `folder` makes the folder of a practitioner's case in the intake, by handle and reference; OSError.
    `numbers` are what a young person is told to call in danger, and at any time. `retention` looks at
    what goes by its rules.
    """
    # No generated documentation: it would list routes to anybody and load scripts from elsewhere.
    app = FastAPI(
        title="Recorder", openapi_url=None, docs_url=None, redoc_url=None, routes=[*_pages()]
    )
    here = environment(team, timezone)
    site = Site(
        store,
        here,
        team,
        timezone,
        https,
        explain,
        contact_gap_minutes * 60_000,
        hand or NoHand(),
        notice,
        Accounts(store, team, provided=provider is not None, local=local),
        uploads or NoIntake(),
        listen_again_percent,
        kept_for,
        by_account,
        folder,
        provider,
        Bindings(store, provider.agreed.issuer if provider else ""),
        answer_days,
        call_minutes,
        numbers,
        retention or NoRetention(),
    )
    failures = Failures(site)
    app.state.site = site
    _remembering(app)
    app.mount("/static", StaticFiles(directory=STATIC))
    _failing(app, failures)
    app.add_middleware(Compressing)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*_LOCAL, *hosts], www_redirect=False)
    app.add_middleware(Guard, page=failures.page, https=https)
    return app


def _remembering(app: FastAPI) -> None:
    """What is kept in memory alone, from one request to another."""
    app.state.playing = listening.Playing()
    app.state.served = Served()
    app.state.indexes = listening.Indexes()
    app.state.looking = searching.Looking()
    app.state.looks = Looks()
    app.state.live = live.Live()


@cache
def _pages() -> Sequence[BaseRoute]:
    """What is served. What each needs of a request is worked out once, however many apps there are."""
    together = APIRouter()
    for part in _PARTS:
        together.include_router(part.router, responses=REFUSALS)
    return together.routes


def _failing(app: FastAPI, failures: Failures) -> None:
    """Every error has its page."""
    app.add_exception_handler(RecorderError, failures.known)
    app.add_exception_handler(OtherVersionError, sending.other_version)
    app.add_exception_handler(StoreError, failures.stored)
    app.add_exception_handler(HTTPException, failures.http)
    app.add_exception_handler(RequestValidationError, failures.misread)
    app.add_exception_handler(SignedOutError, failures.signed_out)
    app.add_exception_handler(NoAccountError, failures.no_account)


def settle(app: FastAPI) -> None:
    """Do beforehand what a process does but once, so that nobody waits for it."""
    warm(app.state.site.templates)
    # What stands by now stays: looking through it for what can go would halt every page at once.
    gc.collect()
    gc.freeze()
