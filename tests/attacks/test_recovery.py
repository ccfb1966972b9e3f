"""Recovery sheets: every k of n open the home on a machine without its keys, and no fewer say anything."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import combinations
from pathlib import Path
from random import Random

import pytest

from store import shares
from store.custody import Custody, prove
from store.keystore import KeyStore, Opened
from store.root import Root
from store.session import Database
from store.shares import Share
from store.wrappers.keyfile import KeyFile
from tests.attacks.oracle import Attacks
from tests.attacks.world import fill, opened, reading, reopened

SETS = [(k, n) for n in range(2, 9) for k in range(2, n + 1)] + [(2, 16), (15, 16), (16, 16)]
K, N = 3, 5

Subset = tuple[int, tuple[int, ...]]  # of which set, and the numbers of its sheets


def _secret(number: int) -> bytes:
    return Random(number).randbytes(32)


@pytest.fixture(scope="module")
def made() -> list[list[Share]]:
    """The sheets of each set, as they are read from paper."""
    return [
        [
            shares.read(shares.sheet(each, n))
            for each in shares.split(_secret(number), k, n, "0" * 16)
        ]
        for number, (k, n) in enumerate(SETS)
    ]


def _subsets(missing: int) -> list[Subset]:
    """All those with so many sheets fewer than are needed."""
    return [
        (number, chosen)
        for number, (k, n) in enumerate(SETS)
        for chosen in combinations(range(n), k - missing)
    ]


def test_every_k_sheets_open(made: list[list[Share]], attack: Attacks) -> None:
    everyone = _subsets(0)
    with attack("14 k sheets put together", len(everyone)) as tried:
        for number, chosen in tried.some_of(everyone):
            found = shares.combine([made[number][i] for i in chosen])
            tried.check((SETS[number], chosen), well=found == _secret(number))


def test_no_fewer_sheets_open(made: list[list[Share]], attack: Attacks) -> None:
    """As they are; said to be enough; and with a made-up sheet in the place of the one missing."""
    fewer = _subsets(1)
    with attack("14 k - 1 sheets put together", 3 * len(fewer)) as tried:
        for number, chosen in tried.some_of(fewer):
            given = [made[number][i] for i in chosen]
            for forged in _ways(given, SETS[number][0], tried.chance):
                tried.refuse((SETS[number], chosen), partial(_combined, forged))
        while tried.attempts < tried.planned:
            given = [made[0][0]]
            tried.refuse("one of two", partial(_combined, _with_another(given, tried.chance)))


def _ways(given: list[Share], k: int, chance: Random) -> Iterator[list[Share]]:
    yield given
    yield [replace(each, threshold=max(k - 1, 2)) for each in given]
    yield _with_another(given, chance)


def _with_another(given: list[Share], chance: Random) -> list[Share]:
    free = [number for number in range(16) if number not in {each.number for each in given}]
    return [*given, replace(given[0], number=chance.choice(free), value=chance.randbytes(32))]


def _combined(given: Sequence[Share]) -> bytes:
    return shares.combine(given)


def test_every_k_sheets_open_a_home_on_a_clean_machine(tmp_path: Path, attack: Attacks) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with opened(home) as world:
        fill(world, Random(14), cases=1, notes=1)
        (root,) = _wrapped(home).roots
    sheets = shares.split(root.secret, K, N, _wrapped(home).home)
    with attack(
        "14 a home opened with k sheets alone", len(list(combinations(sheets, K)))
    ) as tried:
        for chosen in tried.some_of(list(combinations(sheets, K))):
            clean = tmp_path / "clean"
            clean.mkdir()
            shutil.copy(home / "recorder.db", clean)
            shutil.copytree(home / "vault", clean / "vault")
            tried.check([each.number for each in chosen], well=_recovered(clean, chosen))
            shutil.rmtree(clean)
    with attack(
        "14 a home opened with k - 1 sheets", len(list(combinations(sheets, K - 1)))
    ) as tried:
        for few in tried.some_of(list(combinations(sheets, K - 1))):
            guessed = [*few, replace(few[0], number=9, value=tried.chance.randbytes(32))]
            for given in (few, guessed):
                tried.refuse([each.number for each in few], partial(_proved, home, given))


def _wrapped(home: Path) -> Opened:
    keys = KeyStore(home / "keys")
    return keys.open({KeyFile.kind: KeyFile(keys.folder)})


def _recovered(folder: Path, given: Sequence[Share]) -> bool:
    """Whether all there is opens after a recovery by these sheets."""
    keys = KeyStore(folder / "keys")
    wrapper = KeyFile(keys.folder)
    with closing(Database(f"sqlite:///{folder / 'recorder.db'}")) as database:
        custody = Custody(database, keys, {KeyFile.kind: wrapper})
        custody.recover(Root(shares.combine(given)), wrapper)
    with reopened(folder) as world:
        rows = world.sealed_rows()
        return len(rows) > 15 and all(reading(world, row)() is not None for row in rows)


def _proved(home: Path, given: Sequence[Share]) -> object:
    url = f"sqlite:///{home / 'recorder.db'}"
    with closing(Database(url)) as database, database.read() as connection:
        return prove(connection, Root(shares.combine(given)))
