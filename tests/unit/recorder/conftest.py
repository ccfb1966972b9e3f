"""A home, for tests of what is done with one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recorder.home import Home, create_home


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = create_home(tmp_path / "home", "Test team")
    yield made
    made.close()
