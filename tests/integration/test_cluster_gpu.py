"""Work that needs a GPU, and machines that have none: on a real Dask scheduler."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from msgspec import structs

from recorder.cluster import Cluster, work_for
from recorder.home import Home

_LOOKS = 600


@pytest.fixture
def asking(home: Home) -> Home:
    """A home whose work needs a GPU."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    settings = structs.replace(home.settings, cluster=f"tcp://127.0.0.1:{port}", cluster_gpu=True)
    return replace(home, settings=settings)


@contextmanager
def joined(home: Home, *, gpu: bool) -> Iterator[None]:
    """A worker, in a thread of this process."""
    stop = threading.Event()
    thread = threading.Thread(
        target=work_for, args=(home, (home.settings.cluster,), stop), kwargs={"gpu": gpu}
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def done(recording_id: str) -> str:
    return f"done {recording_id}"


def test_work_that_needs_a_gpu_waits_for_a_machine_that_has_one(
    asking: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recorder.cluster.job", done)
    cluster = Cluster(asking)
    try:
        with joined(asking, gpu=False):
            future = cluster.submit("one")
            scheduler: Any = cluster._cluster.scheduler
            until(lambda: bool(scheduler.workers))
            until(lambda: bool(scheduler.unrunnable))
            assert (cluster.room, future.done()) == (0, False)
            with joined(asking, gpu=True):
                assert future.result() == "done one"
                assert cluster.room == 1
    finally:
        cluster.close()


def until(met: Callable[[], bool]) -> None:
    for _ in range(_LOOKS):
        if met():
            return
        threading.Event().wait(0.05)
    pytest.fail("waited in vain")
