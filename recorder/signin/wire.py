"""The one way to an identity provider: HTTPS, to hosts that were set, bounded in time and size.

By no proxy, and no redirect is followed. In the open only to this machine, which is for trying out.
"""

from __future__ import annotations

import logging
import socket
import ssl
import threading
from collections.abc import Collection, Mapping
from typing import Any

import httpx2

from recorder.signin.origins import origin_of
from recorder.signin.refusals import RefusedError, SilentError

SECONDS = 5.0
"""For one answer, to its last byte. A name server that is slow is the system's own to give up on."""

MOST = 512 * 1024
"""Bytes of an answer."""

AT_ONCE = 4
"""Requests under way: a provider that hangs holds no more of the threads that answer pages."""

_OPENED = ("connection.connect_tcp.complete", "connection.start_tls.complete")
_log = logging.getLogger(__name__)


class Wire(httpx2.BaseTransport):
    """Carries requests to `origins` and nowhere else; SilentError, RefusedError."""

    def __init__(self, origins: Collection[str], seconds: float = SECONDS) -> None:
        self._origins = frozenset(origins)
        self._seconds = seconds
        self._places = threading.BoundedSemaphore(AT_ONCE)
        # Loading whom the system trusts takes a while; to this machine nobody speaks TLS.
        secure = any(each.startswith("https:") for each in origins)
        self._context = ssl.create_default_context() if secure else False

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """The whole answer to one request."""
        if origin_of(str(request.url)) not in self._origins:
            raise RefusedError("host")
        if not self._places.acquire(blocking=False):
            raise SilentError("busy")
        try:
            return self._answer(request)
        finally:
            self._places.release()

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        cut = _Cut()
        each = dict.fromkeys(("connect", "read", "write", "pool"), self._seconds)
        request.extensions = {"timeout": each, "trace": cut.saw}
        request.headers["Accept-Encoding"] = "identity"  # nothing that grows when it is unpacked
        # A timeout of the socket's own begins anew with each byte: one that drips would never end.
        timer = threading.Timer(self._seconds, cut.now)
        timer.daemon = True
        timer.start()
        try:
            # One of its own for each request: nothing is kept open, and none can close another's.
            with httpx2.HTTPTransport(verify=self._context, trust_env=False) as inner:
                answer = inner.handle_request(request)
                body = _read(answer)
        except httpx2.TransportError as error:
            raise SilentError("slow" if cut.made else type(error).__name__) from error
        finally:
            timer.cancel()
        if cut.made:  # what ended then may not be the end
            raise SilentError("slow")
        kind = answer.headers.get("content-type", "")
        return httpx2.Response(
            answer.status_code, headers={"content-type": kind}, content=body, request=request
        )


class _Cut:
    """Ends a connection from another thread, whenever it is opened."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._link: socket.socket | None = None
        self.made = False

    def saw(self, name: str, info: Mapping[str, Any]) -> None:
        """What the library tells of a request as it goes on."""
        if name not in _OPENED:
            return
        with self._lock:
            self._link = info["return_value"].get_extra_info("socket")
            if self.made:
                self._shut()

    def now(self) -> None:
        """Time is up."""
        with self._lock:
            self.made = True
            self._shut()

    def _shut(self) -> None:
        if self._link is None:
            return
        try:
            # Not the one of TLS, which takes away what another thread is reading with.
            socket.socket.shutdown(self._link, socket.SHUT_RDWR)
        except OSError as error:
            _log.debug("connection was gone already", extra={"reason": type(error).__name__})


def _read(answer: httpx2.Response) -> bytes:
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise SilentError("packed")
    found = bytearray()
    for part in answer.iter_raw():
        found += part
        if len(found) > MOST:
            raise SilentError("large")
    return bytes(found)
