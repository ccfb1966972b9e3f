"""A restriction taken away in the database: the case stays shut, and it is told of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from store.restrictions import REGISTER
from tests.attacks.oracle import Attack, Attacks
from tests.attacks.world import Values, World, fill, opened

_ROW = ("circles", REGISTER)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with opened(tmp_path) as made:
        fill(made, Random(24))
        yield made


def _copies(world: World) -> list[Values]:
    """The register as it stood at different times; as it stands last."""
    store, case_id = world.store, world.cases[0].id
    found = [world.values(_ROW)]
    for _ in range(2):
        store.circles.lift(case_id, "over", "test")
        found.append(world.values(_ROW))
        store.circles.restrict(case_id, "again", "test")
        found.append(world.values(_ROW))
    return found


def _meddled(tried: Attack, copies: list[Values]) -> Values | None:
    """What somebody without the key can make of the register; None: nothing is left of it."""
    now, kind = copies[-1], tried.chance.randrange(5)
    if kind == 0:
        return None
    if kind == 1:
        return tried.chance.choice(copies[:-1])
    if kind == 2:  # as it was, said to be as it is
        return tried.chance.choice(copies[:-1]) | {"version": now["version"]}
    if kind == 3:
        sealed = bytearray(now["sealed"])
        sealed[tried.chance.randrange(len(sealed))] ^= 1 << tried.chance.randrange(8)
        return now | {"sealed": bytes(sealed)}
    return now


def test_a_restriction_that_is_deleted_or_put_back_holds_and_is_told_of(
    world: World, attack: Attacks
) -> None:
    copies, room = _copies(world), world.store.circles.restrictions
    shut = world.store.circles.restricted()
    assert len(shut) > 1
    assert room.undone() == []
    with attack("7 restrictions taken away", 1_000) as tried:
        while tried.attempts < tried.planned:
            gone = tried.chance.sample(sorted(shut), tried.chance.randint(1, len(shut)))
            register = _meddled(tried, copies)
            places = ", ".join("?" * len(gone))
            rows = f"kind = 'restricted' AND case_id IN ({places}) OR id = ?"
            with world.without("circles", rows, *gone, REGISTER):
                if register is not None:
                    names, values = ", ".join(register), tuple(register.values())
                    marks = ", ".join("?" * len(values))
                    world.do(f"INSERT INTO circles ({names}) VALUES ({marks})", *values)  # noqa: S608 - constants
                holds, told = world.store.circles.restricted(), set(room.undone())
                tried.check((gone, register), well=holds == shut and set(gone) <= told)
            assert room.undone() == []


def test_whoever_cuts_it_out_of_the_log_as_well_is_found_by_the_log(
    world: World, attack: Attacks
) -> None:
    copies = _copies(world)
    world.do("DROP TRIGGER IF EXISTS audit_no_delete")
    with attack("7 restrictions taken out of the log, too", 200) as tried:
        while tried.attempts < tried.planned:
            earlier = tried.chance.choice(copies[:-1])
            world.put({_ROW: earlier})
            later = "object = ? AND action LIKE 'circles sealed anew%' AND seq > ?"
            (since,) = world.row(
                "SELECT max(seq) FROM audit WHERE object = ? AND action = ?",
                REGISTER,
                f"circles sealed anew: {earlier['version']}",
            )
            with world.without("audit", later, REGISTER, since):
                tried.refuse(since, world.store.audit.verify)
            world.undo()
    assert world.store.audit.verify()
