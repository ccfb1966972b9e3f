from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import QueuePool, event, insert, select, text, update

from store.cases import Case, CaseDetails
from store.notes import Note
from store.people import Member
from store.reach import Reach, Supervised
from store.search import Damaged, Opened
from store.store import Store
from store.tables import TEAM, identities, note_versions, notes
from tests.databases import on_sqlite

EVERYONE = Reach(everyone=True)

Make = Callable[..., Note]


def everything(_case: str | None, _payload: bytes) -> bool:
    return True


def opened(found: Iterator[Opened | Damaged]) -> list[bytes]:
    return [each.payload for each in found if isinstance(each, Opened)]


def damaged(found: Iterator[Opened | Damaged]) -> list[str]:
    return [each.id for each in found if isinstance(each, Damaged)]


@pytest.fixture
def make(store: Store, case: Case, practitioner: Member) -> Make:
    """Makes a note that says `payload`."""

    def made(
        payload: bytes, contact_at: int = 1000, scope: str = case.id, by: str = practitioner.id
    ) -> Note:
        case_id = None if scope == TEAM else scope
        new = Note("", scope, case_id, by, "case_note", "draft", 0, contact_at, 0)
        with store.database.write() as connection:
            note_id = store.notes.create(connection, new, payload, None)
        return store.notes.get(note_id)

    return made


def test_notes_come_newest_contact_first_as_they_stand_now(
    store: Store, make: Make, practitioner: Member
) -> None:
    old, new, _ = make(b"old", 1000), make(b"first words", 3000), make(b"between", 2000)
    with store.database.write() as connection:
        store.notes.add_version(connection, new, b"new", practitioner.id, "draft")
    found = list(store.search.notes(EVERYONE, everything))
    assert opened(iter(found)) == [b"new", b"between", b"old"]
    assert [each.note for each in found if isinstance(each, Opened)] == [
        store.notes.get(new.id),
        *[n for n in store.notes.all() if n.contact_at == 2000],
        old,
    ]


def test_the_sift_sees_every_payload_with_its_case_and_decides(
    store: Store, make: Make, case: Case
) -> None:
    make(b"mine")
    make(b"nobody's", 2000, TEAM)
    seen: list[tuple[str | None, bytes]] = []

    def sift(case_id: str | None, payload: bytes) -> bool:
        seen.append((case_id, payload))
        return payload == b"mine"

    assert opened(store.search.notes(EVERYONE, sift)) == [b"mine"]
    assert seen == [(None, b"nobody's"), (case.id, b"mine")]


def test_nobody_is_searched_beyond_their_reach(
    store: Store, make: Make, case: Case, practitioner: Member
) -> None:
    other = store.people.add(Member("", "practitioner", "ben", "Ben Okoro", None), "test")
    theirs = store.cases.add(CaseDetails("EV-2002", "Sam"), other.id, "test")
    make(b"on my case by another", 4000, case.id, other.id)
    make(b"mine on another's case", 3000, theirs.id)
    make(b"another's", 2000, theirs.id, other.id)
    make(b"mine of no case", 1000, TEAM)
    mine = Reach(practitioner_id=practitioner.id, case_ids=frozenset({case.id}))
    touched: list[bytes] = []

    def sift(_case: str | None, payload: bytes) -> bool:
        touched.append(payload)
        return True

    found = opened(store.search.notes(mine, sift))
    assert found == touched
    assert found == [b"on my case by another", b"mine on another's case", b"mine of no case"]
    assert opened(store.search.notes(Reach(), everything)) == []
    assert len(opened(store.search.notes(EVERYONE, everything))) == 4


_ids = st.sampled_from(["", "a", "b", "c", "%", "team"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.builds(
        Reach,
        st.booleans(),
        st.none() | _ids,
        st.frozensets(_ids),
        st.frozensets(_ids),
        st.booleans(),
        st.builds(Supervised, st.frozensets(_ids)),
    ),
    _ids,
    st.none() | _ids,
)
def test_the_database_and_the_rule_agree_on_what_is_within_reach(
    store: Store, reach: Reach, by: str, case_id: str | None
) -> None:
    row = {
        "id": "n",
        "scope": TEAM,
        "case_id": case_id,
        "practitioner_id": by,
        "kind": "case_note",
        "state": "draft",
        "number": 1,
        "contact_at": 0,
        "created_at": 0,
    }
    with store.database.engine.connect() as connection, connection.begin() as transaction:
        connection.execute(insert(notes).values(row))
        found = connection.scalars(select(notes.c.id).where(reach.clause())).all()
        transaction.rollback()
    assert (found == ["n"]) is reach.holds(by, case_id)


def test_an_erased_case_is_never_touched(store: Store, make: Make, practitioner: Member) -> None:
    other = store.cases.add(CaseDetails("EV-2002", "Sam"), practitioner.id, "test")
    make(b"kept", 1000)
    make(b"erased", 2000, other.id)
    store.erasing.case(other.id, "test")
    assert list(store.search.notes(EVERYONE, everything)) == [
        Opened(store.notes.all()[0], b"kept"),
    ]


def test_a_case_erased_during_the_search_is_not_shown_any_more(
    store: Store, make: Make, practitioner: Member
) -> None:
    other = store.cases.add(CaseDetails("EV-2002", "Sam"), practitioner.id, "test")
    for number in range(60):
        make(b"kept", 1000 + number)
    make(b"erased", 500, other.id)
    found = store.search.notes(EVERYONE, everything)
    assert isinstance(next(found), Opened)
    store.erasing.case(other.id, "test")
    assert set(opened(found)) == {b"kept"}


def test_the_first_hits_come_before_the_last_rows_are_read(store: Store, make: Make) -> None:
    for number in range(120):
        make(str(number).encode(), number)
    read: list[bytes] = []

    def sift(_case: str | None, payload: bytes) -> bool:
        read.append(payload)
        return True

    statements: list[str] = []
    event.listen(
        store.database.engine,
        "before_cursor_execute",
        lambda _conn, _cursor, statement, *_: statements.append(statement),
    )
    found = store.search.notes(EVERYONE, sift)
    first = next(found)
    assert isinstance(first, Opened)
    assert read == [b"119"]
    assert len([each for each in statements if "sealed" in each]) == 1
    assert len(opened(found)) == 119


def test_others_can_write_while_somebody_looks_at_a_hit(store: Store, make: Make) -> None:
    make(b"one", 1000)
    make(b"two", 2000)
    found = store.search.notes(EVERYONE, everything)
    next(found)
    pool = store.database.engine.pool
    assert isinstance(pool, QueuePool)
    assert pool.checkedout() == 0
    make(b"three", 3000)
    assert opened(found) == [b"one"]


def test_a_search_writes_nothing(store: Store, make: Make, tmp_path: Path) -> None:
    make(b"words")

    def files() -> dict[Path, bytes]:
        kept = (path for path in tmp_path.rglob("*") if path.suffix != ".db-shm")
        return {path: path.read_bytes() for path in kept if path.is_file()}

    before = files()
    assert opened(store.search.notes(EVERYONE, everything)) == [b"words"]
    assert files() == before


def _version_ids(store: Store, note: Note) -> list[str]:
    query = select(note_versions.c.id).where(note_versions.c.note_id == note.id)
    with store.database.read() as connection:
        return list(connection.scalars(query))


def _flip(store: Store, note: Note) -> None:
    mine = note_versions.c.note_id == note.id
    with store.database.write() as connection:
        sealed = bytearray(connection.scalar(select(note_versions.c.sealed).where(mine)) or b"")
        sealed[len(sealed) // 2] ^= 1
        connection.execute(update(note_versions).where(mine).values(sealed=bytes(sealed)))


def _cut(store: Store, note: Note) -> None:
    mine = note_versions.c.note_id == note.id
    with store.database.write() as connection:
        connection.execute(update(note_versions).where(mine).values(sealed=b"row1"))


def _lose(store: Store, note: Note) -> None:
    with store.database.write() as connection:
        connection.execute(update(notes).where(notes.c.id == note.id).values(number=7))


def _put_back(store: Store, note: Note) -> None:
    """A second version was written, and the note says that it is still at its first."""
    with store.database.write() as connection:
        store.notes.add_version(connection, note, b"newer", None, "draft")
        connection.execute(update(notes).where(notes.c.id == note.id).values(number=1))


def _give_away(store: Store, note: Note) -> None:
    """The note is said to be somebody else's, so that they might find it."""
    other = store.people.add(Member("", "practitioner", "eve", "Eve", None), "test")
    change = update(notes).where(notes.c.id == note.id).values(practitioner_id=other.id)
    with store.database.write() as connection:
        connection.execute(change)


def _move(store: Store, note: Note) -> None:
    """Its version is said to be of the team, under whose key it does not open."""
    mine = note_versions.c.note_id == note.id
    with store.database.write() as connection:
        connection.execute(update(note_versions).where(mine).values(scope=TEAM))


def _unknown(store: Store, note: Note) -> None:
    mine = note_versions.c.note_id == note.id
    with store.database.write() as connection:
        connection.execute(update(note_versions).where(mine).values(scope="nowhere"))


@pytest.mark.parametrize("damage", [_flip, _cut, _lose, _put_back, _give_away, _move, _unknown])
def test_a_damaged_row_is_named_and_hides_no_other(
    store: Store, make: Make, damage: Callable[[Store, Note], None]
) -> None:
    make(b"new", 3000)
    bad = make(b"bad", 2000)
    make(b"old", 1000)
    damage(store, bad)
    found = list(store.search.notes(EVERYONE, everything))
    assert damaged(iter(found)) == [bad.id]
    assert opened(iter(found)) == [b"new", b"old"]
    told = [each for each in store.audit.events() if each.action == "tampering found"]
    assert {each.object for each in told} <= {bad.id, *_version_ids(store, bad), "nowhere"}
    assert told or damage is _unknown
    # Whatever is looked for: nobody knows what it says.
    assert damaged(store.search.notes(EVERYONE, lambda _case, _payload: False)) == [bad.id]


@on_sqlite
def test_a_value_of_another_type_in_a_sealed_column_is_damage_like_any_other(
    store: Store, make: Make
) -> None:
    make(b"kept", 1000)
    bad = make(b"bad", 2000)
    with store.database.write() as connection:
        change = text("UPDATE note_versions SET sealed = 'text' WHERE note_id = :id")
        connection.execute(change, {"id": bad.id})
    found = list(store.search.notes(EVERYONE, everything))
    assert damaged(iter(found)) == [bad.id]
    assert opened(iter(found)) == [b"kept"]


def test_a_case_whose_keys_are_damaged_hides_no_other(
    store: Store, make: Make, practitioner: Member
) -> None:
    other = store.cases.add(CaseDetails("EV-2002", "Sam"), practitioner.id, "test")
    bad = [make(b"bad", 2000, other.id).id, make(b"worse", 1500, other.id).id]
    make(b"kept", 1000)
    with store.database.write() as connection:
        theirs = identities.c.id == other.id
        connection.execute(update(identities).where(theirs).values(wrapped=bytes(60)))
    found = list(store.search.notes(EVERYONE, everything))
    assert damaged(iter(found)) == bad
    assert opened(iter(found)) == [b"kept"]
