"""`recorder run`: watcher, scheduler and pages, until told to stop."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import click
import uvicorn

from recorder.commands.options import home_option, opened, port_option
from recorder.commands.running import alone, exporting, in_turn, told_to_stop, watching
from recorder.entrance import address_of, host_of, local_of
from recorder.errors import ConfigError, sentence_for
from recorder.export.schedule import Exporting
from recorder.home import Asked, Home, open_home
from recorder.identity import provider_of
from recorder.intake.adopter import Adopter
from recorder.intake.claim import Claim
from recorder.intake.folders import make_folder
from recorder.intake.hand import Hand
from recorder.intake.receive import watcher
from recorder.intake.sent import Sent
from recorder.logs import to_stderr
from recorder.making import Copies
from recorder.retention.going import run as run_rules
from recorder.retention.shown import Retaining
from recorder.review.web.app import create_app, settle
from recorder.room import notice_of
from recorder.sandbox.runner import chosen
from recorder.scheduler import Scheduler, Workers
from recorder.supervising import file_all
from recorder.workers import Pool, job, making
from store.audit import SYSTEM
from store.errors import StoreError
from store.hold import LOOK_SECONDS, Hold
from store.wrappers.passphrase import nobody

log = logging.getLogger(__name__)

_DAY_SECONDS = 24 * 3600

_LOST = (
    "this machine lost its hold on the database, so it stopped: another one may have taken over. "
    "Look whether the database can be reached, then start it again"
)


@click.command()
@home_option
@port_option
@click.option(
    "--standby", is_flag=True, help="While another machine runs, wait; then take over from it."
)
def run(home: Path | None, port: int | None, *, standby: bool) -> None:
    """Watch the intake folder, draft notes and serve the pages."""
    to_stderr(logging.INFO)
    with opened(home) as found:
        door = port or found.settings.port
        if standby:
            stand_by(found, door)
        else:
            serve(found, door, _say_ready)


def serve(home: Home, port: int, ready: Callable[[], None]) -> None:
    """Run everything; call `ready` once the pages answer. Ends at Ctrl-C or a stop signal.

    ConfigError if somebody else runs already, or if the hold on the database was lost.
    """
    stop = threading.Event()
    with alone(home) as hold:
        if home.settings.intake_by == "run":
            Claim(home.settings.intake).check()
        _serve(home, port, ready, hold, stop)
        if not (stop.is_set() or hold.look()):
            raise ConfigError(_LOST)


def stand_by(home: Home, port: int) -> None:
    """Run everything whenever nobody else does, and stand by again when the hold was lost."""
    stop = threading.Event()
    while not stop.is_set():
        click.echo("standing by")
        with told_to_stop(stop.set), in_turn(home, stop) as hold:
            if hold is None:
                return
            log.info("taking over")
            # Opened anew: while we waited, the root key or the settings may have changed.
            with closing(open_home(home.folder, Asked(nobody, home.asked.answer))) as fresh:
                _serve(fresh, port, _say_ready, hold, stop)


def _say_ready() -> None:
    click.echo("ready")


def _serve(
    home: Home, port: int, ready: Callable[[], None], hold: Hold, stop: threading.Event
) -> None:
    """Run everything until `hold` is lost, or a signal sets `stop`."""
    app = create_app(
        home.store,
        team=home.settings.team,
        timezone=home.settings.timezone,
        explain=sentence_for,
        hosts=[home.settings.host, host_of(home.settings)],
        https=address_of(home.settings).startswith("https:"),
        listen_again_percent=home.settings.listen_again_percent,
        answer_days=home.settings.answer_days,
        call_minutes=home.settings.call_minutes,
        kept_for=home.settings.kept_for,
        contact_gap_minutes=home.settings.contact_gap_minutes,
        hand=Hand(home.store),
        notice=partial(notice_of, home),
        uploads=Sent(home),
        by_account=home.settings.sign_in != "link",
        provider=provider_of(home.settings, port),
        local=local_of(home.settings),
        folder=partial(make_folder, home.settings.intake),
        numbers=(home.settings.emergency_number, home.settings.helpline),
        retention=Retaining(home),
    )
    config = uvicorn.Config(app, access_log=False, log_level="warning", server_header=False)
    server = _Server(config, ready, app.state.live.close)

    def end() -> None:
        server.should_exit = True

    def told() -> None:
        stop.set()
        end()

    with (
        closing(_listening(home.settings.host, port)) as door,
        going_on(home, _workers(home), Pool(home, making, 1), hold),
        _in_background(lambda over: _keep(hold, over, end), lambda _: settle(app)),
        # uvicorn raises the signal it was stopped by once more when it has ended. Left to the
        # system, that would cut this process off before everything else is closed in turn.
        told_to_stop(told),
    ):
        log.info("files from outside are opened closed off", extra={"by": chosen().level.value})
        if not stop.is_set():  # told while this was being opened
            server.run([door])


def _keep(hold: Hold, over: threading.Event, lost: Callable[[], None]) -> None:
    """Ask for the hold again and again; `lost` is called when it is gone."""
    while hold.look():
        if over.wait(LOOK_SECONDS):
            return
    log.error("the hold on the database was lost")
    lost()


@contextmanager
def going_on(home: Home, workers: Workers, makers: Workers, hold: Hold) -> Iterator[None]:
    """What goes on beside the pages, each in a thread of its own."""
    with (
        _taking_in(home),
        _in_background(
            Adopter(home).run,
            Sent(home).run,
            Scheduler(home, workers, hold.stands).run,
            Scheduler(home, makers, hold.stands, Copies()).run,
            _Upkeep(home).run,
            _Exports(home).run,
        ),
    ):
        yield


@contextmanager
def _taking_in(home: Home) -> Iterator[None]:
    """The watcher, unless a process without the root key has been set to watch."""
    if home.settings.intake_by == "receive":
        yield
        return
    with watching(home.folder), _in_background(watcher(home).run):
        yield


def _listening(host: str, port: int) -> socket.socket:
    """Where the pages answer. uvicorn, left to do it, ends the process when it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        raise ConfigError(
            f"port {port} on {host} cannot be used: something else may be using it. "
            "Set another 'port' or give one with --port"
        ) from error


def _workers(home: Home) -> Workers:
    """Processes on this machine, or whoever joins from others."""
    if not home.settings.cluster:
        return Pool(home, job, home.settings.workers)
    try:
        from recorder.cluster import Cluster  # noqa: PLC0415 - an extra, and slow to load
    except ImportError as error:
        raise ConfigError("'cluster' is set: install Recorder's extra 'cluster'") from error
    return Cluster(home)


class _Server(uvicorn.Server):
    """Says when it answers, and ends what would never end by itself."""

    def __init__(
        self, config: uvicorn.Config, ready: Callable[[], None], ending: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._ending = ending

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._ending()
        await super().shutdown(sockets)


class _Upkeep:
    """Every hour, verifies and signs the audit log, finishes erasures and sweeps orphan blobs."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._next_day = 0.0

    def run(self, stop: threading.Event, pause_seconds: float = 3600) -> None:
        """Do it at once and then every hour until told to stop; what fails is tried again."""
        while not stop.is_set():
            self._attempt("checkpoint not written", self._sign)
            self._attempt("supervision not filed", partial(file_all, self._home.store))
            self._attempt("erasure not finished", self._home.store.erasing.sweep)
            self._attempt(
                "restrictions not looked at", self._home.store.circles.restrictions.undone
            )
            self._attempt("orphan blobs not swept", self._home.store.strays.sweep)
            self._attempt("retention not run", self._retain)
            stop.wait(pause_seconds)

    def _retain(self) -> None:
        """Once a day, what is due by the rules goes, if they are switched on."""
        if time.monotonic() >= self._next_day:
            run_rules(self._home, SYSTEM)
            self._next_day = time.monotonic() + _DAY_SECONDS

    def _sign(self) -> Path:
        return self._home.store.audit.checkpoint(self._home.settings.checkpoints)

    def _attempt(self, failed: str, task: Callable[[], object]) -> None:
        try:
            task()
        except (StoreError, OSError) as error:
            log.error(failed, extra={"reason": type(error).__name__})  # noqa: TRY400 - a traceback may show paths


class _Exports:
    """Every minute, ends an export that was cut off, and exports if the settings say that it is time."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def run(self, stop: threading.Event, pause_seconds: float = 60) -> None:
        """Do it at once and then every minute until told to stop; what fails is tried again."""
        while not stop.is_set():
            try:
                with exporting(self._home):
                    Exporting(self._home).look()
            except Exception as error:  # noqa: BLE001 - the loop's outer edge: it is tried again
                # The class only: an exception's text may hold content.
                log.error("not exported by itself", extra={"reason": type(error).__name__})  # noqa: TRY400
            stop.wait(pause_seconds)


@contextmanager
def _in_background(*loops: Callable[[threading.Event], None]) -> Iterator[None]:
    stop = threading.Event()
    threads = [threading.Thread(target=loop, args=(stop,), daemon=True) for loop in loops]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
