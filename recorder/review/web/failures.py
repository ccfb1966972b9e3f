"""Errors made into one plain page: the only place where an error becomes a status and a sentence."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from recorder.errors import (
    MediaError,
    NotAllowedError,
    RecorderError,
    StateError,
    UnknownError,
)
from recorder.review.web import words
from recorder.review.web.render import render
from recorder.review.web.security import API, broken
from recorder.review.web.sent_whole import typed as typed_with_files
from recorder.review.web.session import Site, fields, go
from recorder.review.web.young import asked_for
from store.errors import ConflictError, ErasedError, NotFoundError
from templates.tongues import FIRST

_STATUS: tuple[tuple[type[RecorderError], int], ...] = (
    (UnknownError, 404),
    (NotAllowedError, 403),
    (StateError, 409),
    (MediaError, 422),
)
_HEADINGS = {
    400: "That did not work",
    401: "You have been signed out",
    403: "You cannot do that",
    404: "Page not found",
    409: "That cannot be done just now",
    413: "That was too much at once",
    415: "That cannot be sent here",
    422: "That cannot be shown",
}
_CHANGED = "Somebody else changed this just now. Go back, reload the page and try again."
_MISREAD = "That request could not be understood. Go back and try again."
_NO_ACCOUNT = "Make your account first, then come back to this."
_PLAIN, _WITH_FILES = "application/x-www-form-urlencoded", "multipart/form-data"
_YOUNG = ("/summary", "/send/said")
_THEIRS = {401: "error_over", 404: "error_missing"}
_GONE = "You were away for a while, so you have been signed out. Sign in again to carry on."
_GONE_TYPING = (
    "You were away for a while, so you have been signed out, and what you sent was not saved. It stands below. "
    "Sign in again in another tab, and copy it from here."
)


class Failures:
    """The handlers of one site."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def page(self, status: int, sentence: str, **values: object) -> Response:
        """The error page. It says nothing of who asked, so it is the same for everyone."""
        heading = _HEADINGS.get(status, "Sorry, something went wrong")
        known = {"heading": heading, "sentence": sentence}
        return HTMLResponse(render(self._site.templates, "error", known | values), status)

    async def known(self, request: Request, error: Exception) -> Response:
        """An error of ours, as its status and its own sentence, with what somebody typed."""
        if not isinstance(error, RecorderError):
            raise error
        statuses = (status for kind, status in _STATUS if isinstance(error, kind))
        return await self._answer(request, next(statuses, 400), words.sentence(error.sentence))

    async def stored(self, request: Request, error: Exception) -> Response:
        """An error of the store: its own words are for engineers, so they are not passed on."""
        if isinstance(error, NotFoundError | ErasedError):
            return await self._answer(request, 404, UnknownError.default)
        if isinstance(error, ConflictError):
            return await self._answer(request, 409, _CHANGED)
        return await self._answer(request, 500, broken(error))

    def http(self, request: Request, error: Exception) -> Response:
        """An unknown address looks like a record that is not there to see."""
        status = error.status_code if isinstance(error, HTTPException) else 400
        if status in (404, 405):
            return self._said(request, 404, UnknownError.default)
        return self._said(request, status, _MISREAD)

    def misread(self, request: Request, _error: Exception) -> Response:
        """What a script sent and no page of ours would. Nothing of it is said back."""
        return self._said(request, 422, _MISREAD)

    def no_account(self, request: Request, _error: Exception) -> Response:
        """To where an account is made: a newcomer sees nothing before."""
        return self._said(request, 403, _NO_ACCOUNT) if _is_call(request) else go("/account")

    async def signed_out(self, request: Request, _error: Exception) -> Response:
        """To the sign-in page; but what somebody typed too late is shown back."""
        if request.method in ("GET", "HEAD") and not _is_call(request):
            return go("/sign-in")
        typed = [] if _is_call(request) else await _typed(request)
        if request.url.path.startswith(_YOUNG):  # who cannot sign in again by themselves
            return self._said(request, 401, _GONE, typed=typed, over=True)
        sentence = _GONE_TYPING if typed else _GONE
        return self._said(request, 401, sentence, typed=typed, sign_in=True)

    async def _answer(self, request: Request, status: int, sentence: str) -> Response:
        """With what somebody typed into a form."""
        typed = [] if _is_call(request) else await _typed(request)
        return self._said(request, status, sentence, typed=typed)

    def _said(self, request: Request, status: int, sentence: str, **values: object) -> Response:
        """A page; to a script the sentence alone."""
        if _is_call(request):
            return JSONResponse({"problem": sentence}, status)
        if request.url.path.startswith(_YOUNG):
            return self._theirs(request, status, sentence, **values)
        return self.page(status, sentence, **values)

    def _theirs(self, request: Request, status: int, sentence: str, **values: object) -> Response:
        """The same for a young person, in the language that their browser asks for."""
        tongue = asked_for(request)
        name = _THEIRS.get(status, "error_again")
        if status in _THEIRS or tongue.code != FIRST:  # our sentences are in the first language
            sentence = tongue(name)
        known = {"t": tongue, "heading": tongue(f"{name}_heading"), "sentence": sentence}
        page = render(self._site.templates, "young_error", known | values)
        return HTMLResponse(page, status)


def _is_call(request: Request) -> bool:
    return request.url.path.startswith(API)


async def _typed(request: Request) -> list[str]:
    """What somebody typed into a form that was not taken, so that none of it is lost."""
    if request.method in ("GET", "HEAD"):
        return []
    kind, items = request.headers.get("content-type", ""), list[tuple[str, object]]()
    if kind.startswith(_PLAIN):
        items = list((await fields(request)).multi_items())
    elif kind.startswith(_WITH_FILES):
        items = list((await typed_with_files(request)).items())
    return [
        value
        for name, value in items
        if name.startswith("text") and isinstance(value, str) and value.strip()
    ]
