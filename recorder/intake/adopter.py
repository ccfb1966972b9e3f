"""Settling what was taken in without the root key, as it comes.

Whose a file is, is told here, by the rules that the watcher with the key has. What somebody must see
to stands in the journal; nothing that waits is dropped.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import suppress

from recorder.home import Home
from recorder.intake.adopt import File, adopt
from recorder.intake.attention import advice
from recorder.intake.identify import place
from recorder.intake.letters import FileLetter, decode
from recorder.intake.overview import Bookkeeper, Overview
from recorder.intake.owner import owner
from recorder.intake.patience import Patience
from store.arrivals import Waiting
from store.errors import StoreError, TamperedError
from store.journal import ATTENTION, NOBODY, Look
from store.receiving import ADOPTED
from store.store import Store
from store.tables import TEAM

log = logging.getLogger(__name__)


class Adopter:
    """Settles what waits, in the order it came in."""

    def __init__(self, home: Home) -> None:
        self._store = home.store
        self._pause_seconds = home.settings.scan_seconds
        self._patience = Patience()
        self._paths: dict[str, str] = {}  # of what waits, and could be opened

    def run(self, stop: threading.Event) -> None:
        """Look until told to stop; what fails is tried again."""
        while not stop.is_set():
            try:
                self.look()
            except (StoreError, OSError) as error:
                log.error("adoption looked in vain", extra={"reason": type(error).__name__})  # noqa: TRY400 - a traceback may show values
            stop.wait(self._pause_seconds)

    def look(self) -> None:
        """Settle everything that can be settled now."""
        ids = self._store.arrivals.ids()
        stuck = self._patience.among(ids)
        self._paths = {each: path for each, path in self._paths.items() if each in stuck}
        due = (each for each in ids if each not in stuck)
        opened = [found for each in due if (found := self._open_or_log(each)) is not None]
        waiting = {each.letter.path for each in opened if isinstance(each, File)}
        waiting |= set(self._paths.values())
        for found in opened:
            if isinstance(found, File):
                self._adopt_or_log(found)
            else:
                self._keep(*found, waiting)

    def _open_or_log(self, arrival_id: str) -> File | tuple[Waiting, Overview] | None:
        try:
            return opened(self._store.arrivals.open(arrival_id))
        except StoreError as error:
            self._set_aside(arrival_id, None, error)
            return None

    def _adopt_or_log(self, file: File) -> None:
        """One file's trouble stops no other."""
        lies = place(file.letter.where)
        try:
            whose = owner(self._store, lies.practitioner, lies.case_ref)
            if whose is None:
                self._tell_nobodys(file)
                return
            recording_id = adopt(self._store, file, whose)
        except StoreError as error:
            self._set_aside(file.waiting.id, file.letter.path, error)
            return
        outcome = "refused" if recording_id is None else "adopted"
        log.info("arrival settled", extra={"arrival": file.waiting.id, "outcome": outcome})

    def _tell_nobodys(self, file: File) -> None:
        """Somebody has to say whose it is; its opening may say so first."""
        self._store.journal.note(nobodys(file.letter, file.sealed.size))
        if file.letter.kind != "picture":
            self._store.openings.want(file.waiting.id)
        self._later(file.waiting.id, file.letter.path)

    def _keep(self, waiting: Waiting, seen: Overview, besides: set[str]) -> None:
        """Bring the journal to how the folder stood, and take note that it was read."""
        Bookkeeper(self._store).keep(seen, besides)
        with self._store.database.write() as connection:
            self._store.arrivals.settle(connection, waiting, ADOPTED)

    def _set_aside(self, arrival_id: str, path: str | None, error: StoreError) -> None:
        fields = {"arrival": arrival_id, "reason": type(error).__name__}
        log.error("arrival not adopted", extra=fields)
        self._later(arrival_id, path, error)

    def _later(self, arrival_id: str, path: str | None, error: StoreError | None = None) -> None:
        self._patience.later(arrival_id, error)
        if path is not None:
            self._paths[arrival_id] = path


def nobodys(letter: FileLetter, size: int) -> Look:
    """What the journal says of a file that is sealed, and nobody's yet; `size` in bytes."""
    said = (ATTENTION, size, NOBODY, advice(NOBODY), letter.signature)
    return Look(letter.path, TEAM, None, *said)


def waiting_files(store: Store) -> tuple[list[File], list[str]]:
    """Every file that waits, in order, and the ids of what does not open."""
    files, broken = [], []
    for arrival_id in store.arrivals.ids():
        try:
            found = opened(store.arrivals.open(arrival_id))
        except StoreError:
            broken.append(arrival_id)
            continue
        if isinstance(found, File):
            files.append(found)
    return files, broken


def waiting_paths(store: Store) -> Iterator[str]:
    """Of every file that waits, and of all that the folder was last said to hold, the path."""
    for arrival_id in store.arrivals.ids():
        with suppress(StoreError):  # it names nothing; `waiting_files` tells of it
            found = opened(store.arrivals.open(arrival_id))
            if isinstance(found, File):
                yield found.letter.path
            else:
                yield from found[1].paths


def opened(waiting: Waiting) -> File | tuple[Waiting, Overview]:
    """An arrival as what it is: a file, or how the folder stood."""
    letter = decode(waiting.payload)
    if isinstance(letter, Overview):
        return waiting, letter
    if waiting.sealed is None:
        raise TamperedError(f"arrival {waiting.id} has no file with it")
    return File(waiting, waiting.sealed, letter)
