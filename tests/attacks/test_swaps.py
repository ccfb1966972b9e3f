"""What belongs to one record put in the place of another's: refused, and in the audit log.

By somebody who can write anything to the database and the vault, and holds no key.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Column

from store.errors import TamperedError
from store.tables import bound_columns, metadata
from tests.attacks.oracle import Attack, Attacks
from tests.attacks.world import SEALED_TABLES, Row, World, fill, key_of, opened, reading

FULL = 10_000

YOUNG = ("invitations", "calls", "keepsakes", "stories", "feedback")
LISTS = ("sightings", "teams", "memberships", "emergencies", "relistenings", *YOUNG)

Swap = Callable[[World, Random], list[Row] | None]
"""Swaps something; the rows that must not open afterwards, or None where that was no change."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with opened(tmp_path) as made:
        fill(made, Random(6))
        yield made


def _payloads(world: World, chance: Random) -> list[Row] | None:
    """The sealed payloads of any two rows, with more or less of what stands beside them."""
    one, two = chance.sample(world.sealed_rows(), 2)
    names = chance.choice((("sealed",), ("sealed", "version"), ("sealed", "version", "scope")))
    return _exchanged(world, one, two, names)


def _whole_rows(world: World, chance: Random) -> list[Row] | None:
    """All that two rows of a table hold, so that only their ids are wrong."""
    one, two = _of_one_table(world, chance, SEALED_TABLES)
    names = tuple(name for name in world.values(one) if name != key_of(one[0]))
    return _exchanged(world, one, two, names)


def _clear_columns(world: World, chance: Random) -> list[Row] | None:
    """Columns that say whose a row is: one of them, some, or all."""
    one, two = _of_one_table(world, chance, SEALED_TABLES)
    names = bound_columns(metadata.tables[one[0]])
    return _exchanged(world, one, two, tuple(chance.sample(names, chance.randint(1, len(names)))))


def _headers_and_blobs(world: World, chance: Random) -> list[Row] | None:
    one, two = _of_one_table(world, chance, ("recordings", "derived", "pieces"))
    names = chance.choice((("header",), ("blob",), ("header", "blob"), ("header", "blob", "size")))
    return _exchanged(world, one, two, names)


def _files(world: World, chance: Random) -> list[Row] | None:
    """The blobs themselves, in the vault."""
    one, two = chance.sample(list(world.originals), 2)
    paths = world.blob(one), world.blob(two)
    data = [path.read_bytes() for path in paths]
    for path, other in zip(paths, reversed(data), strict=True):
        world.put_file(path, other)
    return [("recordings", one), ("recordings", two)]


def _identities(world: World, chance: Random) -> list[Row] | None:
    """The keys of two cases: then nothing of either may open."""
    one, two = (("identities", case.id) for case in chance.sample(world.cases, 2))
    names = chance.choice((("wrapped",), ("recipient",), ("wrapped", "recipient")))
    swapped = _exchanged(world, one, two, names)
    scopes = {row_id for _, row_id in swapped or []}
    return [row for row in world.sealed_rows() if world.values(row)["scope"] in scopes]


def _notes(world: World, chance: Random) -> list[Row] | None:
    """Whose notes are: their own rows hold nothing sealed, but their versions do."""
    one, two = chance.sample(world.notes, 2)
    names = chance.choice((("practitioner_id",), ("case_id", "scope"), ("case_id",)))
    swapped = _exchanged(world, ("notes", one), ("notes", two), names)
    notes = {row_id for _, row_id in swapped or []}
    versions = [row for row in world.sealed_rows() if row[0] == "note_versions"]
    return [row for row in versions if world.values(row)["note_id"] in notes]


SWAPS: tuple[Swap, ...] = (
    *(_payloads, _payloads, _whole_rows, _clear_columns),
    *(_headers_and_blobs, _files, _identities, _notes),
)


def test_what_is_swapped_is_refused_and_audited(world: World, attack: Attacks) -> None:
    swapped, silent = "6 something swapped between two records", "6 a refusal that is not audited"
    store, young = world.store, [row for row in world.sealed_rows() if row[0] in YOUNG]
    with attack(swapped, FULL) as tried, attack(silent, FULL) as audited:
        while tried.attempts < tried.planned:
            swap = tried.chance.choice(SWAPS)
            for row in _each_list_once(_sample(swap(world, tried.chance) or [], tried)):
                _read(world, (tried, audited), (swap.__name__, row), row)
            world.undo()
            for read in (
                store.journal.recent,
                store.teams.all,
                store.emergencies.all,
                store.relistenings.all,
            ):
                read()  # seen whole again: what comes next is told of again
            for row in young:
                reading(world, row)()
    _all_opens(world)
    assert world.store.audit.verify()


@pytest.mark.parametrize("table", SEALED_TABLES)
def test_each_column_that_says_whose_a_row_is_is_bound_to_it(
    world: World, attack: Attacks, table: str
) -> None:
    columns = metadata.tables[table].columns
    names = bound_columns(metadata.tables[table])
    assert names, "no column of this table is bound"
    rows = [row for row in world.sealed_rows() if row[0] == table]
    changed, silent = "6 another value in a bound column", "6 a refusal that is not audited"
    with attack(changed, len(names)) as tried, attack(silent, len(names)) as audited:
        for name in names:
            for other in (_another(world, columns[name]), *[None] * bool(columns[name].nullable)):
                others = [
                    row
                    for row in rows
                    if world.values(row)[name] != other and not _taken(world, rows, row, other)
                ]
                for row in tried.chance.sample(others, min(1, len(others))):
                    # Within one note, two versions of one number are refused by the database.
                    moved = {"number": 99} if name == "note_id" and "number" in columns else {}
                    with world.changed(table, key_of(table), row[1], **{name: other, **moved}):
                        _read(world, (tried, audited), (table, name), row)
    _all_opens(world)


def _taken(world: World, rows: Sequence[Row], row: Row, note_id: object) -> bool:
    """Whether the database itself refuses it: what somebody did not save of a note is one row."""
    beside = [world.values(each) for each in rows if each[0] == "unsaved"]
    return any(
        (each["note_id"], each["person_id"]) == (note_id, world.values(row)["person_id"])
        for each in beside
    )


def _another(world: World, column: Column[Any]) -> object:
    """A value that stands in no row."""
    if column.name == "note_id":
        return world.notes[0]
    return 99 if column.type.python_type is int else "f" * 32


def _read(world: World, counts: tuple[Attack, Attack], what: object, row: Row) -> None:
    """One row must be refused, as tampered with, and the log must say so once."""
    tried, audited = counts
    before = len(world.found())
    tried.refuse(what, _only_tampered(reading(world, row)))
    new = world.found()[before:]
    # Each thing once; a list that leaves it out may come upon several.
    well = 0 < len(new) == len(set(new)) and "unknown" not in new
    audited.check((what, new), well=well and (len(new) == 1 or row[0] in LISTS))


def _only_tampered(read: Callable[[], object]) -> Callable[[], object]:
    def act() -> object:
        try:
            return read()
        except TamperedError:
            raise
        except Exception as error:
            raise AssertionError("it was refused for another reason") from error

    return act


def _each_list_once(rows: list[Row]) -> list[Row]:
    """What is read as a list: it tells of all that it leaves out, and of each once."""
    entries = [row for row in rows if row[0] in LISTS]
    return [row for row in rows if row not in entries[1:]]


def _sample(rows: list[Row], tried: Attack) -> list[Row]:
    return tried.chance.sample(rows, min(2, len(rows)))


def _of_one_table(world: World, chance: Random, tables: tuple[str, ...]) -> list[Row]:
    table = chance.choice(tables)
    return chance.sample([row for row in world.sealed_rows() if row[0] == table], 2)


def _exchanged(world: World, one: Row, two: Row, names: tuple[str, ...]) -> list[Row] | None:
    """The two rows, with these columns' values exchanged; None if they hold the same."""
    first, second = world.values(one), world.values(two)
    if all(first[name] == second[name] for name in names):
        return None
    forged = {
        one: {**first, **{name: second[name] for name in names}},
        two: {**second, **{name: first[name] for name in names}},
    }
    try:
        world.put(forged)
    except sqlite3.IntegrityError:  # two of one number: the database itself does not have it
        return None
    return [one, two]


def _all_opens(world: World) -> None:
    for row in world.sealed_rows():
        reading(world, row)()
