"""Every step from one version of the schema to the next, with a home in the middle of its work.

A new migration comes with three things: an entry in STEPS below, that says what the step changes and
checks what it adds; a home kept of the new version (`python -m tools.keep_home`); and nothing lost
on the way to it from any earlier one.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event, text

from store import schema
from store.cases import CaseDetails
from store.errors import DatabaseError
from store.records import QUARANTINED
from store.session import Database
from store.store import Store, connect
from store.tables import metadata
from tests.databases import Databases
from tests.unit.store import homes
from tests.unit.store.facts import DUE, facts, is_erased, missing
from tests.unit.store.homes import Kept, Rows

VERSIONS = schema.versions()


# What each step does beyond leaving every row of before as it was.


def _kinds(_before: Rows, after: Rows) -> None:
    assert {row["kind"] for row in after["identities"]} == {"X25519"}


def _tree(before: Rows, after: Rows) -> None:
    assert {(row["scope"], row["detail"]) for row in after["audit"]} == {(None, None)}
    (head,) = after["audit_head"]
    assert head["size"] == len(before["audit"])
    old = {row["hash"] for row in before["audit"]}
    assert old.isdisjoint(row["hash"] for row in after["audit"])


def _arrivals(_before: Rows, after: Rows) -> None:
    assert after["arrivals"] == after["receipts"] == after["orphans"] == []


def _hearings(_before: Rows, after: Rows) -> None:
    assert after["hearings"] == after["switches"] == []
    assert {row["length_ms"] for row in after["recordings"]} == {None}


def _openings(_before: Rows, after: Rows) -> None:
    assert after["openings"] == []


def _erasures(before: Rows, after: Rows) -> None:
    gone = [row for row in before["identities"] if row["erased_at"] is not None]
    assert gone
    certified = [(row["object"], row["at"], row["actor"]) for row in after["erasures"]]
    assert certified == [(row["id"], row["erased_at"], "system") for row in gone]
    ids = {row["id"] for row in gone}
    emptied = [row for row in after["recordings"] if row["scope"] in ids]
    assert emptied
    assert {(row["state"], row["header"], row["sealed"]) for row in emptied} == {
        ("erased", b"", b"")
    }
    for name in ("identities", "recordings"):
        theirs = "id" if name == "identities" else "scope"
        for old, new in zip(before[name], after[name], strict=True):
            assert old[theirs] in ids or new == old
    assert {row["recipient"] for row in after["identities"] if row["id"] in ids} == {b""}
    assert after["holds"] == after["backups"] == []


def _agreements(_before: Rows, after: Rows) -> None:
    assert after["agreements"] == []


def _captures(_before: Rows, after: Rows) -> None:
    assert after["captures"] == []


def _derived(_before: Rows, after: Rows) -> None:
    assert after["derived"] == after["makings"] == []


def _beside(_before: Rows, after: Rows) -> None:
    assert after["corrections"] == after["summaries"] == []


def _ways_in(_before: Rows, after: Rows) -> None:
    assert after["credentials"] == after["tries"] == after["challenges"] == []


def _since(before: Rows, after: Rows) -> None:
    assert after["notes"]
    versions, decided = before["note_versions"], before["decisions"]
    for note in after["notes"]:
        mine = [row for row in decided if row["note_id"] == note["id"]]
        led = [row["created_at"] for row in mine if row["kind"] == note["state"]]
        expected = max(led, default=note["created_at"])
        if note["state"] == "draft" and any(row["kind"] == "submitted" for row in mine):
            expected = max(r["created_at"] for r in versions if r["note_id"] == note["id"])
        assert note["since"] == expected


def _listened(before: Rows, after: Rows) -> None:
    assert after["listenings"] == after["relistenings"] == []
    films = {row["id"] for row in after["recordings"] if row["kind"] == "video"}
    for old, new in zip(before["makings"], after["makings"], strict=True):
        again = old["state"] == "made" and old["recording_id"] in films
        changed = {"state": "waiting", "attempts": 0, "next_try_at": 0} if again else {}
        assert new == old | changed


def _unsaved(_before: Rows, after: Rows) -> None:
    assert after["unsaved"] == []


def _teams(_before: Rows, after: Rows) -> None:
    assert after["teams"] == after["memberships"] == after["circles"] == after["emergencies"] == []


def _nothing(before: Rows, after: Rows) -> None:
    """An index: no row is touched."""
    assert after == before


def _uploads(_before: Rows, after: Rows) -> None:
    assert after["uploads"] == after["pieces"] == []


def _young(_before: Rows, after: Rows) -> None:
    names = ("invitations", "calls", "keepsakes", "stories", "feedback")
    assert [after[name] for name in names] == [[]] * len(names)


def _outward(_before: Rows, after: Rows) -> None:
    assert after["passages"] == after["offers"] == []


def _disposals(_before: Rows, after: Rows) -> None:
    assert after["disposals"] == []


def _redactions(_before: Rows, after: Rows) -> None:
    assert after["redactions"] == []
    assert {(row["gone_at"], row["gone_by"]) for row in after["recordings"]} == {(None, None)}


@dataclass(frozen=True, slots=True)
class Step:
    """What a migration does to rows that are there."""

    check: Callable[[Rows, Rows], None]
    touched: frozenset[str] = frozenset()  # "table.column" or "table": looked at by `check`


def _step(check: Callable[[Rows, Rows], None], *touched: str) -> Step:
    return Step(check, frozenset(touched))


STEPS = {
    "0002": _step(_kinds),
    "0003": _step(_tree, "audit.hash", "audit_head"),
    "0004": _step(_arrivals),
    "0005": _step(_hearings),
    "0006": _step(
        _erasures,
        "identities.recipient",
        *(f"recordings.{name}" for name in ("state", "tag", "size", "header", "sealed")),
    ),
    "0007": _step(_agreements),
    "0008": _step(_captures),
    "0010": _step(_derived),
    "0011": _step(_openings),
    "0013": _step(_beside),
    "0014": _step(_ways_in),
    "0019": _step(_since),
    "0017": _step(_listened, "makings.state", "makings.attempts", "makings.next_try_at"),
    "0016": _step(_unsaved),
    "0015": _step(_teams),
    "0018": _step(_uploads),
    "0025": _step(_nothing),
    "0023": _step(_nothing),
    "0024": _step(_nothing),
    "0026": _step(_young),
    "0027": _step(_nothing),
    "0028": _step(_outward),
    "0029": _step(_disposals),
    "0030": _step(_redactions),
    "0031": _step(_nothing),
}


def test_every_step_is_checked_and_every_version_has_a_home() -> None:
    assert set(STEPS) == set(VERSIONS[1:]), "a migration needs an entry in STEPS here"
    assert homes.versions() == sorted(VERSIONS), (
        "a migration needs a home: python -m tools.keep_home"
    )


@pytest.fixture
def database(
    databases: Databases, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Database]:
    """The home of a version, in a database of its own."""
    with closing(Kept.of(request.param).restore(databases.empty(), tmp_path)) as found:
        yield found


def _before(version: str) -> str:
    return VERSIONS[VERSIONS.index(version) - 1]


@pytest.mark.parametrize(
    ("database", "version"),
    [(_before(version), version) for version in STEPS],
    indirect=["database"],
)
def test_a_step_keeps_every_row_and_does_what_it_should(
    database: Database, version: str, tmp_path: Path
) -> None:
    before = homes.rows_of(database)
    assert sum(map(len, before.values())) > 60
    homes.upgrade(database, tmp_path / "keys", version)
    assert database.version() == version
    after = homes.rows_of(database)
    step = STEPS[version]
    for name, rows in before.items():
        if rows and name not in step.touched:
            kept = [column for column in rows[0] if f"{name}.{column}" not in step.touched]
            assert _only(after[name], kept) == _only(rows, kept), name
    step.check(before, after)


def _only(rows: list[dict[str, Any]], columns: list[str]) -> list[dict[str, Any]]:
    return [{column: row[column] for column in columns} for row in rows]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_home_of_any_version_opens_with_all_its_work(
    version: str, databases: Databases, tmp_path: Path
) -> None:
    kept, url = Kept.of(version), databases.empty()
    kept.restore(url, tmp_path).close()
    with closing(connect(url, tmp_path / "vault", tmp_path / "keys")) as store:
        assert missing(kept.content["facts"], facts(store)) == []
        erased = [r["id"] for r in kept.content["tables"]["cases"] if r["state"] == "erased"]
        assert [is_erased(store, each) for each in erased] == [True]
        _has_the_schema_of_the_tables(store.database)
        _works_on(store)


def _has_the_schema_of_the_tables(database: Database) -> None:
    with database.read() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def _works_on(store: Store) -> None:
    """What was due is still to be had, and what is new stands beside it."""
    due = store.recordings.due(DUE)
    assert {each.state for each in due} == set(DUE)
    for recording in due:
        store.recordings.quarantine(recording, "NoSpeech")
        assert store.recordings.get(recording.id).state == QUARANTINED
    (case,) = store.cases.all()
    added = store.cases.add(CaseDetails("EV-9", "New"), case.practitioner_id, "test")
    assert store.cases.by_ref("ev-9") == added
    person = store.people.by_handle("jordan")
    token = store.access.sign_in(store.access.new_link(person.id, "test", 60_000), 60_000)
    assert store.access.person(token, 60_000) == person.id
    for arrival in store.arrivals.ids():
        assert store.arrivals.open(arrival).payload == b"amara/e.wav"
    assert store.audit.verify() > len(due)


_OPENS = """
import sys
from pathlib import Path
from store.store import connect
folder = Path(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
store = connect(sys.argv[1], folder / "vault", folder / "keys")
print(store.audit.verify(), flush=True)
store.close()
"""


def test_of_processes_that_start_at_once_one_upgrades_and_all_open(
    databases: Databases, tmp_path: Path
) -> None:
    kept, url = Kept.of(VERSIONS[0]), databases.empty()
    kept.restore(url, tmp_path).close()
    argv = [sys.executable, "-W", "error", "-c", _OPENS, url, str(tmp_path)]
    started = [
        subprocess.Popen(argv, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(3)
    ]
    for each in started:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in started:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    said = [each.communicate()[0] for each in started]
    assert said == [f"{len(kept.content['facts']['events'])}\n"] * 3
    assert [each.returncode for each in started] == [0] * 3


def test_an_upgrade_cut_off_at_its_last_step_changes_nothing(
    databases: Databases, tmp_path: Path
) -> None:
    steps = iter(VERSIONS[2:])

    def cut(*arguments: Any) -> None:
        if arguments[2].startswith("UPDATE alembic_version") and next(steps) == VERSIONS[-1]:
            raise ZeroDivisionError

    with closing(Kept.of("0002").restore(databases.empty(), tmp_path)) as database:
        before = homes.rows_of(database)
        event.listen(database.engine, "before_cursor_execute", cut)
        with pytest.raises(ZeroDivisionError):
            homes.upgrade(database, tmp_path / "keys", "head")
        event.remove(database.engine, "before_cursor_execute", cut)
        assert database.version() == "0002"
        assert homes.rows_of(database) == before
        homes.upgrade(database, tmp_path / "keys", "head")


def test_a_database_of_a_later_version_is_left_alone(databases: Databases) -> None:
    with closing(Database(databases.empty())) as database:
        database.upgrade()
        with database.write() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(DatabaseError, match="newer version"):
            database.upgrade()
        assert database.version() == "9999"
