"""The pages over a store, in a process of their own that can be killed: URL FOLDER PORT."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import uvicorn

from recorder.review.web.app import create_app
from store.store import connect

_PATIENCE = 120  # seconds until a server that does not come has failed


class Serving:
    """Starts it, kills it, and starts it again at the same address."""

    def __init__(self, url: str, folder: Path, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self._command = [sys.executable, "-m", __name__, url, str(folder), str(port)]
        self._port = port
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        root = str(Path(__file__).parents[2])
        self._process = subprocess.Popen(
            self._command, cwd=root, env=os.environ | {"PYTHONPATH": root}
        )
        end = time.monotonic() + _PATIENCE
        while not self._answers():
            assert self._process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.1)

    def kill(self) -> None:
        """As a power cut does."""
        self._process.kill()
        self._process.wait()

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
        except OSError:
            return False
        return True


if __name__ == "__main__":
    url, folder, port = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    store = connect(url, folder / "vault", folder / "keys")
    app = create_app(store, team="Evolve", timezone="Europe/London")
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)
