"""What only a server can do to us: refuse, stop, be set up wrongly."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, insert, make_url, select, text
from sqlalchemy.exc import DataError

from store import postgres
from store.cases import Case, CaseDetails
from store.errors import DatabaseError
from store.people import Member
from store.session import Database
from store.store import Store, create
from store.tables import links, metadata, people
from tests.databases import APPLICATION, OWNER, PostgresDatabases, Server

DATABASES = ("postgresql",)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    found = Database(url)
    yield found
    found.close()


def _name(url: str) -> str:
    return f"{make_url(url).database}"


_STATE = """
    SELECT (SELECT json_agg((tgname, tgenabled) ORDER BY tgname) FROM pg_trigger)::text,
        (SELECT json_agg((relname, relacl) ORDER BY relname) FROM pg_class
            WHERE relnamespace = 'public'::regnamespace)::text
"""


def _state(url: str) -> tuple[object, ...]:
    """What refuses and who may do what in a database, and how many rows each table has."""
    with closing(Database(url)) as database, database.read() as connection:
        rows = (
            connection.scalar(select(func.count()).select_from(t)) for t in metadata.sorted_tables
        )
        return (*connection.execute(text(_STATE)).one(), *rows)


def test_a_database_that_a_test_has_used_is_as_a_new_one(server: Server, tmp_path: Path) -> None:
    first = PostgresDatabases(server, alone=False)
    url = first.new()
    made = create(url, tmp_path / "vault", tmp_path / "keys")
    made.people.add(Member("", "practitioner", "amara", "Amara Cole", None), "test")
    made.close()
    first.drop()
    fresh, second = PostgresDatabases(server), PostgresDatabases(server, alone=False)
    new = _state(fresh.new())
    assert second.new() == url
    assert _state(url) == new
    assert "audit_no_change" in f"{new[0]}"
    second.drop()
    fresh.drop()


def test_a_server_that_is_not_there_is_our_own_error(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://somebody@/records?host={tmp_path}"
    with pytest.raises(DatabaseError, match="cannot be reached"):
        create(url, tmp_path / "vault", tmp_path / "keys")
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize(("name", "role"), [("no_such", APPLICATION), ("postgres", "no_such")])
def test_a_server_that_refuses_is_our_own_error(server: Server, name: str, role: str) -> None:
    database = Database(server.url(name, role))
    with pytest.raises(DatabaseError, match="refuses this user"), database.read():
        pytest.fail("it let us in")
    database.close()


def test_a_connection_cut_off_half_way_keeps_nothing_and_the_next_one_works(
    store: Store, server: Server, url: str, practitioner: Member
) -> None:
    with (
        pytest.raises(DatabaseError, match="was stopped"),
        store.database.write() as connection,
    ):
        connection.execute(text("UPDATE people SET role = 'supervisor'"))
        assert server.cut_off(_name(url)) > 0
        connection.execute(text("UPDATE people SET active = false"))
    assert store.people.get(practitioner.id) == practitioner


def test_a_connection_cut_off_while_idle_is_not_noticed(
    store: Store, server: Server, url: str, case: Case
) -> None:
    assert server.cut_off(_name(url)) > 0
    assert store.cases.get(case.id) == case


def test_a_writer_does_not_wait_for_ever(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_BEGIN", postgres._BEGIN.replace("30s", "20ms"))
    with database.write(), pytest.raises(DatabaseError, match="held"), database.write():
        pytest.fail("two write at once")


def test_a_writer_who_falls_silent_is_let_go_of(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = postgres._BEGIN
    monkeypatch.setattr(postgres, "_BEGIN", usual.replace("60s", "20ms"))
    with pytest.raises(DatabaseError, match="stood still"), database.write() as silent:
        monkeypatch.setattr(postgres, "_BEGIN", usual)
        with database.write() as other:  # waits until the server has thrown the silent one out
            other.execute(insert(links).values(tag="t", person_id="p", expires_at=1))
        silent.execute(text("SELECT 1"))
    with database.read() as connection:
        assert connection.execute(select(links.c.tag)).scalar_one() == "t"


def test_a_reader_may_not_write(database: Database) -> None:
    with pytest.raises(DatabaseError, match="takes no changes"), database.read() as connection:
        connection.execute(insert(links).values(tag="t", person_id="p", expires_at=1))


def test_a_committed_row_survives_a_power_cut_whatever_the_server_was_set_to(
    database: Database, server: Server, url: str
) -> None:
    server.run(
        f"ALTER DATABASE {_name(url)} SET synchronous_commit = off",
        f"ALTER DATABASE {_name(url)} SET default_transaction_isolation = 'serializable'",
        f"ALTER DATABASE {_name(url)} SET default_transaction_read_only = on",
    )
    with database.write() as connection:
        assert connection.scalar(text("SHOW synchronous_commit")) == "on"
        assert connection.scalar(text("SHOW transaction_isolation")) == "read committed"
        connection.execute(insert(links).values(tag="t", person_id="p", expires_at=1))
    server.run(f"ALTER DATABASE {_name(url)} SET synchronous_commit = remote_apply")
    database.engine.dispose()
    with database.write() as connection:
        assert connection.scalar(text("SHOW synchronous_commit")) == "remote_apply"
    with database.read() as connection:
        assert connection.scalar(text("SHOW transaction_isolation")) == "repeatable read"


def test_a_database_of_another_encoding_is_refused_before_a_key_is_made(
    databases: PostgresDatabases, tmp_path: Path
) -> None:
    url = databases.create(
        "TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'", OWNER
    )
    with pytest.raises(DatabaseError, match="ENCODING 'UTF8'"):
        create(url, tmp_path / "vault", tmp_path / "keys")
    assert not (tmp_path / "keys").exists()


def test_a_server_that_does_not_wait_for_its_disk_is_named(database: Database) -> None:
    with pytest.raises(DatabaseError, match="fsync"):
        database.describe()


def test_without_its_driver_it_says_which_extra_to_install(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(DatabaseError, match="'postgres' extra"):
        Database(url)


def test_a_value_that_the_server_refuses_is_not_quoted(database: Database) -> None:
    row = {"id": "i" * 33, "tag": "a secret", "role": "r", "active": True, "created_at": 1}
    sealed = {"scope": "team", "version": 1, "sealed": b""}
    with pytest.raises(DataError) as caught, database.write() as connection:
        connection.execute(insert(people).values(row | sealed))
    assert "secret" not in str(caught.value)
    with pytest.raises(DataError) as caught, database.write() as connection:
        connection.execute(text("SELECT CAST(:value AS bigint)"), {"value": "a secret"})
    assert "secret" not in f"{caught.value} {caught.value.__cause__!r} {caught.value.orig!r}"
    assert "22P02" in str(caught.value)


def test_no_content_reaches_the_servers_files_or_its_log(
    store: Store, databases: PostgresDatabases, practitioner: Member
) -> None:
    """The log holds every statement with its parameters: the server of these tests is set so."""
    names = ("Zephyrine Quillfeather", "EV-zxqv-1", "mum Oddbjorg")
    case = store.cases.add(CaseDetails(names[1], names[0]), practitioner.id, "test")
    with pytest.raises(Exception, match="exists"):
        store.cases.add(CaseDetails(names[1], names[2]), practitioner.id, "test")
    found = databases.raw()
    assert case.id.encode() in found, "the search would find what is there"
    assert b"duplicate key value" in found, "the log is searched"
    for name in names:
        assert name.encode() not in found
        assert name.encode().hex().encode() not in found
