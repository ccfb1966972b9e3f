"""The one way to a language model: an OpenAI-compatible server here or on a private network.

Nothing goes anywhere else: each connection is made to an address that was looked at first, by no
proxy, and no redirect is followed. An answer has a bounded time and size.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from threading import Timer
from time import monotonic
from urllib.parse import urlsplit

import msgspec

from recorder.config import Settings
from recorder.errors import ConfigError
from transcribe.draft.llm import NoAnswerError, NonsenseError

log = logging.getLogger(__name__)

ANSWER_SECONDS = 120  # for one answer, from the first byte of the question to the last of it
DRAFT_SECONDS = 900  # for all that is asked of one draft
CONNECT_SECONDS = 5
MAX_BYTES = 256 * 1024  # of an answer
MAX_TOKENS = 1024

_OURS = tuple(
    ipaddress.ip_network(each)
    for each in (
        "127.0.0.0/8",
        "::1/128",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "fc00::/7",
    )
)
"""This machine and private networks. Link-local is none: clouds answer there."""
_PORTS = {"http": 80, "https": 443}
_OK = 200


class _Message(msgspec.Struct, frozen=True):
    content: str


class _Choice(msgspec.Struct, frozen=True):
    message: _Message


class _Answer(msgspec.Struct, frozen=True):
    """What is read of an answer."""

    choices: list[_Choice]


@dataclass(frozen=True, slots=True)
class _Address:
    """Where the server is, as it was set."""

    secure: bool
    host: str
    port: int
    path: str  # in front of /chat/completions


class LanguageModel:
    """Asks a server, for one draft."""

    def __init__(
        self,
        url: str,
        name: str,
        answer_seconds: float = ANSWER_SECONDS,
        draft_seconds: float = DRAFT_SECONDS,
        between: Callable[[], None] | None = None,
    ) -> None:
        """ConfigError for an address that is none. `between` is called before each question."""
        self._address = _parsed(url)
        self._name = name
        self._answer_seconds = answer_seconds
        self._until = monotonic() + draft_seconds
        self._between = between

    @property
    def name(self) -> str:
        """Of the model, as it was set."""
        return self._name

    @property
    def parameters(self) -> Mapping[str, str | int | float]:
        """The same each time, so that the same is answered where a server keeps to them."""
        return {"temperature": 0, "seed": 1, "max_tokens": MAX_TOKENS}

    def ask(self, system: str, data: str, shape: Mapping[str, object]) -> str:
        """The answer to `data`; NoAnswerError, NonsenseError. What is wrong is logged by its kind."""
        if self._between is not None:
            self._between()
        question = {
            "model": self._name,
            "messages": [
                {"role": "system", "content": system},
                {"role": "user", "content": data},
            ],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": True, "schema": shape},
            },
            "stream": False,
            **self.parameters,
        }
        try:
            return _content(self._sent(json.dumps(question).encode()))
        except (OSError, HTTPException, NoAnswerError) as error:
            log.warning("no answer from the language model", extra={"reason": type(error).__name__})
            raise NoAnswerError from error

    def _sent(self, question: bytes) -> bytes:
        began = monotonic()
        seconds = min(self._answer_seconds, self._until - began)
        if seconds <= 0:
            raise NoAnswerError
        path = f"{self._address.path}/chat/completions"
        with _open(self._address, seconds) as connection:
            connection.request("POST", path, question, {"Content-Type": "application/json"})
            response = connection.getresponse()
            if response.status != _OK:  # a redirect is followed nowhere
                raise NoAnswerError
            answer = response.read(MAX_BYTES + 1)
        if len(answer) > MAX_BYTES or monotonic() >= began + seconds:  # cut off: not all of it
            raise NoAnswerError
        return answer


def language_model(
    settings: Settings, between: Callable[[], None] | None = None
) -> LanguageModel | None:
    """What `settings` ask for; None where none is set. ConfigError."""
    if not settings.llm_url:
        return None
    if not settings.llm_model:
        raise ConfigError("'llm_url' is set: set 'llm_model' to a model that the server there has")
    return LanguageModel(settings.llm_url, settings.llm_model, between=between)


def require_private(settings: Settings) -> None:
    """ConfigError unless the language model that is set, if any, is here or on a private network.

    A name that cannot be looked up now is let pass: it is looked at again at each connection.
    """
    if language_model(settings) is None:
        return
    address = _parsed(settings.llm_url)
    try:
        found = _resolved(address)
    except OSError:
        return
    if not all(_is_ours(each) for each in found):
        raise ConfigError(
            "'llm_url' leads out of this machine and its private network, and nothing that was said "
            "may go there: set an address here, for example http://127.0.0.1:8080/v1, or leave it empty"
        )
    if not address.secure and not all(ipaddress.ip_address(each).is_loopback for each in found):
        raise ConfigError(
            "'llm_url' leads to another machine, and what was said must not cross a network in the "
            "open: set an https:// address"
        )


def looked_at(settings: Settings) -> str:
    """Whether the language model answers, in a sentence. ConfigError if it does not."""
    if language_model(settings) is None:
        return "none is set: sentences stand as they were said"
    require_private(settings)
    try:
        with _open(_parsed(settings.llm_url), CONNECT_SECONDS):
            return f"{settings.llm_model}, and its server lets us connect"
    except (OSError, HTTPException, NoAnswerError) as error:
        raise ConfigError(
            "the server at 'llm_url' cannot be reached: start it. Until then sentences stand as they "
            "were said"
        ) from error


def _parsed(url: str) -> _Address:
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port
        host.encode("idna")
        plain = not (parts.username or parts.password or parts.query or parts.fragment)
    except ValueError as error:
        raise _no_address() from error
    if scheme not in _PORTS or not host or not plain or not re.fullmatch(r"[!-~]+", url):
        raise _no_address()
    return _Address(scheme == "https", host, port or _PORTS[scheme], parts.path.rstrip("/"))


def _no_address() -> ConfigError:
    return ConfigError(
        "'llm_url' looks like http://127.0.0.1:8080/v1: set it so, or leave it empty"
    )


def _resolved(address: _Address) -> list[str]:
    found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def _is_ours(address: str) -> bool:
    return any(ipaddress.ip_address(address) in network for network in _OURS)


@contextmanager
def _open(address: _Address, seconds: float) -> Iterator[HTTPConnection]:
    """A connection to an address that was looked at; cut off after `seconds`, whatever comes."""
    link = _wrapped(_connected(address, min(seconds, CONNECT_SECONDS)), address)
    link.settimeout(seconds)
    # A timeout of the socket's own begins anew with each byte: one that drips would never end.
    cut = Timer(seconds, _shut, (link,))
    cut.daemon = True
    cut.start()
    try:
        if isinstance(link, ssl.SSLSocket):
            link.do_handshake()
        connection = HTTPConnection(address.host, address.port, timeout=seconds)
        connection.sock = link
        yield connection
    finally:
        cut.cancel()
        link.close()


def _connected(address: _Address, seconds: float) -> socket.socket:
    """The first of the server's addresses that answers. Unless all are ours, none is tried."""
    found = _resolved(address)
    here = address.secure or all(ipaddress.ip_address(each).is_loopback for each in found)
    if not here or not all(_is_ours(each) for each in found):
        raise NoAnswerError  # the name led somewhere else when Recorder was started
    *others, last = found
    for each in others:
        with suppress(OSError):
            return socket.create_connection((each, address.port), seconds)
    return socket.create_connection((last, address.port), seconds)


def _wrapped(plain: socket.socket, address: _Address) -> socket.socket:
    """The connection's socket; where it is secure, before anything was said."""
    if not address.secure:
        return plain
    context = ssl.create_default_context()
    return context.wrap_socket(plain, server_hostname=address.host, do_handshake_on_connect=False)


def _shut(link: socket.socket) -> None:
    try:
        # Not the one of TLS, which takes away what another thread is reading with.
        socket.socket.shutdown(link, socket.SHUT_RDWR)
    except OSError as error:
        log.debug("connection was gone already", extra={"reason": type(error).__name__})


def _content(answer: bytes) -> str:
    try:
        choices = msgspec.json.decode(answer, type=_Answer).choices
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise NonsenseError from error
    if not choices:
        raise NonsenseError
    return choices[0].message.content
