"""Who may do what on PostgreSQL, tried out as each role."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import IntegrityError

from store import schema
from store.cases import Case
from store.errors import DatabaseError
from store.owner import grant, owns, vacuum
from store.session import Database
from store.store import Store
from store.tables import identities
from tests.databases import APPLICATION, OWNER, PostgresDatabases, Server, on_sqlite

DATABASES = ("postgresql",)

CHANGES = (
    "UPDATE audit SET actor = 'other' WHERE seq = 1",
    "UPDATE audit SET actor = 'other' WHERE false",
    "UPDATE audit SET seq = seq + 1",
    "DELETE FROM audit WHERE seq = 2",
    "DELETE FROM audit",
    "TRUNCATE audit",
    "INSERT INTO audit SELECT * FROM audit ON CONFLICT (seq) DO UPDATE SET actor = 'other'",
    "MERGE INTO audit USING audit AS old ON audit.seq = old.seq WHEN MATCHED THEN DELETE",
    "WITH gone AS (DELETE FROM audit RETURNING *) SELECT count(*) FROM gone",
)

LIFTINGS = (
    "ALTER TABLE audit DISABLE TRIGGER audit_no_change",
    "DROP TRIGGER audit_no_change ON audit",
    "DROP TABLE audit",
    "ALTER TABLE audit RENAME TO other",
    "DROP FUNCTION audit_is_append_only CASCADE",
    "DELETE FROM audit_head",
    "TRUNCATE audit_head",
    "UPDATE alembic_version SET version_num = '0001'",
    "CREATE TABLE mine (id integer)",
    "SET session_replication_role = replica",
    f"SET ROLE {OWNER}",
)


@pytest.fixture
def log(store: Store) -> Store:
    for number in range(3):
        store.audit.record("somebody", f"did {number}", "thing")
    return store


@pytest.fixture
def as_owner(server: Server, url: str) -> Iterator[Database]:
    found = Database(server.url(f"{make_url(url).database}", OWNER))
    yield found
    found.close()


@pytest.fixture
def as_superuser(server: Server, url: str) -> Iterator[Database]:
    found = Database(server.url(f"{make_url(url).database}", "postgres"))
    yield found
    found.close()


def _do(database: Database, *statements: str) -> None:
    with database.write() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_the_application_cannot_change_the_audit_log(log: Store) -> None:
    for change in CHANGES:
        with pytest.raises(DatabaseError, match="does not let this user"):
            _do(log.database, change)
    assert log.audit.verify() == 3


def test_the_owner_cannot_change_the_audit_log_by_mistake(log: Store, as_owner: Database) -> None:
    for change in CHANGES:
        with pytest.raises(DatabaseError, match="does not let this user"):
            _do(as_owner, change)
    _do(as_owner, f"GRANT ALL ON audit TO {OWNER}")
    for change in CHANGES:
        with pytest.raises(IntegrityError, match="append-only"):
            _do(as_owner, change)
    assert log.audit.verify() == 3


@pytest.mark.parametrize("playing", ["origin", "replica", "local"])
def test_a_superuser_cannot_change_the_audit_log_by_mistake(
    log: Store, as_superuser: Database, playing: str
) -> None:
    for change in CHANGES:
        with pytest.raises(IntegrityError, match="append-only"):
            _do(as_superuser, f"SET LOCAL session_replication_role = {playing}", change)
    assert log.audit.verify() == 3


def test_the_application_cannot_lift_what_protects_the_log(log: Store) -> None:
    for lifting in LIFTINGS:
        with pytest.raises(DatabaseError, match="does not let this user"):
            _do(log.database, lifting)
    assert log.audit.verify() == 3


def test_the_application_cannot_give_itself_rights(log: Store) -> None:
    _do(log.database, "GRANT ALL ON audit TO CURRENT_USER")  # a warning to the server, no error
    with pytest.raises(DatabaseError, match="does not let this user"):
        _do(log.database, CHANGES[0])


def test_only_the_owner_upgrades(databases: PostgresDatabases, server: Server) -> None:
    url = databases.empty()
    other = server.url(f"{make_url(url).database}", APPLICATION)
    with closing(Database(url)) as owner, closing(Database(other)) as application:
        owner.upgrade(to="0002")
        grant(owner, APPLICATION)
        with pytest.raises(DatabaseError, match="the owner of its tables upgrades it"):
            application.upgrade()
        owner.upgrade()
        application.upgrade()
        assert application.version() == schema.versions()[-1]
        with application.read() as connection:
            assert not owns(connection)
        with owner.read() as connection:
            assert owns(connection)


def test_tables_of_a_later_upgrade_are_the_applications_too(log: Store, as_owner: Database) -> None:
    _do(as_owner, "CREATE TABLE later (id integer)")
    _do(log.database, "INSERT INTO later VALUES (1)", "UPDATE later SET id = 2")
    _do(log.database, "DELETE FROM later")
    with pytest.raises(DatabaseError):
        _do(log.database, "DROP TABLE later")


def test_rights_are_given_to_no_role_that_could_act_as_the_owner(
    as_owner: Database, server: Server
) -> None:
    server.run("CREATE ROLE deputy", f"GRANT {OWNER} TO deputy")
    try:
        for role in (OWNER, "postgres", "deputy"):
            with pytest.raises(DatabaseError, match="could lift"):
                grant(as_owner, role)
    finally:
        server.run("DROP ROLE deputy")
    with pytest.raises(DatabaseError, match="no role of that name"):
        grant(as_owner, "nobody-here")


def test_rights_are_given_to_a_role_of_any_name(as_owner: Database, server: Server) -> None:
    name = 'Team "A"; DROP TABLE audit; --'
    quoted = '"Team ""A""; DROP TABLE audit; --"'
    server.run(f"CREATE ROLE {quoted}")
    try:
        grant(as_owner, name)
        with as_owner.read() as connection:
            asked = text("SELECT has_table_privilege(:role, 'people', 'UPDATE')")
            assert connection.scalar(asked, {"role": name}) is True
    finally:
        server.run(f"DROP OWNED BY {quoted}", database=f"{as_owner.engine.url.database}")
        server.run(f"DROP ROLE {quoted}")


def test_old_rows_are_in_the_tables_until_the_owner_has_them_cleared(
    store: Store, case: Case, databases: PostgresDatabases, url: str
) -> None:
    with store.database.read() as connection:
        key = connection.execute(select(identities.c.wrapped).filter_by(id=case.id)).scalar_one()
    store.erasing.case(case.id, "test")
    assert not store.database.fold()
    assert "vacuum" in store.database.old_copies
    assert key in databases.raw_tables()
    with pytest.raises(DatabaseError, match="for the owner"):
        vacuum(store.database)
    databases.clean(url)
    assert key not in databases.raw_tables()
    assert store.audit.verify() > 0


def test_rights_are_given_by_the_owner_only(log: Store, server: Server) -> None:
    server.run("CREATE ROLE friend")
    try:
        with pytest.raises(DatabaseError, match="for the owner"):
            grant(log.database, "friend")
    finally:
        server.run("DROP ROLE friend")


@on_sqlite
def test_a_sqlite_file_has_no_owner(store: Store) -> None:
    with pytest.raises(DatabaseError, match="SQLite"):
        grant(store.database, "somebody")
    with pytest.raises(DatabaseError, match="SQLite"):
        vacuum(store.database)
