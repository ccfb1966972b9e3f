"""The pages behind a real server, and work that goes on meanwhile."""

from __future__ import annotations

import asyncio
import threading

import pytest
import uvicorn
from fastapi import FastAPI

from recorder.commands.serve import _listening, _Server
from recorder.review.web.live import Live
from store.records import PROBED, Recording
from store.store import Store

MINUTE = 60_000
PATIENCE = 60  # seconds until a wait that never ends has failed


class Server:
    """The app behind the server that `recorder run` uses."""

    def __init__(self, app: FastAPI) -> None:
        self.live: Live = app.state.live
        ready = threading.Event()
        config = uvicorn.Config(app, access_log=False, log_level="error")
        self._server = _Server(config, ready.set, self.live.close)
        self._door = _listening("127.0.0.1", 0)
        self.port: int = self._door.getsockname()[1]
        # Not run(): that takes the process's signals, which are the main thread's.
        self.thread = threading.Thread(target=lambda: asyncio.run(self._server.serve([self._door])))
        self.thread.start()
        assert ready.wait(PATIENCE)

    def stop(self) -> None:
        """As a stop signal does; True once it has ended."""
        self._server.should_exit = True
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive(), "an open page kept the server from ending"
        self._door.close()


def begin(store: Store, recording: Recording) -> Recording:
    """Let its hearing be due, an hour of it."""
    with store.database.write() as connection:
        store.recordings.advance(connection, recording, PROBED, length_ms=60 * MINUTE)
    return store.recordings.get(recording.id)


def hear(store: Store, recording: Recording, parts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hear this many parts of three minutes, each in one minute."""
    for number in range(1, parts + 1):
        monkeypatch.setattr(
            "store.hearings.now_ms", lambda n=number: 1_762_362_300_000 + n * MINUTE
        )
        store.hearings.keep(recording, number, number * 3 * MINUTE, b"part")
