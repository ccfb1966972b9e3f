"""A case is shut and its people are named in one step, or neither is done."""

from __future__ import annotations

import pytest

from recorder.errors import StateError
from recorder.review import circling
from store.cases import Case
from store.people import Member
from store.store import Store


def test_a_case_that_is_not_shut_has_nobody_named_on_it_for_that(
    store: Store, case: Case, supervisor: Member, colleague: Member, young_person: Member
) -> None:
    with pytest.raises(StateError, match="can be named"):
        circling.restrict(store, case, [supervisor.id, young_person.id], "why", "test")
    assert store.circles.of(case.id).named == ()
    circling.restrict(store, case, [supervisor.id], "why", "test")
    with pytest.raises(StateError, match="restricted already"):
        circling.restrict(store, case, [colleague.id], "why", "test")
    assert store.circles.of(case.id).named == (supervisor.id,)
    events = [e.action for e in store.audit.events() if e.object == case.id]
    assert events == ["case added", "person named on case", "case restricted"]
