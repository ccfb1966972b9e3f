"""What tests of several rooms share."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

from store import sqlite
from store.cases import Around, Case, CaseDetails
from store.people import Member
from store.records import Arrival
from store.store import Store, create
from tests.attacks.oracle import FULL, Attack, Attacks, planned, table
from tests.databases import (
    Databases,
    PostgresDatabases,
    Server,
    SqliteFiles,
    find_programs,
    running,
)

SHARED = Path(__file__).parents[2] / "shared"
"""Material for trying things on, where a machine has it; no test may need it."""

_ATTACK = "attack"  # the property of a test's report that holds what it tried


def pytest_addoption(parser: pytest.Parser) -> None:
    """How hard the attack suites try, and at what."""
    parser.addoption(
        "--attacks",
        type=int,
        default=300,
        help=f"random attacks made by each attack suite; {FULL} is the full run",
    )
    parser.addoption(
        "--attack-seed",
        default=secrets.token_hex(4),
        help="what the random attacks follow from; a failure says which it was",
    )


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """What the attack suites tried and what came of it, as they counted it themselves."""
    reports = (each for kept in terminalreporter.stats.values() for each in kept)
    called = (each for each in reports if getattr(each, "when", "") == "call")
    attacks = [
        Attack(**counts)
        for each in called
        for name, counts in each.user_properties
        if name == _ATTACK
    ]
    if attacks:
        asked, seed = config.getoption("--attacks"), config.getoption("--attack-seed")
        terminalreporter.section(f"attacks: --attacks {asked} --attack-seed {seed}")
        for line in table(attacks):
            terminalreporter.write_line(line)


@pytest.fixture
def attack(request: pytest.FixtureRequest) -> Attacks:
    """Opens a count of attacks on one goal; it must hold where it is closed."""

    @contextmanager
    def opened(goal: str, full: int) -> Iterator[Attack]:
        config = request.config
        share = planned(full, config.getoption("--attacks"))
        made = Attack(goal, config.getoption("--attack-seed"), share)
        try:
            yield made
        finally:  # a report takes it from the process that tried to the one that prints
            request.node.user_properties.append((_ATTACK, made.counts()))
        made.hold()

    return opened


_FSYNC, _PRAGMAS = os.fsync, sqlite._PRAGMAS


@pytest.fixture(scope="session", autouse=True)
def _no_waiting_for_disks() -> Iterator[None]:
    """Nothing of a test outlives it, so it waits for no disk; what runs in processes does."""
    quick = tuple(each.replace("synchronous=FULL", "synchronous=OFF") for each in _PRAGMAS)
    assert quick != _PRAGMAS
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "fsync", lambda _handle: None)
        patched.setattr(sqlite, "_PRAGMAS", quick)
        yield


@pytest.fixture
def waits_for_disks(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of what is on the disk: all as it is shipped."""
    monkeypatch.setattr(os, "fsync", _FSYNC)
    monkeypatch.setattr(sqlite, "_PRAGMAS", _PRAGMAS)


# No test times anything: a busy machine is not a defect.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture(autouse=True)
def _steady() -> Iterator[None]:
    """While a test runs its own process's clock is not set back or forward, as the machine's may be."""
    started = time.time_ns() - time.monotonic_ns()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "time_ns", lambda: started + time.monotonic_ns())
        yield


@pytest.fixture
def every_look_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done one after another has times one after another: a second between any two."""
    clock = count(time.time_ns(), 1_000_000_000)
    monkeypatch.setattr(time, "time_ns", lambda: next(clock))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL of these tests' own, for as long as they run."""
    programs = find_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed here (on Debian: the package postgresql)")
    with running(programs) as found:
        yield found


@pytest.fixture
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Databases]:
    """Databases of one kind: SQLite's where a folder's `conftest.py` does not ask for both."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield SqliteFiles(tmp_path)
        return
    # A module for one kind does more to a database than a store does.
    alone = hasattr(request.module, "DATABASES")
    found = PostgresDatabases(request.getfixturevalue("server"), alone=alone)
    yield found
    found.drop()


@pytest.fixture
def url(databases: Databases) -> str:
    """The address of a new database."""
    return databases.new()


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[Store]:
    """A new store on a real database."""
    made = create(url, tmp_path / "vault", tmp_path / "keys")
    yield made
    made.close()


@pytest.fixture
def practitioner(store: Store) -> Member:
    return store.people.add(Member("", "practitioner", "amara", "Amara Cole", None), "test")


@pytest.fixture
def supervisor(store: Store) -> Member:
    return store.people.add(Member("", "supervisor", "ruth", "Ruth Adeyemi", None), "test")


@pytest.fixture
def case(store: Store, practitioner: Member) -> Case:
    details = CaseDetails("EV-1001", "Jordan", "900001", (Around("Tyrell", "peer"),))
    return store.cases.add(details, practitioner.id, "test")


@pytest.fixture
def young_person(store: Store, case: Case) -> Member:
    return store.people.add(Member("", "young_person", "jordan", "Jordan", case.id), "test")


@pytest.fixture
def arrival(case: Case, practitioner: Member) -> Arrival:
    """What intake would say of a voice note of the case."""
    return Arrival(
        scope=case.id,
        case_id=case.id,
        practitioner_id=practitioner.id,
        media_type="wav",
        kind="audio",
        name="note.wav",
        recorded_at=1_762_362_300_000,
        recorded_from="file",
    )
