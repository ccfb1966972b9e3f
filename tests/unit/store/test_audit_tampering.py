"""Random tampering by people who know the format: with the database, and with the root key too.

Each attacker starts from the same log of 40 events, of which
the first 30 stand in a checkpoint that lies where the attacker cannot reach it.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path

import pytest

from store.audit import Audit, Detail, Event
from store.checkpoint import Checkpoint, kept, load
from store.custody import unlock
from store.errors import AuditError
from store.keys import KeyRing
from store.keystore import KeyStore
from store.merkle import Edge
from store.store import Store
from store.wrappers.keyfile import KeyFile
from tests.attacks.oracle import Attacks
from tests.databases import Databases

DATABASES = ("sqlite",)  # what finds a tampered log is the same on both, and counted once
SIGNED, EVENTS = 30, 40
EACH = 556  # for each tamper and each attacker: 10,000 in all
HEAD_LABEL = b"recorder/audit/head/v2\0"

Head = tuple[int, bytes, bytes]  # size, edge, mac
Tamper = Callable[[list[Event], int, random.Random], list[Event]]


@dataclass(frozen=True, slots=True)
class Target:
    """The log that is attacked, and what each attacker may have."""

    audit: Audit
    raw: sqlite3.Connection
    events: list[Event]
    heads: list[Head]  # after each event: an old copy of the database holds one
    keys: KeyRing
    checkpoint: Checkpoint

    def put(self, events: list[Event], hashes: list[bytes], head: Head) -> None:
        """Write the attacker's log over the one that is there."""
        rows = [
            (e.seq, e.at, e.actor, e.action, e.object, e.scope, e.detail, each)
            for e, each in zip(events, hashes, strict=True)
        ]
        self.raw.execute("DELETE FROM audit")
        self.raw.executemany(
            "INSERT INTO audit (seq, at, actor, action, object, scope, detail, hash) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
        self.raw.execute("UPDATE audit_head SET size = ?, edge = ?, mac = ?", head)
        self.raw.commit()


@pytest.fixture
def target(store: Store, databases: Databases, url: str, tmp_path: Path) -> Iterator[Target]:
    raw = sqlite3.connect(tmp_path / "recorder.db")
    with closing(raw):
        heads: list[Head] = []
        for number in range(1, EVENTS + 1):
            detail = Detail("team", b"why") if number % 3 == 0 else None
            store.audit.record(f"person {number}", f"did {number}", f"thing {number}", detail)
            heads.append(raw.execute("SELECT size, edge, mac FROM audit_head").fetchone())
            if number == SIGNED:
                store.audit.checkpoint(tmp_path / "elsewhere")
        raw.execute("PRAGMA synchronous = OFF")
        databases.disarm(url)
        signed = load(kept(tmp_path / "elsewhere")[0], store.audit.signer())
        opened = KeyStore(tmp_path / "keys").open({"file": KeyFile(tmp_path / "keys")})
        with store.database.read() as connection:
            keys = unlock(connection, opened)
        yield Target(store.audit, raw, list(store.audit.events()), heads, keys, signed)


# What is done to the first `reach` events and what follows them. Each gives another log.


def _edit(events: list[Event], reach: int, chance: random.Random) -> list[Event]:
    place = chance.randrange(reach)
    event = events[place]
    other = chance.choice(
        [
            replace(event, at=event.at + chance.choice([-1, 1, 3_600_000])),
            replace(event, actor="somebody else"),
            replace(event, action=event.action + " not"),
            replace(event, object=chance.choice(events).object + "!"),
            replace(event, scope="another", detail=event.detail),
            replace(event, detail=chance.randbytes(300)),
        ]
    )
    return [*events[:place], other, *events[place + 1 :]]


def _delete(events: list[Event], reach: int, chance: random.Random) -> list[Event]:
    place = chance.randrange(reach)
    return events[:place] + events[place + chance.randint(1, 5) :]


def _insert(events: list[Event], reach: int, chance: random.Random) -> list[Event]:
    place = chance.randrange(reach)
    made_up = replace(chance.choice(events), actor="nobody")
    return [*events[:place], made_up, *events[place:]]


def _reorder(events: list[Event], reach: int, chance: random.Random) -> list[Event]:
    one, two = chance.sample(range(reach), 2)
    moved = list(events)
    moved[one], moved[two] = moved[two], moved[one]
    return moved


def _truncate(events: list[Event], reach: int, chance: random.Random) -> list[Event]:
    return events[: chance.randrange(reach)]


def _rewrite(events: list[Event], reach: int, chance: random.Random) -> list[Event]:
    length = chance.choice([len(events), reach, chance.randint(1, 2 * len(events))])
    return [Event(0, chance.getrandbits(40), "x", f"did {n}", "y") for n in range(length)]


TAMPERS: tuple[Tamper, ...] = (_edit, _delete, _insert, _reorder, _truncate, _rewrite)


def _numbered(events: list[Event]) -> list[Event]:
    return [replace(event, seq=seq) for seq, event in enumerate(events, start=1)]


def _head(edge: Edge, mac: bytes) -> Head:
    return edge.size, b"".join(edge.hashes), mac


# Three attackers, six tampers each.


@pytest.mark.parametrize("tamper", TAMPERS)
def test_who_has_the_database_only_is_found(
    target: Target, tamper: Tamper, attack: Attacks
) -> None:
    """Knows the format and mends every hash, the numbers and the head, but cannot authenticate it."""
    originals = [event.leaf() for event in target.events]
    with attack("23 the audit log changed, with the database", EACH) as tried:
        for _ in range(tried.planned):
            made = _numbered(tamper(target.events, EVENTS, tried.chance))
            assert made != target.events
            leaves = [event.leaf() for event in made]
            stale = [*originals, *leaves[EVENTS:]][: len(made)]
            # With the old head of just this length it would be an older copy put back: see below.
            old = tried.chance.choice([head for head in target.heads if head[0] != len(made)])
            mac = tried.chance.choice([old[2], bytes(32)])
            target.put(
                made,
                tried.chance.choice([leaves, stale]),
                tried.chance.choice(
                    [target.heads[-1], _head(reduce(Edge.grown, leaves, Edge()), mac)]
                ),
            )
            tried.refuse(tamper.__name__, target.audit.verify)


@pytest.mark.parametrize("tamper", TAMPERS)
def test_who_has_the_root_key_too_is_found_by_the_checkpoint_elsewhere(
    target: Target, tamper: Tamper, attack: Attacks
) -> None:
    """Makes a log that is whole in every respect; but its past is another."""
    with attack("23 the audit log rewritten, with the root key", EACH) as tried:
        for _ in range(tried.planned):
            made = _numbered(tamper(target.events, SIGNED, tried.chance))
            assert made[:SIGNED] != target.events[:SIGNED]
            leaves = [event.leaf() for event in made]
            edge = reduce(Edge.grown, leaves, Edge())
            size, data, _ = _head(edge, b"")
            mac = target.keys.audit_mac(HEAD_LABEL + size.to_bytes(8, "big") + data)
            target.put(made, leaves, (size, data, mac))
            assert target.audit.verify() == len(made), "the forgery is as good as it can be"
            with pytest.raises(AuditError) as caught:
                target.audit.verify([target.checkpoint])
            tried.check(tamper.__name__, well=caught.value.seq <= SIGNED)


def test_who_puts_an_older_copy_back_is_found_by_the_checkpoint_elsewhere(
    target: Target, attack: Attacks
) -> None:
    """Has no key, but a copy of the database from before, its head authentic."""
    with attack("23 an older audit log put back", EACH * len(TAMPERS)) as tried:
        for _ in range(tried.planned):
            length = tried.chance.randint(1, SIGNED - 1)
            older = target.events[:length]
            target.put(older, [event.leaf() for event in older], target.heads[length - 1])
            assert target.audit.verify() == length, "the copy is authentic"
            with pytest.raises(AuditError) as caught:
                target.audit.verify([target.checkpoint])
            tried.check(length, well=caught.value.seq == length + 1)


def test_what_nobody_touched_is_not_accused(target: Target) -> None:
    leaves = [event.leaf() for event in target.events]
    target.put(target.events, leaves, target.heads[-1])
    assert target.audit.verify([target.checkpoint]) == EVENTS
