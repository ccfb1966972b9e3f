from __future__ import annotations

import pytest
from sqlalchemy import Table, select, update

from store.errors import NotFoundError, TamperedError
from store.people import Member
from store.store import Store
from store.tables import links, sessions

HOUR = 3_600_000


def test_a_link_signs_its_person_in(store: Store, practitioner: Member) -> None:
    token = store.access.sign_in(store.access.new_link(practitioner.id, "test", HOUR), HOUR)
    assert store.access.person(token, HOUR) == practitioner.id


def test_a_new_link_ends_the_one_before(store: Store, practitioner: Member) -> None:
    old = store.access.new_link(practitioner.id, "test", HOUR)
    store.access.new_link(practitioner.id, "test", HOUR)
    with pytest.raises(NotFoundError):
        store.access.sign_in(old, HOUR)


@pytest.mark.parametrize("lifetime", [0, -1])
def test_a_link_that_is_over_signs_nobody_in(
    store: Store, practitioner: Member, lifetime: int
) -> None:
    with pytest.raises(NotFoundError):
        store.access.sign_in(store.access.new_link(practitioner.id, "test", lifetime), HOUR)


def test_a_made_up_link_signs_nobody_in(store: Store) -> None:
    with pytest.raises(NotFoundError):
        store.access.sign_in("made up", HOUR)


def test_a_session_ends_by_sign_out_by_age_and_by_idling(
    store: Store, practitioner: Member
) -> None:
    link = store.access.new_link(practitioner.id, "test", HOUR)
    over = store.access.sign_in(link, 0)
    idle = store.access.sign_in(link, HOUR)
    out = store.access.sign_in(link, HOUR)
    store.access.sign_out(out)
    store.access.sign_out(out)
    for token, idle_ms in ((over, HOUR), (idle, 0), (out, HOUR)):
        with pytest.raises(NotFoundError):
            store.access.person(token, idle_ms)


def test_what_ended_by_itself_leaves_no_row(
    store: Store, practitioner: Member, supervisor: Member
) -> None:
    store.access.new_link(supervisor.id, "test", 0)
    store.access.begin(supervisor.id, 0)
    link = store.access.new_link(practitioner.id, "test", HOUR)
    store.access.sign_in(link, HOUR)
    with store.database.read() as connection:
        whose = [list(connection.scalars(select(each.c.person_id))) for each in (links, sessions)]
    assert whose == [[practitioner.id], [practitioner.id]]


@pytest.mark.parametrize("column", ["person_id", "expires_at"])
@pytest.mark.parametrize("table", [links, sessions], ids=lambda table: str(table.name))
def test_nobody_becomes_another_person_by_writing_to_the_database(
    store: Store, practitioner: Member, supervisor: Member, table: Table, column: str
) -> None:
    link = store.access.new_link(practitioner.id, "test", HOUR)
    token = store.access.sign_in(link, HOUR)
    other = {"person_id": supervisor.id, "expires_at": 2**60}[column]
    with store.database.write() as connection:
        connection.execute(update(table).values({column: other}))
    with pytest.raises(TamperedError):
        if table is links:
            store.access.sign_in(link, HOUR)
        else:
            store.access.person(token, HOUR)
    assert [e.action for e in store.audit.events()][-1] == "tampering found"


def test_a_fingerprint_copied_to_another_row_opens_nothing(
    store: Store, practitioner: Member, supervisor: Member
) -> None:
    """Half of one, half of another, or cut short."""
    tokens = [
        store.access.sign_in(store.access.new_link(each.id, "test", HOUR), HOUR)
        for each in (practitioner, supervisor)
    ]
    with store.database.write() as connection:
        mine, theirs = (
            connection.scalar(select(sessions.c.tag).where(sessions.c.person_id == each.id))
            for each in (practitioner, supervisor)
        )
        assert mine
        assert theirs
        connection.execute(sessions.delete().where(sessions.c.tag == mine))
    for forged in (mine[:32] + theirs[32:], mine[:32]):
        with store.database.write() as connection:
            hers = sessions.c.person_id == supervisor.id
            connection.execute(update(sessions).where(hers).values(tag=forged))
        with pytest.raises(TamperedError):
            store.access.person(tokens[0], HOUR)


def test_form_tokens_belong_to_one_session(store: Store) -> None:
    assert store.access.csrf("a") == store.access.csrf("a") != store.access.csrf("b")
