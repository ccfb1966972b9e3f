"""Databases for tests, of both kinds: new, copied, and as the raw bytes they leave on disk."""

from __future__ import annotations

import os
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import psycopg
import pytest
from sqlalchemy import delete, make_url

from store.owner import grant, vacuum
from store.session import Database
from store.tables import metadata

OWNER, APPLICATION = "recorder_owner", "recorder_app"
"""The roles of a deployment: one has made the tables, the other works with them."""

_DEBIAN = "/usr/lib/postgresql"  # its packages put server programs where no PATH leads
_TEMPLATE = "recorder_template"
# Nothing of a test's database outlives it: no need to wait for a disk.
_QUICK = ("fsync=off", "full_page_writes=off", "autovacuum=off", "shared_buffers=32MB")
_EMPTY = "; ".join(
    [
        "ALTER TABLE audit DISABLE TRIGGER ALL",
        *(
            str(delete(table)) for table in metadata.tables.values()
        ),  # TRUNCATE takes ten times longer
        "ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_no_change",
    ]
)
_LOGGED = ("log_statement=all", "log_parameter_max_length_on_error=-1", "log_connections=on")


KINDS = ("sqlite", "postgresql")
on_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
"""For what cannot happen on PostgreSQL, or has a test of its own there."""


def on_both(metafunc: pytest.Metafunc) -> None:
    """Run a test that uses a database, or a store on one, on each kind, or on its module's."""
    marks = metafunc.definition.iter_markers("parametrize")
    if "databases" in metafunc.fixturenames and all(mark.args[0] != "databases" for mark in marks):
        kinds = getattr(metafunc.module, "DATABASES", KINDS)
        metafunc.parametrize("databases", kinds, indirect=True)


class Databases(Protocol):
    """One kind of database."""

    def new(self) -> str:
        """The URL of a database that holds nothing yet, for whom the application signs in as."""

    def empty(self) -> str:
        """The URL of one without a schema, for its owner."""

    def copy(self, url: str, folder: Path) -> str:
        """The URL of a copy, in `folder` if it is a file. Nobody may have the database open."""

    def disarm(self, url: str) -> None:
        """Take out what refuses to change the audit log, as who holds the whole machine can."""

    def clean(self, url: str) -> None:
        """Do what there is to do about old copies of rows."""

    def raw(self) -> bytes:
        """Everything on disk that these databases left there."""

    def raw_tables(self) -> bytes:
        """Likewise, without what the server wrote down on the way: its logs."""


@cache
def _upgraded() -> bytes:
    """A SQLite file with our schema and no rows: making one anew takes ten times longer."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recorder.db"
        with closing(Database(f"sqlite:///{path}")) as database:
            database.upgrade()
        return path.read_bytes()


@dataclass(frozen=True)
class SqliteFiles:
    """SQLite files in one folder."""

    folder: Path

    def new(self) -> str:
        path = self._free()
        path.write_bytes(_upgraded())
        return f"sqlite:///{path}"

    def empty(self) -> str:
        return f"sqlite:///{self._free()}"

    def _free(self) -> Path:
        path = self.folder / "recorder.db"
        if path.exists():
            path = path.with_name(f"{len(list(self.folder.iterdir()))}-recorder.db")
        return path

    def copy(self, url: str, folder: Path) -> str:
        path = Path(url.removeprefix("sqlite:///"))
        for each in path.parent.glob(f"{path.name}*"):
            shutil.copy(each, folder)
        return f"sqlite:///{folder / path.name}"

    def disarm(self, url: str) -> None:
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file, file:
            named = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"
            for (name,) in file.execute(named).fetchall():
                file.execute(f"DROP TRIGGER {name}")

    def clean(self, url: str) -> None:
        assert url.startswith("sqlite")  # erasing has done it

    def raw_tables(self) -> bytes:
        return self.raw()

    def raw(self) -> bytes:
        return b"".join(path.read_bytes() for path in sorted(self.folder.glob("*recorder.db*")))


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server that listens on a socket in its own folder."""

    folder: Path
    number: Iterator[int]
    used: list[str] = field(default_factory=list)  # databases that can be emptied and used again

    def url(self, database: str, role: str) -> str:
        """The address of one of its databases, for one of its roles."""
        return f"postgresql+psycopg://{role}@/{database}?host={self.folder}"

    def run(self, *statements: str, database: str = "postgres") -> None:
        """Run statements as the superuser, each in its own transaction."""
        with self._connected(database) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def cut_off(self, database: str) -> int:
        """End every connection to a database; how many there were."""
        ending = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s"
        with self._connected("postgres") as connection:
            return len(connection.execute(ending, [database]).fetchall())

    def _connected(self, database: str) -> psycopg.Connection:
        address = f"host={self.folder} user=postgres dbname={database}"
        return psycopg.connect(address, autocommit=True)

    def create(self, how: str) -> str:
        """The name of a new database."""
        name = f"test_{next(self.number)}"
        self.run(f"CREATE DATABASE {name} {how} OWNER {OWNER} STRATEGY file_copy")
        return name

    def emptied(self) -> str:
        """The name of a database with our schema and no rows: making one anew takes longer."""
        if not self.used:
            return self.create(f"TEMPLATE {_TEMPLATE}")
        name = self.used.pop()
        self.cut_off(name)
        self.run(_EMPTY, database=name)
        return name


class PostgresDatabases:
    """Databases on one server, for one test.

    `alone`: the test may change more than rows, so that what it used is not used again.
    """

    def __init__(self, server: Server, *, alone: bool = True) -> None:
        self.server = server
        self._alone = alone
        self._made: list[str] = []
        self._lent: list[str] = []

    def new(self) -> str:
        if self._alone:
            return self.create(f"TEMPLATE {_TEMPLATE}", APPLICATION)
        self._lent.append(self.server.emptied())
        return self.server.url(self._lent[-1], APPLICATION)

    def empty(self) -> str:
        return self.create("TEMPLATE template0", OWNER)

    def copy(self, url: str, folder: Path) -> str:  # noqa: ARG002 - the server has its own folder
        address = make_url(url)
        return self.create(f"TEMPLATE {address.database}", f"{address.username}")

    def create(self, how: str, role: str) -> str:
        """The URL for `role` of a new database."""
        self._made.append(self.server.create(how))
        return self.server.url(self._made[-1], role)

    def disarm(self, url: str) -> None:
        take_out = "ALTER TABLE audit DISABLE TRIGGER ALL"
        give = f"GRANT ALL ON audit, audit_head TO {APPLICATION}"
        name = f"{make_url(url).database}"
        self.server.run(take_out, give, database=name)
        if name in self._lent:
            self._lent.remove(name)
            self._made.append(name)

    def clean(self, url: str) -> None:
        with closing(Database(self.server.url(f"{make_url(url).database}", OWNER))) as database:
            vacuum(database)

    def raw(self) -> bytes:
        return self._raw("*")

    def raw_tables(self) -> bytes:
        return self._raw("data/base/*/*")

    def _raw(self, pattern: str) -> bytes:
        self.server.run("CHECKPOINT")
        files = sorted(path for path in self.server.folder.rglob(pattern) if path.is_file())
        return b"".join(path.read_bytes() for path in files)

    def drop(self) -> None:
        """Remove what was made, give back what was lent; nobody is to be left connected to it."""
        self.server.used.extend(self._lent)
        self.server.run(*(f"DROP DATABASE {name} WITH (FORCE)" for name in self._made))


def find_programs() -> Path | None:
    """The folder of PostgreSQL's server programs, None if they are not installed."""
    on_path = shutil.which("initdb")
    if on_path is not None:
        return Path(on_path).resolve().parent
    installed = sorted(Path(_DEBIAN).glob("*/bin/initdb"), key=lambda path: path.parts[-3].zfill(3))
    return installed[-1].parent if installed else None


@contextmanager
def running(programs: Path) -> Iterator[Server]:
    """A new server with a template of our schema, stopped and removed at the end."""
    user = _user()
    # /tmp and not TMPDIR: a socket's path has to be short, and who runs the server must reach it.
    folder = Path(tempfile.mkdtemp(prefix="recorder-pg-", dir="/tmp"))
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    data = folder / "data"
    try:
        # C: text sorts by its bytes, as on SQLite.
        new = ("--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C")
        _run(user, [programs / "initdb", *new, "--pgdata", data])
        settings = (*_QUICK, *_LOGGED, "listen_addresses=", f"unix_socket_directories={folder}")
        options = " ".join(f"-c {each}" for each in settings)
        control: list[str | Path] = [programs / "pg_ctl", "--pgdata", data, "--wait"]
        _run(user, [*control, "--log", folder / "server.log", "--options", options, "start"])
        try:
            yield _with_template(Server(folder, count()))
        finally:
            _run(user, [*control, "--mode=immediate", "stop"])
    finally:
        shutil.rmtree(folder)


def _with_template(server: Server) -> Server:
    server.run(
        f"CREATE ROLE {OWNER} LOGIN",
        f"CREATE ROLE {APPLICATION} LOGIN",
        f"CREATE DATABASE {_TEMPLATE} TEMPLATE template0 OWNER {OWNER}",
    )
    database = Database(server.url(_TEMPLATE, OWNER))
    database.upgrade()
    grant(database, APPLICATION)
    database.close()
    return server


def _user() -> pwd.struct_passwd | None:
    """Whom the server runs as, where we are root; None for ourselves."""
    if os.geteuid() != 0:
        return None
    known = {each.pw_name: each for each in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _run(user: pwd.struct_passwd | None, argv: Sequence[str | Path]) -> None:
    options: dict[str, Any] = {}
    if user is not None:
        options = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": ()}
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL, cwd="/", **options)
