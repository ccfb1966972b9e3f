"""What the store promises holds on both kinds of database."""

from __future__ import annotations

import pytest

from tests.databases import on_both


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    on_both(metafunc)
