"""Pages sent compressed, where whoever watches the line cannot have a say in what stands in them.

How well a page compresses tells something of what is in it. Whoever can put guesses into a page
again and again, and sees how long each answer is, finds out a secret of it letter by letter. So a page
is compressed only for a request that a page of ours or the person began; what a form proves itself by
is written anew in each page (`masking.py`); and each answer is longer by a random number of bytes.
docs/adr/0048.
"""

from __future__ import annotations

import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

STATIC = "/static/"
"""Where our own files are: they are the same for everybody, so that nothing is found out by them."""

_OURS = frozenset({"same-origin", "none"})
"""Who began a request, as the browser says: a page of ours, or the person by hand."""

_NOT_PAGES = (
    *("application/*", "audio/*", "font/*", "image/*", "model/*", "multipart/*", "video/*"),
    "text/event-stream",
)
_LEAST = 1000  # bytes: less is not worth it
_LEVEL = 6
_ROOM = 256  # bytes that an answer may be longer by


class Compressing:
    """Compresses pages, and our own files."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._packed = GZipMiddleware(
            app, minimum_size=_LEAST, compresslevel=_LEVEL, exclude_content_types=_NOT_PAGES
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["path"].startswith(STATIC):
            await self._packed(scope, receive, send)
            return
        # An old browser does not say, nor does any without TLS but to this very machine.
        if Headers(scope=scope).get("sec-fetch-site") not in _OURS:
            await self._app(scope, receive, send)
            return

        async def roomy(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if "content-encoding" in headers:
                    headers["X-Room"] = "x" * secrets.randbelow(_ROOM)
            await send(message)

        await self._packed(scope, receive, roomy)
