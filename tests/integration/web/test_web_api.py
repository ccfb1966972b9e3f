"""What scripts ask is answered as the description of the API says, whatever is sent and by whom."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from recorder.review.web.security import API
from tests.attacks.oracle import Attack, Attacks
from tests.integration.web.matrix import ADDRESS, NOBODY, World, browser, build

_CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
_FULL = 2_000
_ROUNDS = 50  # by far enough, where an address can be asked at all
_WHO = ("amara", "ben", "ruth", "jordan", NOBODY)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = build(tmp_path)
    yield made
    made.store.close()


def described(world: World) -> dict[str, Any]:
    """The description of the addresses that scripts ask."""
    whole = world.app.openapi()
    paths = {path: said for path, said in whole["paths"].items() if path.startswith(API)}
    return {**whole, "paths": paths}


def test_the_description_is_served_to_nobody(world: World) -> None:
    client = browser(world.app)
    for token in world.tokens.values():
        headers = {"cookie": f"session={token}"}
        assert client.get("/openapi.json", headers=headers).status_code == 404


class Caller:
    """Sends what a case says to an address of ours, as one of the people and about something of theirs."""

    def __init__(self, world: World, tried: Attack) -> None:
        self._world, self._tried = world, tried
        self.chance = tried.chance
        self._client = browser(world.app)

    def call(self, case: schemathesis.Case[Any]) -> None:
        """As everybody in turn, once about what the case names and once about what there is."""
        if self._tried.attempts >= self._tried.planned:
            return
        who = _WHO[self._tried.attempts % len(_WHO)]
        token = self._world.tokens[who]
        if self._tried.attempts % 3:
            known = self._world.sides[0].ids
            case.path_parameters = {
                name: known.get(name, value) for name, value in case.path_parameters.items()
            }
        sent = case.as_transport_kwargs(base_url=ADDRESS)
        sent["headers"] = {
            **sent["headers"],
            "cookie": f"session={token}",
            "x-csrf-token": self._world.store.access.csrf(token),
            "tus-resumable": "1.0.0",
            "upload-offset": "0",
            "upload-length": "9",
        }
        sent.pop("cookies", None)
        if isinstance(sent.get("data"), bytes | str):
            sent["content"] = sent.pop("data")
        answer = self._client.request(**sent)
        try:
            case.validate_response(answer, checks=_CHECKS)
        except FailureGroup as wrong:
            self._tried.check([str(each)[:300] for each in wrong.exceptions], well=False)
        else:
            self._tried.check(None, well=True)


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_address_of_scripts_answers_as_described(
    world: World, attack: Attacks, mode: GenerationMode
) -> None:
    schema = schemathesis.openapi.from_dict(described(world))
    operations = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    assert len(operations) >= 2, "not all of them can be asked"
    with attack(f"26 the JSON API, asked in a {mode.value} way", _FULL) as tried:
        caller, each = Caller(world, tried), max(tried.planned // len(operations), len(_WHO))
        for _ in range(_ROUNDS):
            if tried.attempts >= tried.planned:
                break
            for operation in operations:
                run(operation.as_strategy(generation_mode=mode), caller, each)


def run(cases: SearchStrategy[schemathesis.Case[Any]], caller: Caller, most: int) -> None:
    """At most so many of them; where nothing can be sent, nothing can be sent wrongly."""
    asked = settings(
        max_examples=most,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )(given(case=cases)(caller.call))
    with suppress(Unsatisfiable):
        seed(caller.chance.getrandbits(32))(asked)()
