"""Who sees what: every kind of person against every kind of case, as the rule is told to people."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import pytest
from sqlalchemy import insert, select

from recorder.errors import NotAllowedError, UnknownError
from recorder.review.desk import Desk
from recorder.review.sight import Sight
from store.cases import Case, CaseDetails
from store.journal import ARRIVING, Look
from store.people import Member
from store.records import Arrival, Recording
from store.session import now_ms
from store.store import Store
from store.tables import TEAM, notes

PRACTITIONERS = {"amara": "N", "ben": "S", "cay": "NS"}  # and the teams that each is in
SUPERVISORS = {"ruth": "N", "omar": "S", "dee": "NS", "eve": ""}
TEAMS = PRACTITIONERS | SUPERVISORS
HOUR = 3_600_000


@dataclass(frozen=True, slots=True)
class About:
    """A case, and how it stands."""

    practitioner: str
    team: str | None  # that it was given to
    restricted: bool
    named: str | None
    opened_by: str | None  # in an emergency

    @property
    def ref(self) -> str:
        return "-".join(map(str, (self.practitioner, self.team, self.restricted, self.named)))


def about() -> list[About]:
    """Every kind, with somebody for every third who opened it in an emergency."""
    kinds = list(product(PRACTITIONERS, (None, "N", "S"), (False, True), (None, "ben", "omar")))
    openers = ("eve", "amara", "omar")
    return [
        About(*kind, opened_by=openers[count // 3 % 3] if count % 3 == 0 else None)
        for count, kind in enumerate(kinds)
    ]


def sees(who: str, maker: str, case: About | None, *, teams: bool) -> bool:
    """Whether somebody sees what `maker` made about a case, or about none yet."""
    supervises = who in SUPERVISORS
    if case is None:
        shared = not teams or set(TEAMS[who]) & set(TEAMS[maker])
        return maker == who or bool(supervises and shared)
    if who in {case.practitioner, case.named, case.opened_by}:
        return True
    if case.restricted:
        return False
    its = case.team or TEAMS[case.practitioner]
    return maker == who or (supervises and (not teams or bool(set(TEAMS[who]) & set(its))))


def only_reads(who: str, case: About, *, teams: bool) -> bool:
    without = About(case.practitioner, case.team, case.restricted, case.named, None)
    return case.opened_by == who and not sees(who, "nobody", without, teams=teams)


@dataclass(frozen=True, slots=True)
class World:
    """People, cases of every kind, and a note of everybody's about each and about none."""

    people: dict[str, Member]
    cases: dict[About, str]
    notes: dict[str, tuple[str, About | None]]  # by id: who made it, and about what


def _world(store: Store, *, teams: bool) -> World:
    people = {
        handle: store.people.add(Member("", role, handle, handle, None), "test")
        for role, names in (("practitioner", PRACTITIONERS), ("supervisor", SUPERVISORS))
        for handle in names
    }
    made = {
        name: store.teams.add(name, [people[h].id for h in TEAMS if name in TEAMS[h]], "test").id
        for name in ("NS" if teams else "")
    }
    cases = {}
    for each in about():
        owner = people[each.practitioner]
        case_id = store.cases.add(CaseDetails(each.ref, "Jo"), owner.id, "test").id
        cases[each] = case_id
        if each.team and teams:
            store.circles.give(case_id, made[each.team], "test")
        if each.restricted:
            store.circles.restrict(case_id, "a relative works here", "test")
        if each.named:
            store.circles.name(case_id, people[each.named].id, "test")
        if each.opened_by:
            store.emergencies.open(case_id, people[each.opened_by].id, "missing tonight", HOUR)
    return World(people, cases, _notes(store, people, cases))


def _notes(
    store: Store, people: dict[str, Member], cases: dict[About, str]
) -> dict[str, tuple[str, About | None]]:
    known: list[About | None] = [None, *cases]
    found = {f"{n:032d}": pair for n, pair in enumerate(product(people, known))}
    rows = [
        {
            "id": note_id,
            "scope": TEAM if each is None else cases[each],
            "case_id": None if each is None else cases[each],
            "practitioner_id": people[maker].id,
            "kind": "case_note",
            "state": "draft",
            "number": 1,
            "contact_at": 0,
            "created_at": 0,
            "since": 0,
        }
        for note_id, (maker, each) in found.items()
    ]
    with store.database.write() as connection:
        connection.execute(insert(notes), rows)
    return found


@pytest.mark.parametrize("teams", [True, False])
def test_every_kind_of_person_sees_what_the_rule_says_and_nothing_else(
    store: Store, *, teams: bool
) -> None:
    world = _world(store, teams=teams)
    for who, person in world.people.items():
        sight = Sight(store, person)
        wanted = {n for n, (m, c) in world.notes.items() if sees(who, m, c, teams=teams)}
        with store.database.read() as connection:
            listed = set(connection.scalars(select(notes.c.id).where(sight.reach.clause())))
        assert listed == wanted, who
        held = (
            n
            for n, (m, c) in world.notes.items()
            if sight.reach.holds(world.people[m].id, None if c is None else world.cases[c])
        )
        assert set(held) == wanted, who
        cases = {i for c, i in world.cases.items() if sees(who, "nobody", c, teams=teams)}
        # Who asks about one thing has one case opened, and is told the same.
        some = store.notes.all()[len(who) :: 11]
        alone = {note.id for note in some if Sight(store, person).may_read(note)}
        assert alone == wanted & {note.id for note in some}, who
        assert set(sight.caseload.cases) == cases, who
        assert {each for each in world.cases.values() if sight.sees(each)} == cases, who
        reading = {i for c, i in world.cases.items() if only_reads(who, c, teams=teams)}
        assert sight.only_reads == reading, who
        assert {case.id for case in Desk(store, person).young_people.all()} == cases - reading, who
        assert len(wanted) not in {0, len(world.notes)}, who


def _shut(store: Store, case: Case) -> None:
    store.circles.restrict(case.id, "a relative works here", "test")


def test_no_other_role_sees_anything(store: Store, case: Case) -> None:
    for role in ("business_support", "data_protection", "administrator"):
        person = store.people.add(Member("", role, role, role, None), "test")
        store.circles.name(case.id, person.id, "test")
        store.emergencies.open(case.id, person.id, "why", HOUR)
        sight = Sight(store, person)
        assert not sight.sees(case.id)
        assert sight.caseload.cases == {}


def test_what_was_opened_is_shut_again_by_itself_or_when_somebody_ends_it(
    store: Store, case: Case, supervisor: Member
) -> None:
    _shut(store, case)
    assert not Sight(store, supervisor).sees(case.id)
    short = store.emergencies.open(case.id, supervisor.id, "why", 0)
    assert not Sight(store, supervisor).sees(case.id)
    longer = store.emergencies.open(case.id, supervisor.id, "why", HOUR)
    assert Sight(store, supervisor).sees(case.id)
    store.emergencies.end(longer, "test")
    assert not Sight(store, supervisor).sees(case.id)
    assert {each.id for each in store.emergencies.unseen()} == {short, longer}
    assert all(each.over_at <= now_ms() for each in store.emergencies.all())


def test_who_opened_a_case_in_an_emergency_changes_nothing_of_it(
    store: Store, case: Case, supervisor: Member, arrival: Arrival
) -> None:
    sealed = store.recordings.seal(arrival.scope, [b"heard"])
    recording: Recording = store.recordings.register(sealed, arrival)[0]
    store.journal.note(Look("amara/EV-1001/b.wav", case.id, None, ARRIVING, 1))
    (file,) = store.journal.waiting()
    _shut(store, case)
    desk = Desk(store, supervisor)
    with pytest.raises(UnknownError):
        desk.recording(recording.id)
    with pytest.raises(UnknownError):
        desk.tray.try_file_again(file.id)
    store.emergencies.open(case.id, supervisor.id, "missing tonight", HOUR)
    desk = Desk(store, supervisor)
    assert desk.recording(recording.id) == recording
    assert [f.id for f in desk.tray.arrivals().files] == [file.id]
    for change in (desk.tray.cancel, desk.tray.try_again, desk.consent.ask):
        with pytest.raises(NotAllowedError, match="in an emergency"):
            change(recording.id)
    with pytest.raises(NotAllowedError, match="in an emergency"):
        desk.tray.try_file_again(file.id)
    with pytest.raises(NotAllowedError, match="in an emergency"):
        desk.summaries.done(case.id, 1, 0)
    with pytest.raises(NotAllowedError, match="in an emergency"):
        desk.summaries.undone(case.id, 1, "x")


def test_lists_counts_and_suggestions_say_nothing_of_a_restricted_case(
    store: Store, case: Case, supervisor: Member, arrival: Arrival
) -> None:
    sealed = store.recordings.seal(arrival.scope, [b"heard"])
    recording = store.recordings.register(sealed, arrival)[0]
    store.journal.note(Look("amara/EV-1001/b.wav", case.id, recording.practitioner_id, ARRIVING, 1))
    desk = Desk(store, supervisor)
    assert desk.tray.tally() == {ARRIVING: 1}
    assert len(desk.tray.journal([], 9)) == 1
    assert len(desk.tray.on_the_way()) == 1
    _shut(store, case)
    desk = Desk(store, supervisor)
    assert desk.tray.tally() == {}
    assert desk.tray.journal([], 9) == []
    assert desk.tray.on_the_way() == []
    assert desk.tray.arrivals().files == []
    assert desk.young_people.all() == []
    with pytest.raises(UnknownError):
        desk.summaries.of(case.id)
