"""Servers that do not answer, answer nonsense, or lead elsewhere: what was said stands."""

from __future__ import annotations

import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from recorder.languagemodel import MAX_BYTES, LanguageModel
from tests.certificates import certify
from tests.chat import Act, Question, chatting, passes, raw, saying
from tests.tidying import DAY, LINES, PEOPLE, note, stands, tidied
from transcribe.draft.llm import NONSENSE, reworded
from transcribe.model import NO_ANSWER


def _redirect(elsewhere: str) -> Act:
    def act(handler: BaseHTTPRequestHandler, _: Question) -> None:
        handler.send_response(307)
        handler.send_header("Location", f"{elsewhere}/chat/completions")
        handler.end_headers()

    return act


def test_a_redirect_is_not_followed() -> None:
    asked: list[Question] = []
    with chatting(lambda _, question: asked.append(question)) as elsewhere:
        before = note(*LINES)
        after = tidied(before, _redirect(elsewhere))
    assert stands(before, after)
    assert asked == []
    assert after.reworded[0].kept == {NO_ANSWER: 5}


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Question] = []
    with chatting(lambda _, question: asked.append(question)) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy)
        after = tidied(note(*LINES), saying(passes(lambda _, text: text, at="facts")))
    assert asked == []
    assert after.reworded[0].kept == {"same": 5}


def _endless_body(handler: BaseHTTPRequestHandler, _: Question) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _n in range(10 * MAX_BYTES // 1024):
        handler.wfile.write(b" " * 1024)


def _endless_head(handler: BaseHTTPRequestHandler, _: Question) -> None:
    handler.send_response(200)
    for n in range(1000):
        handler.send_header(f"X-{n}", "x")
    handler.end_headers()


def _dripping(handler: BaseHTTPRequestHandler, _: Question) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:  # until the other side has hung up
        handler.wfile.write(b" ")
        time.sleep(0.01)


def _dripping_head(handler: BaseHTTPRequestHandler, _: Question) -> None:
    handler.wfile.write(b"HTTP/1.1 ")
    while True:
        handler.wfile.write(b"2")
        time.sleep(0.01)


def _silent(handler: BaseHTTPRequestHandler, _: Question) -> None:
    handler.rfile.read(1)  # until the other side has hung up


def _hanging_up(handler: BaseHTTPRequestHandler, _: Question) -> None:
    handler.close_connection = True


def _no_http(handler: BaseHTTPRequestHandler, _: Question) -> None:
    handler.wfile.write(b"SSH-2.0-x\r\n")


_NO_ANSWERS: dict[str, Act] = {
    "failing": lambda handler, _: raw(handler, b"no", 500),
    "empty and 204": lambda handler, _: raw(handler, b"", 204),
    "hanging up": _hanging_up,
    "no HTTP": _no_http,
    "a body without an end": _endless_body,
    "a head without an end": _endless_head,
    "drop by drop": _dripping,
    "a head drop by drop": _dripping_head,
    "silent": _silent,
}


@pytest.mark.parametrize("act", _NO_ANSWERS.values(), ids=_NO_ANSWERS)
def test_a_server_that_does_not_answer_leaves_what_was_said(act: Act) -> None:
    before = note(*LINES)
    after = tidied(before, act, seconds=0.4)
    assert stands(before, after)
    assert after.reworded[0].kept == {NO_ANSWER: 5}


def test_a_server_that_is_away_leaves_what_was_said() -> None:
    with chatting(_silent) as url:
        pass
    before = note(*LINES)
    after = reworded(before, LanguageModel(url, "m"), PEOPLE, DAY, "r")
    assert stands(before, after)
    assert after.reworded[0].kept == {NO_ANSWER: 5}


_DEEP = "[" * 50_000
_NONSENSE: dict[str, object] = {
    "empty": "",
    "prose": "Sure! Here are the facts.",
    "cut off": '{"facts": [{"fact": "So I',
    "a list": [],
    "another key": {"notes": []},
    "one key more": {"facts": [{"fact": "x", "from": ["s1"], "harm": True}]},
    "no ids": {"facts": [{"fact": "x", "from": []}]},
    "ids of nothing": {"facts": [{"fact": "x", "from": ["s99"]}]},
    "numbers": {"facts": [{"fact": 1, "from": [1]}]},
    "no facts": {"facts": []},
    "too many": {"facts": [{"fact": "x", "from": ["s1"]}] * 100},
    "too long": {"facts": [{"fact": "x" * 5000, "from": ["s1"]}]},
    "deep": _DEEP,
    "half a character": '{"facts": [{"fact": "\\ud800", "from": ["s1"]}]}',
}


@pytest.mark.parametrize("content", _NONSENSE.values(), ids=_NONSENSE)
def test_nonsense_leaves_what_was_said(content: object) -> None:
    before = note(*LINES)
    after = tidied(before, saying(lambda _: content))
    assert stands(before, after)
    assert after.reworded[0].kept == {NONSENSE: 5}


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{}", b"[]", b'{"choices": []}', b'{"choices": [{"message": {"content": null}}]}'),
        *(b"\xff\xfe", _DEEP.encode(), b'{"x": ' + _DEEP.encode()),
    ],
)
def test_an_answer_that_is_no_chat_leaves_what_was_said(body: bytes) -> None:
    before = note(*LINES)
    after = tidied(before, lambda handler, _: raw(handler, body))
    assert stands(before, after)
    assert after.reworded[0].kept == {NONSENSE: 5}


def test_another_machine_is_known_by_its_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certify(tmp_path / "server.pem")
    before = note(*LINES)
    act = saying(passes(lambda _, text: text, at="facts"))
    with chatting(act, tmp_path / "server.pem") as url:
        unknown = reworded(before, LanguageModel(url, "m"), PEOPLE, DAY, "r")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
        known = reworded(before, LanguageModel(url, "m"), PEOPLE, DAY, "r")
    assert stands(before, unknown)
    assert unknown.reworded[0].kept == {NO_ANSWER: 5}
    assert known.reworded[0].kept == {"same": 5}


def test_over_tls_too_a_server_that_does_not_end_is_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certify(tmp_path / "server.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
    before = note(*LINES)
    with chatting(_dripping, tmp_path / "server.pem") as url:
        after = reworded(before, LanguageModel(url, "m", 0.4), PEOPLE, DAY, "r")
    assert stands(before, after)
    assert after.reworded[0].kept == {NO_ANSWER: 5}
