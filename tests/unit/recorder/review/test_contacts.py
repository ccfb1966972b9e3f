"""Merging and splitting notes at the desk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from recorder.errors import NotAllowedError, RecorderError, StateError, UnknownError
from recorder.export.gather import waiting
from recorder.home import Home
from recorder.review.desk import Desk
from recorder.review.finding import Hit
from recorder.review.queue import Choice
from recorder.review.states import Role
from recorder.visits import DAY_MS
from store.cases import CaseDetails
from store.notes import Note
from store.people import Member
from store.store import Store
from tests.contacts import MINUTE, NOON, Visits, furnish
from tests.sharing import show_them
from transcribe.model import Draft

SEEN = "I met Jordan at the hub. He told me that he was fine."
MORE = "He said that he had seen Tyrell at the station."
FAR = NOON + 10 * 60 * MINUTE


@pytest.fixture
def world(home: Home) -> Visits:
    return furnish(home)


@pytest.fixture
def store(world: Visits) -> Store:
    return world.home.store


@pytest.fixture
def desk(world: Visits) -> Desk:
    return Desk(world.home.store, world.practitioner)


@pytest.fixture
def boss(store: Store) -> Desk:
    member = store.people.add(Member("", "supervisor", "ruth", "Ruth Adeyemi", None), "test")
    return Desk(store, member)


@pytest.fixture
def pair(world: Visits) -> tuple[Note, Note]:
    """Two notes of one young person, ten hours apart."""
    world.come(NOON, SEEN)
    world.come(NOON + MINUTE)
    world.come(FAR, MORE)
    one, other = world.home.store.notes.all()
    return one, other


def at(store: Store, note: Note) -> tuple[str, int]:
    return note.id, store.notes.get(note.id).number


def texts(draft: Draft) -> list[str]:
    return [statement.text for statement in draft.statements]


def test_merging_makes_one_draft_of_two_and_keeps_the_other_as_it_was(
    world: Visits, store: Store, desk: Desk, pair: tuple[Note, Note]
) -> None:
    one, other = pair
    desk.save(other.id, 1, {}, [("worry", "He looked tired.")])
    before = store.notes.get(other.id), world.draft(other)
    kept = desk.contacts.merge(at(store, other), at(store, one))
    assert kept == one.id
    assert [row.note.id for row in desk.my_work()] == [one.id]
    merged = desk.read(one.id)
    assert texts(merged.draft)[-len(before[1].statements) :] == texts(before[1])
    assert merged.note.state == "draft"
    assert {each.id for each in merged.recordings} == {r.id for r in store.recordings.all()}
    gone = desk.read(other.id)
    assert gone.draft == before[1]
    assert (gone.note.state, gone.note.number) == ("merged", before[0].number)
    assert gone.moves == frozenset()
    assert [(e.kind, e.payload.decode()) for e in gone.decisions] == [("merged", one.id)]
    assert [(e.kind, e.payload.decode()) for e in merged.decisions] == [("joined", other.id)]
    actions = [(event.action, event.object) for event in store.audit.events()]
    assert (f"note merged at version {gone.note.number}", other.id) in actions
    assert (f"note joined at version {merged.note.number}", one.id) in actions
    assert ("recording regrouped", store.recordings.of_note(one.id)[-1].id) in actions
    world.check()


def test_what_is_merged_is_found_once_and_changed_by_nothing(
    world: Visits, store: Store, desk: Desk, pair: tuple[Note, Note]
) -> None:
    one, other = pair
    desk.contacts.merge(at(store, one), at(store, other))
    hits = [each.note.id for each in desk.search("Tyrell") if isinstance(each, Hit)]
    assert hits == [one.id]
    tries: list[Callable[[], object]] = [
        lambda: desk.submit(other.id, 1),
        lambda: desk.save(other.id, 1, {}, [("worry", "More.")]),
        lambda: desk.contacts.merge((other.id, 1), at(store, one)),
        lambda: desk.contacts.split(other.id, 1, ["x"]),
    ]
    for attempt in tries:
        with pytest.raises(StateError, match="was merged into another one"):
            attempt()
    # A late recording of that hour joins the note that is there, or begins its own.
    world.come(FAR + MINUTE, MORE)
    assert store.recordings.of_note(other.id) == []
    world.check()


def test_splitting_takes_recordings_out_with_all_that_stands_on_them(
    world: Visits, store: Store, desk: Desk, pair: tuple[Note, Note]
) -> None:
    one, other = pair
    its = store.recordings.of_note(other.id)[0]
    said = texts(world.draft(other))
    desk.contacts.merge(at(store, one), at(store, other))
    desk.save(one.id, 3, {}, [("worry", "Mine.")])
    new = desk.contacts.split(one.id, 4, [its.id])
    page = desk.read(new)
    assert [each.id for each in page.recordings] == [its.id]
    assert texts(page.draft) == said
    assert page.note.contact_at == FAR
    assert (page.note.state, page.note.number) == ("draft", 1)
    left = desk.read(one.id)
    assert texts(left.draft)[-1] == "Mine."
    assert left.note.contact_at == NOON
    assert [(e.kind, e.payload.decode()) for e in left.decisions][-1] == ("split", new)
    assert [(e.note, e.number, e.whole) for e in page.draft.earlier if e.note == one.id] == [
        (one.id, 4, False)
    ]
    world.check()


def test_nobody_is_told_to_merge_what_somebody_has_split(
    world: Visits, store: Store, desk: Desk
) -> None:
    first, second = world.come(NOON, SEEN), world.come(NOON + MINUTE, MORE)
    note_id = first.note_id or ""
    new = desk.contacts.split(note_id, 2, [second.id])
    for looked in (note_id, new):
        (candidate,) = desk.contacts.candidates(looked, 120 * MINUTE, DAY_MS)
        assert (candidate.near, candidate.refused) == (False, None)
    assert desk.contacts.candidates(new, 120 * MINUTE, 0) == []
    assert desk.contacts.merge(at(store, store.notes.get(new)), (note_id, 3)) == note_id
    world.check()


@pytest.mark.parametrize("chosen", [[], ["all"], ["x"]])
def test_a_split_takes_some_recordings_of_the_note_and_leaves_some(
    store: Store, desk: Desk, pair: tuple[Note, Note], chosen: list[str]
) -> None:
    one, _ = pair
    if chosen == ["all"]:
        chosen = [each.id for each in store.recordings.of_note(one.id)]
    with pytest.raises(UnknownError if chosen == ["x"] else StateError):
        desk.contacts.split(*at(store, one), chosen)
    assert len(store.notes.all()) == 2


def test_an_approved_note_is_neither_merged_nor_split_until_it_is_returned(
    store: Store, desk: Desk, boss: Desk, pair: tuple[Note, Note]
) -> None:
    one, other = pair
    desk.submit(*at(store, one))
    boss.approve(*at(store, one))
    for own in (desk, boss):
        with pytest.raises(StateError, match=r"approved\. A supervisor can return it"):
            own.contacts.merge(at(store, one), at(store, other))
        with pytest.raises(StateError, match="has been approved"):
            own.contacts.split(*at(store, one), [store.recordings.of_note(one.id)[0].id])
    boss.return_(*at(store, one), "There is a second recording.")
    assert desk.contacts.merge(at(store, one), at(store, other)) == one.id


def test_merging_takes_a_note_back_from_the_supervisor(
    store: Store, desk: Desk, boss: Desk, pair: tuple[Note, Note]
) -> None:
    one, other = pair
    desk.submit(*at(store, one))
    desk.contacts.merge(at(store, one), at(store, other))
    assert boss.queues.page(Choice(), 9, 0).whole == 0
    with pytest.raises(StateError):
        boss.approve(*at(store, one))


def test_whoever_wrote_in_a_note_that_was_merged_or_split_off_may_not_approve(
    store: Store, desk: Desk, boss: Desk, pair: tuple[Note, Note]
) -> None:
    one, other = pair
    boss.save(*at(store, other), {}, [("worry", "The supervisor's own words.")])
    desk.contacts.merge(at(store, one), at(store, other))
    desk.submit(*at(store, one))
    with pytest.raises(NotAllowedError, match="some of it is yours"):
        boss.approve(*at(store, one))
    moved = next(each for each in store.recordings.of_note(one.id) if each.recorded_at == FAR)
    new = store.notes.get(desk.contacts.split(*at(store, one), [moved.id]))
    for note in (one, new):
        desk.submit(*at(store, note))
        with pytest.raises(NotAllowedError, match="some of it is yours"):
            boss.approve(*at(store, note))
    another = store.people.add(Member("", "supervisor", "ola", "Ola", None), "test")
    Desk(store, another).approve(*at(store, new))


def test_only_notes_of_one_young_person_and_kind_are_merged_and_only_ones_own(
    world: Visits, store: Store, desk: Desk, boss: Desk, pair: tuple[Note, Note]
) -> None:
    one, _ = pair
    case = store.cases.add(CaseDetails("EV-2", "Kai"), world.practitioner.id, "test")
    theirs = replace(world, case=case).come(NOON, SEEN)
    loose = world.work_on(world.arrive(NOON, SEEN, to="nobody"))
    kind = world.work_on(world.arrive(NOON, SEEN, kind="supervision"))
    for each in (theirs, loose, kind):
        with pytest.raises(StateError, match="only two notes"):
            desk.contacts.merge(at(store, one), (each.note_id or "", 1))
    with pytest.raises(StateError, match="only two notes"):
        desk.contacts.merge(at(store, one), at(store, one))
    ben = store.people.add(Member("", "practitioner", "ben", "Ben", None), "test")
    his = replace(world, practitioner=ben).come(NOON + MINUTE, SEEN).note_id or ""
    with pytest.raises(StateError, match="another practitioner"):
        desk.contacts.merge(at(store, one), (his, 1))
    with pytest.raises(UnknownError):
        Desk(store, ben).contacts.merge(at(store, one), (his, 1))
    assert boss.contacts.merge(at(store, one), (his, 1)) == one.id
    world.check()


def test_other_roles_have_no_contacts(store: Store, world: Visits) -> None:
    for role in set(Role) - {Role.PRACTITIONER, Role.SUPERVISOR}:
        case_id = world.case.id if role is Role.YOUNG_PERSON else None
        member = Member("", role.value, role.value, "Sam", case_id)
        with pytest.raises(UnknownError):
            _ = Desk(store, store.people.add(member, "test")).contacts


def test_a_reply_stays_with_what_it_was_about_and_is_seen_wherever_that_went(
    world: Visits, store: Store, desk: Desk, boss: Desk
) -> None:
    world.come(NOON, SEEN)
    world.come(FAR, "I rang him. He told me that he was fine. I will ring again on Monday.")
    one, other = store.notes.all()
    young = Desk(
        store, store.people.add(Member("", "young_person", "jo", "Jordan", world.case.id), "test")
    )
    desk.submit(*at(store, other))
    boss.approve(*at(store, other))
    show_them(store, desk, *at(store, other), [desk.preparing.offered(other.id).lines[0].id])
    young.reply(other.id, "That is not how it was.")
    replied_to = store.notes.get(other.id).number
    boss.return_(*at(store, other), "It is one visit.")
    desk.contacts.merge(at(store, one), at(store, other))
    (reply,) = desk.read(one.id).theirs
    assert (reply.said.note_id, reply.said.number) == (other.id, replied_to)
    assert store.notes.replies(one.id) == []
    desk.submit(*at(store, one))
    boss.approve(*at(store, one))
    (approved,), _ = waiting(world.home)
    assert [each.text for each in approved.replies] == ["That is not how it was."]
    boss.return_(*at(store, one), "They were two.")
    moved = next(each for each in store.recordings.of_note(one.id) if each.recorded_at == FAR)
    new = desk.contacts.split(*at(store, one), [moved.id])
    assert [each.said for each in desk.read(new).theirs] == [reply.said]
    assert desk.read(one.id).theirs == []


def test_of_two_people_at_once_one_is_told_to_look_again(
    world: Visits, store: Store, desk: Desk, boss: Desk, pair: tuple[Note, Note]
) -> None:
    one, other = pair
    moved = store.recordings.of_note(one.id)[0].id
    ready, said = threading.Barrier(3), list[str]()

    def attempt(act: Callable[[], object]) -> None:
        ready.wait()
        try:
            act()
            said.append("done")
        except RecorderError as error:
            said.append(error.sentence)

    acts: list[Callable[[], object]] = [
        lambda: desk.contacts.merge((one.id, 2), (other.id, 1)),
        lambda: boss.contacts.merge((other.id, 1), (one.id, 2)),
        lambda: desk.contacts.split(one.id, 2, [moved]),
    ]
    threads = [threading.Thread(target=attempt, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said.count("done") == 1
    refused = [each for each in said if each != "done"]
    assert all("look at the newest version" in e or "was merged" in e for e in refused), refused
    world.check()


def test_a_recording_that_comes_while_its_note_is_merged_goes_where_the_words_went(
    world: Visits, store: Store, desk: Desk, pair: tuple[Note, Note]
) -> None:
    one, other = pair
    late = world.arrive(FAR + MINUTE, MORE)
    desk.contacts.merge(at(store, one), at(store, other))
    assert world.work_on(late).note_id == one.id
    world.check()


def test_what_is_typed_after_a_merge_is_told_from_what_was_typed_before(
    world: Visits, store: Store, desk: Desk
) -> None:
    world.come(NOON, SEEN)
    world.come(FAR, MORE)
    one, other = store.notes.all()
    for number, words in ((1, "First."), (2, "Second.")):
        desk.save(other.id, number, {}, [("worry", words)])
    desk.contacts.merge(at(store, one), at(store, other))
    number = desk.save(one.id, 2, {}, [("worry", "Third.")])
    draft = desk.draft_at(one.id, number)
    ids = [each.id for each in draft.statements]
    assert len(ids) == len(set(ids))
    third = draft.statements[-1].id
    desk.save(one.id, number, {}, removed={third: "Said twice."})
    assert texts(desk.read(one.id).draft)[-2:] == ["First.", "Second."]
