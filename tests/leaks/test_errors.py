"""Every error there is, brought about among canaries: none of them shows one."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import ModuleType

import pytest

from recorder import errors as recorder_errors
from store import errors as store_errors
from tests.leaks import recorder_scenarios, store_scenarios
from tests.leaks.conftest import Watch
from tests.leaks.store_scenarios import Scenario
from tests.leaks.world import World

ROOTS = {store_errors.StoreError, recorder_errors.RecorderError, recorder_errors.MediaError}
"""Only what stands under them is raised, or with a sentence that is given on the spot."""
SCENARIOS: dict[type[Exception], Scenario] = {
    **store_scenarios.SCENARIOS,
    **recorder_scenarios.SCENARIOS,
}


def _classes(module: ModuleType) -> set[type[Exception]]:
    found = [each for _, each in inspect.getmembers(module, inspect.isclass)]
    own = [each for each in found if each.__module__ == module.__name__]
    return {each for each in own if issubclass(each, Exception)}


def test_every_error_is_in_this_suite() -> None:
    classes = _classes(store_errors) | _classes(recorder_errors)
    assert len(classes) > 40
    assert classes - ROOTS - SCENARIOS.keys() == set(), "a new error: say here how it comes about"
    assert SCENARIOS.keys() <= classes


@pytest.mark.parametrize("error", SCENARIOS, ids=lambda error: str(error.__name__))
def test_an_error_shows_nothing_of_what_it_is_about(
    world: World, watch: Watch, silent: Callable[[], None], error: type[Exception]
) -> None:
    with pytest.raises(error) as caught:
        SCENARIOS[error](world)
    assert type(caught.value) is error
    watch.error(caught.value)
    silent()
