"""A home of the first schema, with its chained log, brought to the tree."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from store import private
from store.errors import AuditError, KeyUnavailableError
from store.keys import KeyRing, Lasting
from store.keystore import OLD_ROOT
from store.root import Root
from store.session import Database
from store.store import connect
from tests.databases import Databases

EVENTS = 11


@pytest.fixture
def old(databases: Databases, tmp_path: Path) -> Iterator[Database]:
    """A database at revision 0001 with eleven events, written as that version wrote them."""
    database = Database(databases.empty())
    database.upgrade(to="0001")
    root, chain = Root.new(), bytes(32)
    private.write_new(tmp_path / "keys" / OLD_ROOT, root.secret.hex().encode() + b"\n")
    keys = KeyRing(root, Lasting.of_old(root))
    with database.write() as connection:
        for seq in range(1, EVENTS + 1):
            fields = [seq, 1000 + seq, "somebody", f"did é {seq}", "thing"]
            chain = hashlib.sha256(chain + json.dumps(fields).encode()).digest()
            connection.execute(
                text("INSERT INTO audit VALUES (:a, :b, :c, :d, :e, :f)"),
                dict(zip("abcdef", (*fields, chain), strict=True)),
            )
        connection.execute(
            text("INSERT INTO audit_head VALUES (1, :seq, :hash, :mac)"),
            {
                "seq": EVENTS,
                "hash": chain,
                "mac": keys.audit_mac(EVENTS.to_bytes(8, "big") + chain),
            },
        )
    yield database
    database.close()


def _run(database: Database, statement: str) -> None:
    with database.write() as connection:
        connection.execute(text(statement))


def _url(database: Database) -> str:
    return database.engine.url.render_as_string()


def _log(database: Database) -> list[tuple[object, ...]]:
    """Every event and the head, as they stand."""
    with database.read() as connection:
        queries = ("SELECT * FROM audit ORDER BY seq", "SELECT * FROM audit_head")
        return [tuple(row) for query in queries for row in connection.execute(text(query))]


def test_the_events_of_an_old_home_verify_after_the_upgrade(old: Database, tmp_path: Path) -> None:
    store = connect(_url(old), tmp_path / "vault", tmp_path / "keys")
    assert store.audit.verify() == EVENTS
    told = [(e.seq, e.at, e.actor, e.action, e.object) for e in store.audit.events()]
    assert told == [
        (seq, 1000 + seq, "somebody", f"did é {seq}", "thing") for seq in range(1, EVENTS + 1)
    ]
    store.audit.record("somebody", "did more", "thing")
    assert store.audit.verify() == EVENTS + 1
    store.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'other' WHERE seq = 4",
        "DELETE FROM audit WHERE seq = 1",
        "DELETE FROM audit WHERE seq = 11",
        "DELETE FROM audit",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET mac = hash",
        "UPDATE audit_head SET seq = 10",
    ],
)
def test_a_log_that_was_tampered_with_is_not_made_good(
    old: Database, tmp_path: Path, statement: str
) -> None:
    _run(old, statement)
    before = _log(old)
    with pytest.raises(AuditError, match="cannot be upgraded"):
        connect(_url(old), tmp_path / "vault", tmp_path / "keys")
    assert _log(old) == before


def test_a_log_cut_back_to_an_older_link_is_not_made_good(old: Database, tmp_path: Path) -> None:
    _run(old, "DELETE FROM audit WHERE seq > 9")
    _run(old, "UPDATE audit_head SET seq = 9, hash = (SELECT hash FROM audit WHERE seq = 9)")
    with pytest.raises(AuditError, match="head"):
        connect(_url(old), tmp_path / "vault", tmp_path / "keys")


def test_an_old_log_is_not_upgraded_without_its_key(old: Database) -> None:
    before = _log(old)
    with pytest.raises(KeyUnavailableError):
        old.upgrade()
    assert _log(old) == before
