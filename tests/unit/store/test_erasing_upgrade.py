"""A home where a case was erased before there were certificates."""

from __future__ import annotations

from sqlalchemy import column, table, text

from store.erasing import certificates
from store.session import Database
from tests.databases import Databases


def _home(url: str) -> Database:
    """At revision 0005, with one living case and one erased, a recording each."""
    database = Database(url)
    database.upgrade(to="0005")
    with database.write() as connection:
        for case_id, state, wrapped, erased in (
            ("living", "open", b"key", None),
            ("gone", "erased", None, 77),
        ):
            keys = {"kind": "x", "recipient": b"public", "wrapped": wrapped, "erased_at": erased}
            common = {"id": case_id, "tag": "tag " + case_id, "practitioner_id": "amara"}
            sealed = {"scope": case_id, "version": 1, "sealed": b"sealed"}
            kept = {"media_type": "wav", "kind": "audio", "header": b"header", "blob": case_id}
            times = dict.fromkeys(("recorded_at", "received_at", "attempts", "next_try_at"), 1)
            rows: dict[str, dict[str, object]] = {
                "identities": {"id": case_id, "created_at": 1, **keys},
                "cases": {**common, "state": state, "created_at": 1, **sealed},
                "recordings": {**common, **kept, "state": "drafted", "size": 5, **times, **sealed},
            }
            for name, values in rows.items():
                connection.execute(table(name, *map(column, values)).insert().values(values))
    return database


def test_what_was_erased_gets_its_certificate_and_loses_what_was_left(databases: Databases) -> None:
    database = _home(databases.empty())
    database.upgrade()
    with database.read() as connection:
        (done,) = certificates(connection)
        assert (done.kind, done.object, done.at) == ("case", "gone", 77)
        found = {
            row.id: (row.state, row.tag, row.size, row.header, row.sealed, row.blob)
            for row in connection.execute(text("SELECT * FROM recordings"))
        }
        rows = connection.execute(text("SELECT id, recipient FROM identities"))
        public = {row.id: row.recipient for row in rows}
    assert found == {
        "living": ("drafted", "tag living", 5, b"header", b"sealed", "living"),
        "gone": ("erased", "gone", 0, b"", b"", "gone"),  # its blob goes with the next sweep
    }
    assert public == {"living": b"public", "gone": b""}
    database.close()
