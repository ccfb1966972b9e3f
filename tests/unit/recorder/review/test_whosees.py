"""Who gains and who loses sight of a case is said beforehand as it then comes about."""

from __future__ import annotations

from itertools import product

import pytest

from recorder.review import circling, whosees
from recorder.review.sight import Sight
from recorder.review.whosees import Change, WhoSees
from store.cases import Case, CaseDetails
from store.people import Member
from store.store import Store

PEOPLE = {  # and the teams that each is in
    "practitioner": {"amara": "N", "ben": "S", "cay": "NS", "gone": "N"},
    "supervisor": {"ruth": "N", "omar": "S", "dee": "NS", "eve": ""},
}
KINDS = list(product(("amara", "gone"), (None, "N", "S"), (False, True), (None, "amara", "ben")))


def peopled(store: Store, *, teams: bool) -> dict[str, Member]:
    found = {
        handle: store.people.add(Member("", role, handle, handle, None), "test")
        for role, handles in PEOPLE.items()
        for handle in handles
    }
    of = PEOPLE["practitioner"] | PEOPLE["supervisor"]
    for team in "NS" if teams else "":
        store.teams.add(team, [found[each].id for each in of if team in of[each]], "test")
    return found


def cases(store: Store, people: dict[str, Member], *, teams: bool) -> list[Case]:
    """Of every kind that there is, as somebody may hand it over."""
    made = []
    by_name = {each.name: each.id for each in store.teams.all()}
    for count, (whose, team, restricted, named) in enumerate(KINDS):
        case = store.cases.add(CaseDetails(f"EV-{count}", "Jordan"), people[whose].id, "test")
        if team and teams:
            store.circles.give(case.id, by_name[team], "test")
        if named:
            store.circles.name(case.id, people[named].id, "test")
        if restricted:
            circling.restrict(store, case, [people["dee"].id], "why", "test")
        made.append(case)
    return made


def seers(store: Store, people: dict[str, Member], case: Case) -> set[str]:
    """Who really sees a case, of those who are here."""
    here = (each for each in people.values() if store.people.get(each.id).left_at is None)
    return {each.handle for each in here if Sight(store, each).sees(case.id)}


def handles(members: list[Member]) -> set[str]:
    return {each.handle for each in members}


@pytest.mark.parametrize("teams", [True, False])
def test_who_gains_and_loses_sight_is_as_it_was_said_before_a_case_was_handed_over(
    store: Store, *, teams: bool
) -> None:
    people, told = peopled(store, teams=teams), set[tuple[bool, bool]]()
    made = cases(store, people, teams=teams)
    store.people.leave(people["gone"].id, "test")
    for case in made:
        before = seers(store, people, case)
        change = whosees.given(store, case, people["ben"])
        assert handles(change.now.readers) == before
        circling.give(store, case, people["ben"].id, "test")
        after = seers(store, people, store.cases.get(case.id))
        assert handles(change.then.readers) == after
        assert (handles(change.gains), handles(change.loses)) == (after - before, before - after)
        told.add((bool(change.gains), bool(change.loses)))
    assert told == set(product((False, True), repeat=2))


def test_each_other_change_is_as_it_was_said_before(store: Store) -> None:
    people = peopled(store, teams=True)
    case = store.cases.add(CaseDetails("EV-1", "Jordan"), people["amara"].id, "test")
    dee = people["dee"]
    room = WhoSees(store, dee, Sight(store, dee))
    chosen = [people["ben"].id, dee.id]

    def check(change: Change, gains: set[str], loses: set[str]) -> None:
        assert (handles(change.gains), handles(change.loses)) == (gains, loses)
        assert handles(change.now.readers) == seers(store, people, case)

    change = room.may_restrict(case.id, chosen, "why")
    check(change, {"ben"}, {"ruth"})
    room.restrict(case.id, chosen, "why")
    assert handles(change.then.readers) == seers(store, people, case) == {"amara", "ben", "dee"}
    check(room.may_unname(case.id, people["ben"].id), set(), {"ben"})
    change = room.may_lift(case.id, "why")
    check(change, {"ruth"}, set())
    room = WhoSees(store, dee, Sight(store, dee))
    room.lift(case.id, "why")
    assert handles(change.then.readers) == seers(store, people, case)
    check(room.may_unname(case.id, dee.id), set(), set())
