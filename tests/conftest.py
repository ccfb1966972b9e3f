"""What tests of several rooms share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from store.cases import Around, Case, CaseDetails
from store.people import Member
from store.records import Arrival
from store.store import Store, create

SHARED = Path(__file__).parents[2] / "shared"
"""Material for trying things on, where a machine has it; no test may need it."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """How hard the attack suites try; `--attacks 10000` is the full run."""
    parser.addoption(
        "--attacks", type=int, default=300, help="random attacks made by each attack suite"
    )


# No test times anything: a busy machine is not a defect.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new store on a real SQLite file."""
    made = create(f"sqlite:///{tmp_path / 'recorder.db'}", tmp_path / "vault", tmp_path / "keys")
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
