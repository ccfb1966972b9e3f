"""The fixture of the intake tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recorder.sample import enrol
from tests.homes import new_home
from tests.integration.intake.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """With the settings that a new home has: still for 30 seconds, over three looks."""
    home = new_home(tmp_path / "home")
    yield Desk(home, enrol(home))
    home.close()
