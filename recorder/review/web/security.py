"""What every request must be and every answer carries, whatever page it is for."""

from __future__ import annotations

import logging
import re
import secrets
import traceback
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 2 * 1024 * 1024
"""Bytes in a form: a long note's every sentence, several times over."""

MAX_FIELDS = 20_000

MAX_PIECE = 16 * 1024 * 1024
"""Bytes of an upload in one request; what is longer comes in several."""

MAX_SENT = 1024 * 1024 * 1024
"""Bytes in a form with files, which comes in one go: what is longer is sent by scripts, in pieces."""

CALL_HEADER = "X-CSRF-Token"
"""Where a script puts what a form has in its field `csrf`. No other site can send this header."""

API = "/api/"
"""Where scripts of ours call, and are answered in JSON."""

_log = logging.getLogger(__name__)

_POLICY = "; ".join(
    (
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in ("script", "style", "img", "media", "connect", "font")),
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)
_OFF = (
    "accelerometer browsing-topics camera clipboard-read display-capture "
    "encrypted-media gamepad geolocation gyroscope hid idle-detection local-fonts "
    "magnetometer microphone midi payment picture-in-picture "
    "screen-wake-lock serial usb xr-spatial-tracking"
)


def _policy(allowed: Collection[str] = ()) -> str:
    """Everything that a page of ours has no use for is off; passkeys are ours."""
    return ", ".join(f"{name}=({'self' if name in allowed else ''})" for name in _OFF.split())


_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": _policy(),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
_STATIC_AGE = "public, max-age=31536000, immutable"  # their address changes when they do
_CACHEABLE = {200, 304}
_HTTPS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
_SAFE = {"GET", "HEAD"}
_LISTENS = {"microphone", "screen-wake-lock"}
_RECORDS = re.compile(r"/record|/summary/[^/]+/voice")  # the pages that may ask for these


@dataclass(frozen=True, slots=True)
class Door:
    """What the addresses below `prefix` take by `methods`; the first that fits is the one."""

    prefix: str
    methods: frozenset[str]
    kind: str  # of content; empty where none is sent
    most: int  # bytes in one request
    says: str  # to who sends anything else
    token: bool = False  # sent by a script, with the session's token in its header
    begins: int = 0  # bytes read of what is announced as longer: what was typed stands there


_UPLOADS = API + "uploads"
TUS = "1.0.0"
"""The version of the protocol of uploads, which every answer of theirs names."""

_FORMS_ONLY = "Only forms can be sent here."
_NOTHING = "Nothing can be sent with this."
DOORS = (
    Door(_UPLOADS, frozenset({"OPTIONS"}), "", 0, _NOTHING),
    Door(_UPLOADS, frozenset({"POST", "DELETE"}), "", 0, _NOTHING, token=True),
    Door(
        _UPLOADS,
        frozenset({"PATCH"}),
        "application/offset+octet-stream",
        MAX_PIECE,
        "Only pieces of a file can be sent here.",
        token=True,
    ),
    Door(
        API,
        frozenset({"POST", "PUT", "PATCH", "DELETE"}),
        "application/json",
        MAX_BODY,
        "Only JSON can be sent here.",
        token=True,
    ),
    Door(
        "/send",
        frozenset({"POST"}),
        "multipart/form-data",
        MAX_SENT,
        "Only a form with a file can be sent here.",
        begins=MAX_BODY,
    ),
    Door("/", frozenset({"POST"}), "application/x-www-form-urlencoded", MAX_BODY, _FORMS_ONLY),
)
"""All that can be sent, and where. Whatever is not here is refused before it is read."""

Page = Callable[[int, str], ASGIApp]
"""Makes the plain error page from a status and a sentence."""


class Guard:
    """The outermost layer of ours: refuses what no page of ours would send, marks every answer.

    An error that nothing else caught becomes a page with an incident number. The log gets the
    number, the kind of error and where it happened, never its text: that may hold content.
    """

    def __init__(self, app: ASGIApp, page: Page, *, https: bool) -> None:
        self._app = app
        self._page = page
        self._headers = _HEADERS | (_HTTPS if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":  # lifespan; there are no web sockets
            await self._app(scope, receive, send)
            return
        path, method = scope["path"], scope["method"]
        answer = _Answer(send, self._headers | _own(path))
        said = _in_json if path.startswith(API) else self._page
        door = door_of(path, method)
        refusal = None if method in _SAFE else _refusal(door, Headers(scope=scope))
        if refusal is not None:
            await said(*refusal)(scope, receive, answer.send)
            return
        try:
            await self._app(scope, _limited(receive, door, Headers(scope=scope)), answer.send)
        except TooLargeError:
            await said(413, _TOO_LARGE)(scope, receive, answer.send)
        except ClientDisconnect:
            return  # they have gone: there is nobody to answer and nothing wrong
        except Exception as error:  # noqa: BLE001 - the outer edge: it logs, and answers with a page
            sentence = broken(error)
            # Once begun, an answer can only be cut off, which is what returning early does.
            if not answer.begun:
                await said(500, sentence)(scope, receive, answer.send)


_TOO_LARGE = "That was too much to send in one go. Send it in smaller parts."
_BROKEN = (
    "Something went wrong here, and it was not your doing. Try again in a minute. If it happens "
    "again, tell whoever looks after Recorder this number: {incident}."
)
_ELSEWHERE = "That was sent from somewhere else, so it was not done. Go back and try again there."


def broken(error: Exception) -> str:
    """What is said of an error that nobody foresaw, once it is in the log under the number in it."""
    return _BROKEN.format(incident=_logged(error))


class TooLargeError(Exception):
    """More bytes came than were announced or are taken."""


class _Answer:
    """Puts the headers on, and knows whether the answer has begun."""

    def __init__(self, send: Send, headers: Mapping[str, str]) -> None:
        self._send = send
        self._headers = headers
        self.begun = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            headers = MutableHeaders(scope=message)
            headers.update(self._headers)
            if message["status"] not in _CACHEABLE:
                headers["Cache-Control"] = "no-store"
        await self._send(message)


def door_of(path: str, method: str) -> Door | None:
    """What `path` takes by a method that is not safe; None for nothing."""
    fits = (door for door in DOORS if method in door.methods and _is_below(path, door.prefix))
    return next(fits, None)


def _is_below(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(prefix.rstrip("/") + "/")


def _refusal(door: Door | None, headers: Headers) -> tuple[int, str] | None:
    # Browsers say where a request was begun; one from another site, or from a sandbox, is none of
    # ours. Old browsers say nothing: the form token and SameSite cookies stand behind this.
    if headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return 403, _ELSEWHERE
    if door is None:
        return 415, _FORMS_ONLY
    if headers.get("content-type", "").partition(";")[0].strip().lower() != door.kind:
        return 415, door.says
    length = headers.get("content-length", "0")
    if not length.isdecimal() or (_is_longer(door, length) and not door.begins):
        return 413, _TOO_LARGE
    if door.token and CALL_HEADER not in headers:
        return 403, _ELSEWHERE
    return None


def _own(path: str) -> dict[str, str]:
    """The headers in which this address differs from the others."""
    if path.startswith("/static/"):
        return {"Cache-Control": _STATIC_AGE}
    if _is_below(path, _UPLOADS):
        return {"Tus-Resumable": TUS}
    if _RECORDS.fullmatch(path):
        return {"Permissions-Policy": _policy(_LISTENS)}
    return {}


def _in_json(status: int, sentence: str) -> ASGIApp:
    return JSONResponse({"problem": sentence}, status)


def _is_longer(door: Door, length: str) -> bool:
    """Whether more is announced than is taken."""
    return int(length) > door.most


def _limited(
    receive: Receive, door: Door | None, headers: Headers
) -> Callable[[], Awaitable[Message]]:
    """Gives out a body as it comes; TooLargeError where it is, or was announced as, too long."""
    longer = door is not None and _is_longer(door, headers.get("content-length", "0"))
    most = 0 if door is None else door.begins if longer else door.most
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most or (longer and not message.get("more_body", False)):
            raise TooLargeError
        return message

    return counted


def _logged(error: Exception) -> str:
    incident = secrets.token_hex(4)
    places = [f"{f.name}:{f.lineno}" for f in traceback.extract_tb(error.__traceback__)[-4:]]
    _log.error(
        "request failed",
        extra={"incident": incident, "error": type(error).__name__, "at": " > ".join(places)},
    )
    return incident
