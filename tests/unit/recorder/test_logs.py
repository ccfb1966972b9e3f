from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from recorder.logs import to_stderr

WORDS = "what Jordan said"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[logging.Logger]:
    """The project's log, sent to standard error; as it was before when the test is over."""
    own = logging.getLogger("recorder")
    level, handlers = own.level, own.handlers[:]
    own.handlers.clear()
    monkeypatch.setattr(logging, "raiseExceptions", True)
    to_stderr(logging.INFO)
    yield logging.getLogger("recorder.tests")
    own.handlers[:] = handlers
    own.setLevel(level)


def _fail(log: logging.Logger) -> None:
    try:
        int(WORDS)
    except ValueError:
        log.exception("stage failed", extra={"recording": "7"})


def test_a_line_has_its_fields_and_no_traceback(
    log: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    (handler,) = logging.getLogger("recorder").handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream := io.StringIO())
    _fail(log)
    assert stream.getvalue().endswith("ERROR recorder.tests: stage failed recording=7\n")
    assert capsys.readouterr().err == ""


def test_a_line_that_cannot_be_written_shows_nothing_elsewhere(
    log: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    (handler,) = logging.getLogger("recorder").handlers
    assert isinstance(handler, logging.StreamHandler)
    closed = io.StringIO()
    handler.setStream(closed)
    closed.close()
    _fail(log)
    assert capsys.readouterr().err == ""
