from __future__ import annotations

import pytest

from store.errors import NotFoundError
from store.people import Member
from store.store import Store

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


def test_form_tokens_belong_to_one_session(store: Store) -> None:
    assert store.access.csrf("a") == store.access.csrf("a") != store.access.csrf("b")
