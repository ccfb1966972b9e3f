"""A home, for tests of what is done with one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recorder.home import Home
from tests.homes import new_home


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = new_home(tmp_path / "home", "Test team")
    yield made
    made.close()
