"""Changes the root key of a home in processes that are killed at any step of it.

Run as `python -m tests.attacks.rotator`. Each line of the standard input is a home's folder and a
step: a process is forked, rotates, and at that step says so and waits to be killed (or, where the
step ends with "+", goes on until it is). What became of it is said in one line.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy import event

from store import fs
from store.custody import Custody
from store.keystore import KeyStore
from store.store import Store, connect
from store.wrappers.keyfile import KeyFile

_PATIENCE_SECONDS = 60


class Steps:
    """Counts what a rotation does to the disk and the database, and stops at one of them."""

    def __init__(self, stop: int, say: Callable[[], None]) -> None:
        self.made, self._stop, self._say = 0, stop, say

    def watch(self, store: Store) -> None:
        """From now on, every change is a step."""
        for name in ("create", "write", "sync", "rename", "remove", "sync_folder"):
            setattr(fs.Disk, name, self._counting(getattr(fs.Disk, name)))
        event.listen(store.database.engine, "before_cursor_execute", self._execute)
        event.listen(store.database.engine, "commit", lambda _connection: self._step())

    def _counting(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **options: Any) -> Any:
            self._step()
            return call(*arguments, **options)

        return counted

    def _execute(self, *arguments: Any) -> None:
        if arguments[2].startswith(("UPDATE", "INSERT")):
            self._step()

    def _step(self) -> None:
        if self.made == self._stop:
            self._say()
        self.made += 1


def _rotate(folder: Path, stop: int, say: Callable[[], None]) -> int:
    """Rotate to the end, unless killed; how many steps there were."""
    keys = KeyStore(folder / "keys")
    wrappers = {KeyFile.kind: KeyFile(keys.folder)}
    store = connect(f"sqlite:///{folder / 'recorder.db'}", folder / "vault", keys.folder)
    steps = Steps(stop, say)
    steps.watch(store)
    custody = Custody(store.database, keys, wrappers)
    custody.rotate(
        store.audit,
        lambda old: [(wrappers[each.kind], each.params) for each in old.entries],
        None,
        "test",
    )
    return steps.made


def _child(folder: Path, stop: int, pipe: int, *, wait: bool) -> NoReturn:
    def say() -> None:
        os.write(pipe, b".")
        while wait:
            signal.pause()

    made = _rotate(folder, stop, say)
    os.write(pipe, made.to_bytes(4, "big"))
    os._exit(0)


def _run(folder: Path, step: str, delay_s: float) -> str:
    """`killed`, or `ended` and the number of steps where there was no such one."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        _child(folder, int(step.rstrip("+")), writing, wait=not step.endswith("+"))
    os.close(writing)
    ready, _, _ = select.select([reading], [], [], _PATIENCE_SECONDS)
    said = os.read(reading, 1) if ready else b""
    if said == b".":
        time.sleep(delay_s if step.endswith("+") else 0)
        os.kill(process, signal.SIGKILL)
    rest = said + os.read(reading, 8)
    os.close(reading)
    _, status = os.waitpid(process, 0)
    if os.WIFSIGNALED(status):
        return "killed" if os.WTERMSIG(status) == signal.SIGKILL else "failed"
    made = int.from_bytes(rest[-4:], "big")
    return f"ended {made}" if os.WEXITSTATUS(status) == 0 else "failed"


def main() -> None:
    """Answer line by line."""
    for line in sys.stdin:
        folder, step, delay_ms = line.split("\t")
        sys.stdout.write(_run(Path(folder), step, float(delay_ms) / 1000) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
