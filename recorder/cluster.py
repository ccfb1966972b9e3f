"""Workers on other machines, by Dask: the same jobs as in a pool on this one.

This side gives jobs out; `recorder worker` on the other side takes them. Both open the same
database and vault with keys of their own, so that a job is a recording's id and nothing else. Who
can reach the scheduler's port can have code run where keys are: beyond this machine it answers only
over TLS to who shows a certificate of ours.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
import threading
from concurrent.futures import Future
from urllib.parse import urlsplit

import dask.config
from distributed import Client, LocalCluster, Security, Worker

from recorder.config import Settings
from recorder.errors import ConfigError
from recorder.home import Home
from recorder.workers import job, settle_in

log = logging.getLogger(__name__)

GPU = "GPU"
_HERE = ("127.0.0.1", "localhost", "::1")
_LOST_AFTER = "60 s"  # without a word from a worker, its jobs are given to others
_RETRIES = 3  # workers that may be lost under one job before it counts as a failed try
_PAUSE_SECONDS = 2.0
_PATIENCE = "10 s"  # with an address that does not answer, before the next one is tried


class Cluster:
    """Gives jobs to whichever machines have joined."""

    def __init__(self, home: Home) -> None:
        """Answer at the address that is set; ConfigError if it cannot be."""
        settings = home.settings
        scheme, host, port = _parts(settings.cluster)
        dask.config.set({"distributed.scheduler.worker-ttl": _LOST_AFTER})
        security = _security(settings.cluster, settings)
        try:
            self._cluster = LocalCluster(
                n_workers=0,
                host=host,
                scheduler_port=port,
                protocol=f"{scheme}://",
                security=security,
                dashboard_address=None,
                silence_logs=logging.ERROR,
            )
        except (OSError, RuntimeError) as error:
            raise ConfigError(
                f"workers cannot be let in at port {port}: something else may be using it. Set "
                "another 'cluster' address"
            ) from error
        self._client = Client(self._cluster, security=security, set_as_default=False)
        self._needs = {GPU: 1} if settings.cluster_gpu else {}
        self._executor = self._client.get_executor(
            pure=False, retries=_RETRIES, resources=self._needs
        )

    @property
    def room(self) -> int:
        """One job a worker that has joined and has what a job needs."""
        joined = self._client.scheduler_info(n_workers=-1)["workers"].values()
        return sum(
            each["nthreads"] for each in joined if self._needs.keys() <= each["resources"].keys()
        )

    def submit(self, recording_id: str) -> Future[str]:
        """Work on a recording on one of the machines."""
        future: Future[str] = self._executor.submit(job, recording_id)
        return future

    def close(self) -> None:
        """Give nothing more out. What workers have begun they end, or another start takes up."""
        self._client.close()
        self._cluster.close()


def work_for(home: Home, addresses: tuple[str, ...], stop: threading.Event, *, gpu: bool) -> None:
    """Work for the scheduler at the first of `addresses` that answers, until told to stop.

    When it is lost the others are tried, again and again: a standby may have taken its place.
    """
    settle_in(home.folder, stop.is_set, home.asked.answer)
    doors = [(each, _security(each, home.settings)) for each in addresses if _parts(each)]
    while not stop.is_set():
        for address, security in doors:
            try:
                asyncio.run(_work_at(address, security, stop, gpu=gpu))
            except (OSError, TimeoutError, asyncio.CancelledError) as error:
                log.warning("scheduler lost", extra={"reason": type(error).__name__})
        stop.wait(_PAUSE_SECONDS)


async def _work_at(
    address: str, security: Security | None, stop: threading.Event, *, gpu: bool
) -> None:
    with tempfile.TemporaryDirectory() as scratch:  # Dask wants one; ids never fill it
        worker = Worker(
            address,
            nthreads=1,
            resources={GPU: 1} if gpu else {},
            security=security,
            local_directory=scratch,
            memory_limit=0,
            dashboard=False,
            death_timeout=_PATIENCE,
            silence_logs=logging.ERROR,
        )
        async with worker:
            lost = asyncio.ensure_future(worker.finished())
            while not stop.is_set() and not lost.done():
                await asyncio.wait([lost], timeout=0.2)


def _security(address: str, settings: Settings) -> Security | None:
    """TLS with certificates on both sides, or None where all stays on this machine."""
    if not address.startswith("tls:"):
        return None
    files = {
        "tls_ca_file": settings.cluster_ca,
        "tls_scheduler_cert": settings.cluster_cert,
        "tls_scheduler_key": settings.cluster_key,
        "tls_worker_cert": settings.cluster_cert,
        "tls_worker_key": settings.cluster_key,
        "tls_client_cert": settings.cluster_cert,
        "tls_client_key": settings.cluster_key,
    }
    for path in files.values():
        if not path.is_file():
            raise ConfigError(
                "'cluster' uses TLS, and a certificate is missing: set 'cluster_ca', "
                "'cluster_cert' and 'cluster_key' to files in PEM form"
            )
    return Security(require_encryption=True, **{name: str(path) for name, path in files.items()})


def _parts(address: str) -> tuple[str, str, int]:
    """Scheme, host and port of an address; ConfigError if it is none, or is open to others."""
    parts = urlsplit(address)
    try:
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port or 0
    except ValueError:
        scheme, host, port = "", "", 0
    if scheme not in ("tcp", "tls") or not host or not port:
        raise ConfigError("a cluster's address looks like tls://10.0.0.5:8786")
    if scheme == "tcp" and host not in _HERE:
        raise ConfigError(
            "workers on other machines need TLS, because who reaches this port can run code where "
            "keys are: use a tls:// address and set 'cluster_ca', 'cluster_cert', 'cluster_key'"
        )
    return scheme, host, port
