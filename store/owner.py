"""What the role that owns the tables of a PostgreSQL database does for the one that works with them.

It gives that role its rights, and removes what the server keeps of overwritten rows.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect

from store.errors import DatabaseError
from store.faults import plainly
from store.session import Database
from store.tables import audit, audit_head, metadata

_VERSIONS = "alembic_version"


def grant(database: Database, role: str) -> None:
    """Give `role` the rights that the application needs and no others; for the tables' owner.

    It may add to the audit log and not change it, and it may not upgrade the schema. Tables that a
    later upgrade adds are included. DatabaseError if there is no such role, or if it could act as
    the owner, which would undo what the audit log is protected by.
    """
    with database.write() as connection:
        _check_owner(connection)
        _check_role(connection, role)
        quote = connection.dialect.identifier_preparer.quote
        owner = connection.exec_driver_sql(f"SELECT tableowner {_AUDIT}").scalar_one()
        tables = ", ".join(sorted(_standing(connection)))
        for statement in _statements(tables, quote(owner), quote(role)):
            connection.exec_driver_sql(statement)


def vacuum(database: Database) -> None:
    """Write the tables anew without the rows that were overwritten or deleted; for their owner.

    What was erased is in the server's write-ahead log still, until that is recycled, and in what
    was archived of it. Each table is closed to others meanwhile.
    """
    with plainly(), database.engine.connect() as connection:
        standing = connection.execution_options(isolation_level="AUTOCOMMIT")
        _check_owner(standing)
        # Nobody is ever made to wait for longer than for a writer.
        standing.exec_driver_sql("SET lock_timeout = '30s'")
        for table in _standing(standing) - {audit.name}:  # nothing in it is ever overwritten
            standing.exec_driver_sql(f"VACUUM (FULL) {table}")
        standing.invalidate()


def owns(connection: Connection) -> bool:
    """Whether this PostgreSQL user could lift the protection of the audit log."""
    query = f"SELECT pg_has_role(tableowner, 'MEMBER') {_AUDIT}"
    return bool(connection.exec_driver_sql(query).scalar_one())


_AUDIT = f"FROM pg_tables WHERE tablename = '{audit.name}' AND schemaname = current_schema()"


def _check_owner(connection: Connection) -> None:
    if connection.dialect.name != "postgresql":
        raise DatabaseError("a SQLite file has no owner in the database: this is for PostgreSQL")
    if not owns(connection):
        raise DatabaseError("this is for the owner of the tables: connect as that role")


def _check_role(connection: Connection, role: str) -> None:
    known = connection.exec_driver_sql("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,))
    if known.one_or_none() is None:
        raise DatabaseError("the database server has no role of that name: make it first")
    query = f"SELECT pg_has_role(%s, tableowner, 'MEMBER') {_AUDIT}"
    if connection.exec_driver_sql(query, (role,)).scalar_one():
        raise DatabaseError(
            "that role is the owner, a superuser or a member of the owner: it could lift the "
            "protection of the audit log. Give another one"
        )


def _standing(connection: Connection) -> set[str]:
    """Those of our tables that are there: an older schema has fewer."""
    return set(inspect(connection).get_table_names()) & set(metadata.tables)


def _statements(tables: str, owner: str, role: str) -> list[str]:
    rights = "SELECT, INSERT, UPDATE, DELETE"
    return [
        f"REVOKE ALL ON {tables}, {_VERSIONS} FROM {role}",
        f"GRANT {rights} ON {tables} TO {role}",
        f"REVOKE UPDATE, DELETE ON {audit.name} FROM {role}",
        f"REVOKE DELETE ON {audit_head.name} FROM {role}",
        f"GRANT SELECT ON {_VERSIONS} TO {role}",
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT {rights} ON TABLES TO {role}",
    ]
