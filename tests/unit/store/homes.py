"""Homes as earlier versions wrote them: see tools/keep_home.py."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, insert

from store import private
from store.custody import ring_of
from store.keystore import KeyStore
from store.session import Database
from store.wrappers.keyfile import KeyFile

_FOLDER = Path(__file__).parent / "homes"

Rows = dict[str, list[dict[str, Any]]]
"""Rows by table, in the order of their primary keys."""


def versions() -> list[str]:
    """The versions of which there is a home, oldest first."""
    return sorted(path.stem for path in _FOLDER.glob("*.json"))


@dataclass(frozen=True, slots=True)
class Kept:
    """One such home."""

    version: str
    content: dict[str, Any]

    @classmethod
    def of(cls, version: str) -> Kept:
        """The home that was kept of a version."""
        text = (_FOLDER / f"{version}.json").read_text(encoding="utf-8")
        return cls(version, json.loads(text))

    def restore(self, url: str, folder: Path) -> Database:
        """Put it into an empty database and into `folder`, as that version left it."""
        for name, text in self.content["keys"].items():
            private.write_new(folder / "keys" / name, text.encode("ascii"))
        for name, data in self.content["vault"].items():
            path = folder / "vault" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_value(data))
        database = Database(url)
        database.upgrade(to=self.version)
        with database.write() as connection:
            found = MetaData()
            found.reflect(connection)
            for name, rows in self.content["tables"].items():
                for row in rows:
                    values = {column: _value(value) for column, value in row.items()}
                    connection.execute(insert(found.tables[name]).values(values))
        return database


def upgrade(database: Database, keys: Path, to: str) -> None:
    """Take the steps to a version with the root key in its key file, as opening a home does."""
    opened = KeyStore(keys).open({KeyFile.kind: KeyFile(keys)})
    with database.read() as connection:
        ring = ring_of(connection, opened)
    database.upgrade(ring.audit_mac, to)


def rows_of(database: Database) -> Rows:
    """Every row there is."""
    found = MetaData()
    with database.read() as connection:
        found.reflect(connection)
        return {
            table.name: [
                dict(row._mapping)
                for row in connection.execute(table.select().order_by(*table.primary_key))
            ]
            for table in found.sorted_tables
            if table.name != "alembic_version"
        }


def _value(kept: Any) -> Any:
    return base64.b64decode(kept["base64"]) if isinstance(kept, dict) else kept
