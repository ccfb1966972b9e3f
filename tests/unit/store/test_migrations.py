from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from store import migrations
from store.cases import Case
from store.errors import DatabaseError
from store.schema import versions
from store.session import Database
from store.store import Store
from store.tables import metadata
from tests.databases import Databases, SqliteFiles, on_sqlite


def test_all_migrations_give_the_schema_of_the_tables(databases: Databases) -> None:
    database = Database(databases.empty())
    database.upgrade()
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    database.close()


def test_there_is_one_way_through_all_steps_and_one_end() -> None:
    steps = ScriptDirectory(str(Path(migrations.__file__).parent))
    found = list(steps.walk_revisions())
    assert steps.get_heads() == [versions()[-1]]
    assert len(steps.get_bases()) == 1
    before = [each.down_revision for each in found]
    assert len(set(before)) == len(found), "two steps go on from the same one"


def test_upgrading_again_changes_nothing(databases: Databases) -> None:
    database = Database(databases.empty())
    database.upgrade()
    database.upgrade()
    database.close()


@pytest.mark.usefixtures("waits_for_disks")
def test_sqlite_promises_what_the_store_relies_on(tmp_path: Path) -> None:
    database = Database(SqliteFiles(tmp_path).empty())
    expected = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "temp_store": 2}
    with database.read() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in expected}
    database.close()
    assert found == expected


@on_sqlite
def test_a_full_database_is_our_own_error_and_loses_nothing(store: Store, case: Case) -> None:
    with store.database.read() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(DatabaseError, match="disk may be full"):
        for number in range(1000):
            store.audit.record("somebody", "did something", f"thing {number}")
    assert store.cases.all() == [case]
    assert store.audit.verify() > 0
