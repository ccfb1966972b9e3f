"""The one way to a language model: an OpenAI-compatible server here or on a private network.

Nothing goes anywhere else: each connection is made to an address that was looked at first, by no
proxy, and no redirect is followed. An answer has a bounded time and size.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from threading import Timer
from time import monotonic

import msgspec

from recorder.config import Settings
from recorder.errors import ConfigError
from recorder.modeladdress import Address, address_of, is_ours, parsed, require_private, resolved
from transcribe.draft.llm import NoAnswerError, NonsenseError

log = logging.getLogger(__name__)

ANSWER_SECONDS = 120  # for one answer, from the first byte of the question to the last of it
DRAFT_SECONDS = 900  # for all that is asked of one draft
CONNECT_SECONDS = 5
MAX_BYTES = 256 * 1024  # of an answer
MAX_TOKENS = 1024

_OK = 200


class _Message(msgspec.Struct, frozen=True):
    content: str


class _Choice(msgspec.Struct, frozen=True):
    message: _Message


class _Answer(msgspec.Struct, frozen=True):
    """What is read of an answer."""

    choices: list[_Choice]


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
        self._address = parsed(url)
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
    if address_of(settings) is None:
        return None
    return LanguageModel(settings.llm_url, settings.llm_model, between=between)


def looked_at(settings: Settings) -> str:
    """Whether the language model answers, in a sentence. ConfigError if it does not."""
    if language_model(settings) is None:
        return "none is set: sentences stand as they were said"
    require_private(settings)
    try:
        with _open(parsed(settings.llm_url), CONNECT_SECONDS):
            return f"{settings.llm_model}, and its server lets us connect"
    except (OSError, HTTPException, NoAnswerError) as error:
        raise ConfigError(
            "the server at 'llm_url' cannot be reached: start it. Until then sentences stand as they "
            "were said"
        ) from error


@contextmanager
def _open(address: Address, seconds: float) -> Iterator[HTTPConnection]:
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


def _connected(address: Address, seconds: float) -> socket.socket:
    """The first of the server's addresses that answers. Unless all are ours, none is tried."""
    found = resolved(address)
    here = address.secure or all(ipaddress.ip_address(each).is_loopback for each in found)
    if not here or not all(is_ours(each) for each in found):
        raise NoAnswerError  # the name led somewhere else when Recorder was started
    *others, last = found
    for each in others:
        with suppress(OSError):
            return socket.create_connection((each, address.port), seconds)
    return socket.create_connection((last, address.port), seconds)


def _wrapped(plain: socket.socket, address: Address) -> socket.socket:
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
