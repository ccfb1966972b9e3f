"""A watched folder and what happens to it: arrivals of every kind, made from a seed.

Each arrival is a little story of its own, told a step at a time among the others; between the steps
Recorder looks, starts anew, or is killed in the middle of something. Times are those of a clock that
only the story turns. The files, the store and the kills are real.
"""

from __future__ import annotations

import gc
import hashlib
import sqlite3
import struct
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import event

from recorder.errors import IntakeError
from recorder.home import Home, open_receiving
from recorder.intake import patience
from recorder.intake.adopt import adopt
from recorder.intake.adopter import Adopter, waiting_files
from recorder.intake.identify import is_ignored
from recorder.intake.keyless import Keyless
from recorder.intake.owner import Owner
from recorder.intake.receive import watcher
from recorder.intake.watch import Watcher
from store import age
from store.cases import Case
from store.files import SPARSE
from store.journal import ATTENTION
from store.receiving import Receiving
from store.session import Database
from store.vault import LocalVault

Key = tuple[str | None, str]
"""A recording: the case it belongs to, and the SHA-256 of its content."""
Story = Iterator[float]
"""Does a step, and says how many seconds pass at least until the next."""

_AT_ONCE = 15  # stories


class Killed(BaseException):
    """The process is gone, in the middle of what it did."""


def wav(content: bytes, *, says_length: bool = True) -> bytes:
    """A recording of these samples. Without a length in it, it looks whole wherever it is cut."""
    size = len(content) if says_length else 0xFFFF_FFFF - 36
    head = struct.pack(
        "<4sI8sIHHIIHH", b"RIFF", size + 36, b"WAVEfmt ", 16, 1, 1, 16000, 32000, 2, 16
    )
    return head + struct.pack("<4sI", b"data", size if says_length else 0xFFFF_FFFF) + content


@dataclass
class Arrival:
    """One story, and the recordings that must come of it."""

    kind: str
    story: Story
    due: float = 0.0
    must: set[Key] = field(default_factory=set)


Beginning = Callable[["Folder"], Story]


@dataclass
class Folder:
    """The folder, who drops into it, and Recorder beside it."""

    home: Home
    cases: tuple[Case, ...]
    handle: str
    chance: Random
    keyless: bool
    now: float = 1_000.0
    made: list[Arrival] = field(default_factory=list)
    may: set[Key] = field(
        default_factory=set
    )  # whole once, and taken back before it had to be taken
    happened: Counter[str] = field(default_factory=Counter)  # looks, kills and so on
    seen: set[str] = field(
        default_factory=set
    )  # paths that lay there at a look that was not cut off
    stuck: set[Path] = field(default_factory=set)  # cannot be removed for now
    said_to_be_whole: set[Path] = field(default_factory=set)  # by a person, though they have holes
    contents: list[bytes] = field(default_factory=list)
    names: int = 0
    _watcher: Watcher = field(init=False)
    _adopter: Adopter = field(init=False)
    _receiving: Receiving | None = None

    def __post_init__(self) -> None:
        self.restart()

    # --- Recorder ---

    def clock(self) -> float:
        return self.now

    def restart(self) -> None:
        """Another process, that remembers nothing."""
        if self.keyless:
            if self._receiving is not None:
                self._receiving.close()
            settings, self._receiving = open_receiving(self.home.folder)
            self._watcher = Watcher(settings, Keyless(settings, self._receiving), self.clock)
        else:
            self._watcher = watcher(self.home, self.clock)
        self._adopter = Adopter(self.home)

    def look(self) -> None:
        paths = set(self._lying())
        self._watcher.look()
        if self.keyless:
            self._adopter.look()
        self.seen |= paths
        self.happened["looks"] += 1

    def killed_look(self) -> None:
        """A look that ends at some call to the disk or the database, and a new start."""
        databases = [self.home.store.database]
        databases += [self._receiving._database] if self._receiving is not None else []
        with known(databases), cut_off(self.chance.randrange(1, 80), databases):
            try:
                self.look()
            except Killed:
                self.happened["kills"] += 1
        self.restart()

    def bare_look(self) -> None:
        """The drive is away: first there is no folder, then the empty one that it is mounted on."""
        root, away = self.home.settings.intake, self.home.folder / "away"
        root.rename(away)
        with suppress(IntakeError):
            self._watcher.look()
        root.mkdir()
        self._watcher.look()
        if self.chance.random() < 0.5:
            self.restart()
            self._watcher.look()
        root.rmdir()
        away.rename(root)
        self.happened["drives that were away"] += 1

    def try_again(self) -> None:
        """A person presses the button beside every file that needs somebody."""
        for entry in self.home.store.journal.waiting():
            if entry.state == ATTENTION:
                if entry.reason == SPARSE:
                    self._said_to_be_whole(self.home.settings.intake / entry.path)
                self.home.store.files.again(entry.id, "test")
                self.happened["tries again"] += 1

    def _said_to_be_whole(self, path: Path) -> None:
        """A file with a hole is taken as it is once somebody says so: it may be held as it stands."""
        (case,) = [each for each in self.cases if each.details.ref == path.parent.name]
        if path.exists():
            self.may.add(key(case, path.read_bytes()))
            self.said_to_be_whole.add(path)

    def _lying(self) -> Iterator[str]:
        root = self.home.settings.intake
        for path in root.rglob("*"):
            if path.is_file() and not is_ignored(path.name):
                yield str(path.relative_to(root))

    # --- who drops into it ---

    def case(self) -> Case:
        return self.chance.choice(self.cases)

    def path(self, case: Case, ending: str = ".wav") -> Path:
        """A new name in a case's folder, now and then an odd one."""
        odd = (
            "note",
            "Ünïcödé",
            "  a b",
            "x" * 200,
            "-rf",
            "line\nbreak",
            "\u202egnp",
            "CON",
            "a.m4a",
        )
        folder = self.home.settings.intake / self.handle / case.details.ref
        folder.mkdir(parents=True, exist_ok=True)
        self.names += 1
        return folder / f"{self.chance.choice(odd)} {self.names}{ending}"

    def content(self, size: int | None = None, *, says_length: bool = True) -> bytes:
        """A recording that there has not been before."""
        samples = self.chance.randbytes(size or self.chance.randrange(50, 1500) * 2)
        made = wav(samples, says_length=says_length)
        self.contents.append(made)
        return made

    def pause(self, most: int = 900) -> float:
        return self.chance.choice((0, 1, 10, 30, 60, most)) * self.chance.random()

    def must(self, case: Case, content: bytes) -> None:
        """This is whole and lies there: it must come to be held."""
        self.made[self._telling].must.add(key(case, content))

    def taken_back(self, case: Case, content: bytes, path: Path) -> bool:
        """Whether it still lay there; else it had been taken, and so must be held."""
        if path.exists():
            self.may.add(key(case, content))
            return True
        self.must(case, content)
        return False

    def given(self, path: Path, case: Case) -> bool:
        """Say whose a file is that waits in nobody's name; whether one from `path` does."""
        files, _ = waiting_files(self.home.store)
        lay = str(path.relative_to(self.home.settings.intake))
        for each in files:
            if each.letter.path == lay:
                maker = self.home.store.people.by_handle(self.handle)
                adopt(self.home.store, each, Owner(maker.id, case.id), "test")
                self.happened["files given to somebody"] += 1
                return True
        return False

    _telling: int = 0

    def tell(self, number: int) -> bool:
        """One step of an arrival; whether there are more."""
        arrival, self._telling = self.made[number], number
        try:
            arrival.due = self.now + next(arrival.story)
        except StopIteration:
            return False
        return True


def key(case: Case, content: bytes) -> Key:
    return case.id, hashlib.sha256(content).hexdigest()


@contextmanager
def known(databases: list[Database]) -> Iterator[None]:
    """All connections that were made in this block are closed at its end.

    A process that is gone holds no lock; here its connections would, for as long as they live.
    """
    opened: list[sqlite3.Connection] = []

    def remember(raw: sqlite3.Connection, _: object) -> None:
        opened.append(raw)

    for database in databases:
        database.engine.dispose()
        event.listen(database.engine, "connect", remember)
    try:
        yield
    finally:
        for database in databases:
            event.remove(database.engine, "connect", remember)
        for raw in opened:
            with suppress(sqlite3.ProgrammingError):  # it was closed already
                raw.rollback()
                raw.close()
        for database in databases:
            database.engine.dispose()
        gc.collect()  # one that was closed in the middle of a statement ends with the latter


@contextmanager
def cut_off(at: int, databases: list[Database]) -> Iterator[None]:
    """The `at`-th call to disk or database from here does not come back."""
    calls = 0

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **named: object) -> object:
            nonlocal calls
            calls += 1
            if calls == at:
                raise Killed
            done = real(*arguments, **named)
            calls += 1
            if calls == at:  # it was done, and nobody has heard of it
                raise Killed
            return done

        return call

    with pytest.MonkeyPatch.context() as patch:
        for database in databases:
            dialect = database.engine.dialect
            for name in ("do_execute", "do_commit"):
                patch.setattr(dialect, name, counted(getattr(dialect, name)))
        for name in ("put", "delete"):
            patch.setattr(LocalVault, name, counted(getattr(LocalVault, name)))
        patch.setattr(Path, "unlink", counted(Path.unlink))
        yield


@contextmanager
def obstinate(folder: Folder) -> Iterator[None]:
    """What is stuck cannot be removed, as in a folder without the right to write; nobody waits."""
    unlink = Path.unlink

    def refuse(path: Path, *options: bool) -> None:
        if path in folder.stuck:
            raise PermissionError(13, "x")
        unlink(path, *options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        patch.setattr(patience, "SECONDS", 0.0)
        yield


def tell_all(folder: Folder, count: int, stories: Mapping[str, Beginning]) -> None:
    """Tell `count` stories among one another, then let everything come to rest."""
    chance, going = folder.chance, list[int]()
    with obstinate(folder):
        while going or len(folder.made) < count:
            while len(going) < _AT_ONCE and len(folder.made) < count:
                kind = chance.choice(list(stories))
                folder.made.append(Arrival(kind, stories[kind](folder)))
                going.append(len(folder.made) - 1)
            due = [each for each in going if folder.made[each].due <= folder.now]
            for number in chance.sample(due, min(len(due), chance.randrange(1, 6))):
                if not folder.tell(number):
                    going.remove(number)
            _happen(folder)
        _come_to_rest(folder)


def _happen(folder: Folder) -> None:
    folder.now += folder.chance.choice((1, 5, 12, 20, 40))
    what = folder.chance.random()
    if what < 0.10:
        folder.killed_look()
    elif what < 0.14:
        folder.restart()
    elif what < 0.15:
        folder.bare_look()
    elif what < 0.16:
        folder.try_again()
    else:
        folder.look()


def _come_to_rest(folder: Folder) -> None:
    folder.stuck.clear()
    for seconds in (*[20] * 5, 700, *[20] * 5):
        folder.now += seconds
        folder.look()


def held(home: Home) -> Counter[Key]:
    """What is in the vault, and how often."""
    store = home.store
    found: Counter[Key] = Counter()
    for each in store.recordings.all():
        content = b"".join(store.recordings.open(each.id))
        found[each.case_id, hashlib.sha256(content).hexdigest()] += 1
    return found


def sealed(home: Home, content: bytes, which: int) -> bytes:
    """As a laptop seals it."""
    return b"".join(age.seal_file([home.store.laptops.recipients()[which]], [content]))


def left(home: Home) -> Iterator[Path]:
    """What lies in the folder."""
    for path in home.settings.intake.rglob("*"):
        if path.is_file():
            yield path
