"""Transactions as the store relies on them, on both kinds of database."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from store.cases import Case, CaseDetails
from store.errors import BusyError, DatabaseError, DuplicateError, KeyUnavailableError
from store.notes import Note
from store.people import Member
from store.session import Database
from store.store import Store, connect, create
from store.tables import notes, people
from tests.databases import Databases

WRITERS, EACH = 4, 15


def _at_once(*jobs: Callable[[], object]) -> None:
    """Run them in threads that start together; the first error is raised here."""
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], object]) -> None:
        start.wait()
        job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        for future in [pool.submit(run, job) for job in jobs]:
            future.result()


def test_a_reader_sees_one_moment_whatever_is_written_meanwhile(
    store: Store, practitioner: Member
) -> None:
    everybody = select(people.c.id, people.c.role)
    with store.database.read() as connection:
        before = connection.execute(everybody).all()
        store.people.add(Member("", "supervisor", "ruth", "Ruth", None), "test")
        with store.database.write() as other:
            same = people.c.id == practitioner.id
            other.execute(update(people).where(same).values(role="administrator"))
        assert connection.execute(everybody).all() == before
    with store.database.read() as connection:
        roles = {row.role for row in connection.execute(everybody)}
    assert roles == {"supervisor", "administrator"}


def test_a_reader_keeps_nothing(store: Store, practitioner: Member) -> None:
    with suppress(DatabaseError), store.database.read() as connection:
        connection.execute(update(people).values(role="supervisor"))
    assert store.people.get(practitioner.id) == practitioner


def test_a_transaction_that_fails_keeps_nothing(store: Store, practitioner: Member) -> None:
    with pytest.raises(ZeroDivisionError), store.database.write() as connection:
        connection.execute(update(people).values(role="supervisor"))
        raise ZeroDivisionError
    assert store.people.get(practitioner.id) == practitioner


def test_writers_at_once_lose_nothing_and_never_fork_the_audit_log(
    store: Store, url: str, tmp_path: Path
) -> None:
    others = [connect(url, tmp_path / "vault", tmp_path / "keys") for _ in range(WRITERS)]

    def write(writer: int) -> Callable[[], None]:
        def run() -> None:
            for number in range(EACH):
                others[writer].audit.record(f"writer {writer}", f"did {number}", "thing")

        return run

    _at_once(*map(write, range(WRITERS)))
    assert store.audit.verify() == WRITERS * EACH
    told = [(event.actor, event.action) for event in store.audit.events()]
    for writer in range(WRITERS):
        mine = [action for actor, action in told if actor == f"writer {writer}"]
        assert mine == [f"did {number}" for number in range(EACH)]
    for other in others:
        other.close()


def test_what_a_writer_read_does_not_change_under_it(
    store: Store, url: str, case: Case, practitioner: Member
) -> None:
    """Read, think, write: of two at once the second thinks about what the first wrote."""
    new = Note("", case.id, case.id, practitioner.id, "case_note", "draft", 0, 0, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, b"{}", None)

    def add_one() -> None:
        database = Database(url)
        for _ in range(EACH):
            with database.write() as connection:
                contact: int = connection.execute(select(notes.c.contact_at)).scalar_one()
                connection.execute(update(notes).values(contact_at=contact + 1))
        database.close()

    _at_once(*[add_one] * WRITERS)
    assert store.notes.get(note_id).contact_at == WRITERS * EACH


def test_writers_who_touch_rows_in_another_order_do_not_block_each_other_for_good(
    store: Store, url: str
) -> None:
    both = [store.people.add(Member("", "practitioner", h, h, None), "t").id for h in ("a", "b")]

    def touch(order: list[str]) -> Callable[[], None]:
        def run() -> None:
            database = Database(url)
            for _ in range(EACH):
                with database.write() as connection:
                    for person in order:
                        same = people.c.id == person
                        connection.execute(update(people).where(same).values(active=True))
            database.close()

        return run

    _at_once(touch(both), touch(both[::-1]))


def test_of_two_who_take_the_same_reference_at_once_one_is_told(
    store: Store, url: str, tmp_path: Path, practitioner: Member
) -> None:
    outcomes: list[str] = []

    def take() -> None:
        mine = connect(url, tmp_path / "vault", tmp_path / "keys")
        try:
            mine.cases.add(CaseDetails("EV-7", "Sam"), practitioner.id, "test")
            outcomes.append("taken")
        except DuplicateError:
            outcomes.append("told")
        finally:
            mine.close()

    _at_once(take, take)
    assert sorted(outcomes) == ["taken", "told"]
    assert store.audit.verify() == 2  # the practitioner and one case


def test_no_error_on_the_way_quotes_a_row(store: Store, practitioner: Member) -> None:
    with store.database.read() as connection:
        tag = connection.scalar(select(people.c.tag))
    with pytest.raises(DuplicateError) as caught:
        store.people.add(Member("", "practitioner", "AMARA", "Somebody Else", None), "test")
    assert _holds_none_of(caught.value, str(tag), practitioner.id, "Key (", "DETAIL", "Failing row")
    row = {"id": "the id", "tag": "the tag", "role": "the role", "active": True, "created_at": 1}
    sealed = {"scope": "team", "version": 1, "sealed": b"the payload"}
    for missing in ("role", "sealed", "scope"):
        values = {key: value for key, value in (row | sealed).items() if key != missing}
        with pytest.raises(IntegrityError) as refused, store.database.write() as connection:
            connection.execute(insert(people).values(values))
        assert _holds_none_of(refused.value, "the id", "the tag", "the role", "payload", "DETAIL")


def _holds_none_of(error: BaseException, *values: str) -> bool:
    """None of `values` stands in what a traceback would print, causes included."""
    said = "".join(traceback.format_exception_only(error))
    causes = error
    while (cause := causes.__cause__ or causes.__context__) is not None:
        said += "".join(traceback.format_exception_only(cause)) + repr(cause)
        causes = cause
    assert len(said) > 20
    return not any(value in said for value in values)


def test_a_used_database_is_not_taken_for_another_home(
    store: Store, url: str, tmp_path: Path
) -> None:
    with pytest.raises(DatabaseError, match="another home"):
        create(url, tmp_path / "vault", tmp_path / "other keys")
    assert not (tmp_path / "other keys").exists()
    assert store.audit.verify() == 0


def test_keys_of_another_home_open_nothing_and_leave_nothing_open(
    store: Store, url: str, databases: Databases, tmp_path: Path
) -> None:
    create(databases.new(), tmp_path / "vault", tmp_path / "other keys").close()
    with pytest.raises(KeyUnavailableError):
        connect(url, tmp_path / "vault", tmp_path / "other keys")
    assert store.audit.verify() == 0


@pytest.mark.parametrize(
    "address",
    [
        "mysql://somebody:secret@host/records",
        "postgresql+asyncpg://somebody:secret@host/records",
        "postgresql+psycopg://somebody:secret@host:port/records",
        "sqlite:///file:/secret/recorder.db?uri=true",
        "secret",
        "",
    ],
)
def test_an_address_of_no_kind_we_know_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(DatabaseError, match="'database' setting") as caught:
        Database(address)
    assert "secret" not in str(caught.value)
    assert _holds_none_of(caught.value, "secret")


def test_only_one_runs_on_a_database_at_a_time(url: str) -> None:
    one, two = Database(url), Database(url)
    shared = url.startswith("postgresql")
    for _ in range(2):
        with one.alone():
            if shared:
                with pytest.raises(BusyError), two.alone():
                    pytest.fail("both run")
    with two.alone():
        pass
    one.close()
    two.close()
