"""What is a young person's own: invitations, calls, keepsakes, stories, feedback."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from store import invitations as by
from store.calls import TALK, UNSAFE
from store.cases import Case
from store.errors import ConflictError, NotFoundError, TamperedError
from store.feedback import Answers
from store.keepsakes import WORDS
from store.notes import Note
from store.people import Member
from store.session import now_ms
from store.store import Store
from store.stories import AGREED, ASKED, GONE, SHOWN
from store.tables import invitations

HOUR = 3_600_000


@pytest.fixture
def note(store: Store, case: Case, practitioner: Member) -> Note:
    new = Note("", case.id, case.id, practitioner.id, "case_note", "approved", 0, 1, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, b"{}", None)
    return store.notes.get(note_id)


def invited(store: Store, case: Case, person: Member, lifetime: int = HOUR) -> by.New:
    return store.young.invitations.new(person.id, case.id, "worker", lifetime)


def wrong(pin: str) -> str:
    return f"{(int(pin) + 1) % 10**6:06}"


def refused(store: Store, secret: str, pin: str) -> None:
    with pytest.raises(NotFoundError, match="this invitation does not hold"):
        store.young.invitations.enter(secret, pin, HOUR)


def test_an_invitation_lets_in_once_by_its_secret_and_pin(
    store: Store, case: Case, young_person: Member
) -> None:
    new = invited(store, case, young_person)
    assert len(new.secret) >= 22  # 128 bits, as base 64
    assert len(new.pin) == 6
    token = store.young.invitations.enter(new.secret, new.pin, HOUR)
    assert store.access.person(token, HOUR) == young_person.id
    refused(store, new.secret, new.pin)
    (stands,) = store.young.invitations.of(young_person.id)
    assert (stands.open, stands.used_at is None, stands.tries) == (False, False, 0)
    assert store.audit.verify()


def test_wrong_pins_count_and_the_last_one_ends_it(
    store: Store, case: Case, young_person: Member
) -> None:
    new, before = invited(store, case, young_person), now_ms() - 1
    for _ in range(by.TRIES):
        assert store.young.invitations.of(young_person.id)[0].open
        refused(store, new.secret, wrong(new.pin))
    (locked,) = store.young.invitations.locked(before)
    assert (locked.person_id, locked.ending, locked.tries) == (young_person.id, by.LOCKED, by.TRIES)
    refused(store, new.secret, new.pin)
    assert store.young.invitations.of(young_person.id)[0].tries == by.TRIES


def test_what_ran_out_was_made_up_or_replaced_does_not_hold(
    store: Store, case: Case, young_person: Member
) -> None:
    over = invited(store, case, young_person, 0)
    refused(store, over.secret, over.pin)
    refused(store, "made up", "000000")
    old = invited(store, case, young_person)
    token = store.young.invitations.enter(old.secret, old.pin, HOUR)
    waiting = invited(store, case, young_person)
    with pytest.raises(NotFoundError):
        store.access.person(token, HOUR)
    new = invited(store, case, young_person)
    refused(store, waiting.secret, waiting.pin)
    store.young.invitations.cancel(young_person.id, "worker")
    refused(store, new.secret, new.pin)
    endings = {each.id: each.ending for each in store.young.invitations.of(young_person.id)}
    assert (endings[waiting.id], endings[new.id]) == (by.REPLACED, by.CANCELLED)


def test_cancelling_ends_what_was_begun(store: Store, case: Case, young_person: Member) -> None:
    new = invited(store, case, young_person)
    token = store.young.invitations.enter(new.secret, new.pin, HOUR)
    store.young.invitations.cancel(young_person.id, "worker")
    with pytest.raises(NotFoundError):
        store.access.person(token, HOUR)


@pytest.mark.parametrize("column", ["person_id", "expires_at"])
def test_an_invitation_made_anothers_lets_nobody_in(
    store: Store, case: Case, young_person: Member, practitioner: Member, column: str
) -> None:
    new = invited(store, case, young_person)
    other = {"person_id": practitioner.id, "expires_at": now_ms() + 9 * HOUR}[column]
    with store.database.write() as connection:
        connection.execute(update(invitations).values({column: other}))
    with pytest.raises(TamperedError):
        store.young.invitations.enter(new.secret, new.pin, HOUR)


def test_no_secret_and_no_pin_is_kept(store: Store, case: Case, young_person: Member) -> None:
    new = invited(store, case, young_person)
    with store.database.read() as connection:
        rows = repr(connection.execute(select(invitations)).all())
    assert new.secret not in rows
    assert new.pin not in rows


def test_a_call_stands_until_somebody_has_seen_to_it(
    store: Store, case: Case, young_person: Member, note: Note
) -> None:
    first = store.young.calls.make(young_person.id, case.id, UNSAFE)
    other = store.young.calls.make(young_person.id, case.id, TALK, "after school", note.id)
    assert {(each.id, each.kind, each.words) for each in store.young.calls.unseen()} == {
        (first, UNSAFE, ""),
        (other, TALK, "after school"),
    }
    store.young.calls.see(first, "worker")
    assert [each.id for each in store.young.calls.unseen()] == [other]
    (seen,) = [each for each in store.young.calls.of(case.id) if each.seen_at]
    assert (seen.id, seen.seen_by) == (first, "worker")
    with pytest.raises(ConflictError):
        store.young.calls.see(first, "another")


def test_what_is_kept_is_kept_once_and_taken_out_by_its_own(
    store: Store, case: Case, young_person: Member, note: Note
) -> None:
    what = (WORDS, note.id, "I did it")
    kept = store.young.keepsakes.keep(young_person.id, case.id, note.id, what)
    assert store.young.keepsakes.keep(young_person.id, case.id, note.id, what) == kept
    (found,) = store.young.keepsakes.of(young_person.id)
    assert (found.words, found.case_id) == ("I did it", case.id)
    with pytest.raises(NotFoundError):
        store.young.keepsakes.drop(kept, "somebody else")
    store.young.keepsakes.drop(kept, young_person.id)
    assert store.young.keepsakes.of(young_person.id) == []


def test_a_story_is_shown_once_it_was_agreed_to_and_approved(
    store: Store, case: Case, young_person: Member
) -> None:
    stories = store.young.stories
    story = stories.ask("worker", case.id, "Somebody went back to college.")
    with pytest.raises(ConflictError):
        stories.approve(story, "boss")
    assert [each.id for each in stories.all(ASKED)] == [story]
    stories.agree(story, young_person.id)
    assert (stories.all(SHOWN), len(stories.all(AGREED))) == ([], 1)
    stories.approve(story, "boss")
    (shown,) = stories.all(SHOWN)
    assert (shown.agreed_by, shown.approved_by) == (young_person.id, "boss")
    stories.take_down(story, young_person.id)
    assert stories.all(SHOWN) == []
    assert stories.of(case.id)[0].state == GONE
    with pytest.raises(ConflictError):
        stories.take_down(story, young_person.id)


def test_the_last_answers_to_a_version_count(
    store: Store, young_person: Member, note: Note
) -> None:
    store.young.feedback.give(note, 1, young_person.id, Answers("no"))
    store.young.feedback.give(note, 1, young_person.id, Answers("yes", "partly"))
    (found,) = store.young.feedback.of(note.id)
    assert found.answers == Answers("yes", "partly")


def test_an_empty_answer_leaves_what_was_answered_before(
    store: Store, young_person: Member, note: Note
) -> None:
    for each in (Answers("no"), Answers(helped="yes"), Answers("partly")):
        store.young.feedback.give(note, 1, young_person.id, each)
    store.young.feedback.give(note, 2, young_person.id, Answers(helped="no"))
    found = {each.number: each.answers for each in store.young.feedback.of(note.id)}
    assert found == {1: Answers("partly", "yes"), 2: Answers("", "no")}


def test_all_of_it_goes_with_the_case(
    store: Store, case: Case, young_person: Member, note: Note
) -> None:
    new = invited(store, case, young_person)
    store.young.calls.make(young_person.id, case.id, TALK)
    store.young.keepsakes.keep(young_person.id, case.id, note.id, (WORDS, note.id, "mine"))
    store.young.stories.ask("worker", case.id, "Somebody did it.")
    store.young.feedback.give(note, 1, young_person.id, Answers("yes"))
    store.erasing.case(case.id, "test")
    refused(store, new.secret, new.pin)
    left = (*store.young.calls.unseen(), *store.young.keepsakes.of(young_person.id))
    assert (*left, *store.young.stories.all(ASKED), *store.young.feedback.of(note.id)) == ()
