"""One note about several young people becomes one each, and goes on nobody's record itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recorder.codec import decode_draft, encode
from recorder.errors import NotAllowedError, StateError, UnknownError
from recorder.review import choosing
from recorder.review.desk import Desk
from store.cases import Case, CaseDetails
from store.notes import Note, is_own
from store.people import Member
from store.store import Store
from store.tables import TEAM
from transcribe.model import Contact, Draft, Origin, Source, Statement

SAID = (
    ("header", "Boxing on Tuesday with Jordan and Kwame, and Leila came too."),
    ("observation", "Jordan was quiet."),
    ("young_person_words", "Kwame said he hates his new school."),
    ("worry", "Leila had a bruise."),
    ("what_happened", "Everybody had pizza."),
    ("wellbeing", "I was worn out."),
)


@pytest.fixture
def kwame(store: Store, practitioner: Member) -> Case:
    return store.cases.add(CaseDetails("EV-1002", "Kwame"), practitioner.id, "test")


def several(
    store: Store, practitioner: Member, kind: str = "group_session", case_id: str | None = None
) -> Note:
    statements = tuple(
        Statement(f"s{n}", section, text, Origin.MACHINE, None, (Source("r1", n, n + 1),))
        for n, (section, text) in enumerate(SAID)
    )
    new = Note("", case_id or TEAM, case_id, practitioner.id, kind, "draft", 0, 1000, 0)
    with store.database.write() as connection:
        payload = encode(Draft(kind, Contact(), statements))
        note_id = store.notes.create(connection, new, payload, None)
    return store.notes.get(note_id)


def test_in_a_note_about_several_no_sentence_changes_places(
    store: Store, desk: Desk, practitioner: Member
) -> None:
    whole = several(store, practitioner)
    desk.arranging.under(whole.id, 1, "s3", "observation")
    with pytest.raises(StateError, match="one before it"):
        desk.arranging.shift(whole.id, 2, "s3", up=True)
    assert texts(store, whole.id) == [text for _, text in SAID]


def test_the_workers_own_moves_to_no_young_persons_heading_nor_record(
    store: Store, desk: Desk, practitioner: Member, case: Case
) -> None:
    whole = several(store, practitioner, "supervision")
    with pytest.raises(StateError, match="worker's own"):
        desk.arranging.under(whole.id, 1, "s5", "analysis")
    (made,) = desk.dividing.divide(whole.id, 1, [case.id], ["Kwame", "Leila"])
    own = desk.read(made)
    with pytest.raises(StateError, match="nothing of the worker's own"):
        desk.arranging.under(made, own.note.number, "s1", "wellbeing")
    shut = desk.arranging.headings(own.note, own.draft, "s1").refused
    assert sorted(len(each) for each in shut.values()) == [2]


def test_what_was_taken_out_of_the_workers_own_stays_with_the_worker(
    store: Store, desk: Desk, practitioner: Member, case: Case
) -> None:
    whole = several(store, practitioner, "supervision")
    desk.save(whole.id, 1, {}, removed={"s5": "Not for the file."})
    (made,) = desk.dividing.divide(whole.id, 2, [case.id], ["Kwame", "Leila"])
    assert desk.read(made).draft.removed == ()
    (kept,) = desk.read(whole.id).draft.removed
    assert (kept.why, kept.statement.text) == ("Not for the file.", "I was worn out.")


def texts(store: Store, note_id: str) -> list[str]:
    note = store.notes.get(note_id)
    draft = decode_draft(store.notes.version(note_id, note.number).payload)
    return [statement.text for statement in draft.statements]


def test_each_gets_a_note_on_their_own_record(
    store: Store, desk: Desk, practitioner: Member, case: Case, kwame: Case
) -> None:
    whole = several(store, practitioner)
    assert {each.id for each in desk.dividing.named(whole.id)} == {case.id, kwame.id}
    made = desk.dividing.divide(whole.id, 1, [case.id, kwame.id], ["Leila"])
    assert [store.notes.get(each).case_id for each in made] == [case.id, kwame.id]
    assert texts(store, made[0]) == [
        "Boxing on Tuesday with Jordan and another young person, and another young person came too.",
        "Jordan was quiet.",
        "Everybody had pizza.",
    ]
    assert texts(store, made[1])[1:] == [
        "Kwame said he hates his new school.",
        "Everybody had pizza.",
    ]
    after = store.notes.get(whole.id)
    assert (after.state, after.case_id) == ("merged", None)
    assert desk.read(made[0]).note.state == "draft"
    desk.submit(made[0], 1)


def test_a_note_about_several_is_not_handed_in(
    store: Store, desk: Desk, practitioner: Member, case: Case
) -> None:
    whole = several(store, practitioner)
    desk.assign(whole.id, 1, case.id)
    with pytest.raises(StateError, match="make each one's own note first"):
        desk.submit(whole.id, 1)


def test_of_a_supervision_stays_what_is_the_workers_own(
    store: Store, desk: Desk, practitioner: Member, case: Case, kwame: Case
) -> None:
    whole = several(store, practitioner, "supervision")
    made = desk.dividing.divide(whole.id, 1, [case.id, kwame.id], ["Leila"])
    after = store.notes.get(whole.id)
    assert (after.state, after.number) == ("draft", 2)
    assert texts(store, whole.id)[1:] == ["I was worn out."]
    assert all("I was worn out." not in texts(store, each) for each in made)
    with pytest.raises(StateError, match="about one young person already"):
        desk.dividing.divide(whole.id, 2, [case.id], [])


def test_what_is_in_nobodys_note_is_shown_before(
    store: Store, desk: Desk, practitioner: Member, case: Case, kwame: Case
) -> None:
    whole = several(store, practitioner)
    preview = desk.dividing.preview(whole.id, [case.id, kwame.id], ["Leila"])
    assert [s.text for s in preview.nowhere] == ["Leila had a bruise.", "I was worn out."]
    assert store.notes.get(whole.id).state == "draft"


def test_a_young_person_who_was_not_chosen_is_named_in_no_note(
    store: Store, desk: Desk, practitioner: Member, case: Case, kwame: Case
) -> None:
    assert kwame.details.name == "Kwame"
    whole = several(store, practitioner)
    (made,) = desk.dividing.divide(whole.id, 1, [case.id], ["Leila"])
    assert not any("Kwame" in text or "Leila" in text for text in texts(store, made))


def test_who_wrote_any_of_the_whole_may_approve_none_of_its_parts(
    store: Store, desk: Desk, supervisors_desk: Desk, practitioner: Member, case: Case
) -> None:
    whole = several(store, practitioner)
    number = supervisors_desk.save(whole.id, 1, {"s1": "Jordan was very quiet."})
    (made,) = desk.dividing.divide(whole.id, number, [case.id], ["Kwame", "Leila"])
    note = store.notes.get(made)
    desk.submit(made, note.number)
    with pytest.raises(NotAllowedError, match="some of it is yours"):
        supervisors_desk.approve(made, note.number)


def test_one_that_changed_meanwhile_is_not_divided(
    store: Store, desk: Desk, practitioner: Member, case: Case
) -> None:
    whole = several(store, practitioner)
    desk.save(whole.id, 1, {"s1": "Jordan was loud."})
    with pytest.raises(StateError, match="changed while you had it open"):
        desk.dividing.divide(whole.id, 1, [case.id], [])
    assert len(store.notes.all()) == 1


def test_only_who_may_write_about_somebody_makes_their_note(
    store: Store, desk: Desk, colleague: Member, practitioner: Member, case: Case, note: Note
) -> None:
    whole = several(store, practitioner)
    theirs = store.cases.add(CaseDetails("EV-3", "Mia"), colleague.id, "test")
    for chosen, error in (([theirs.id], UnknownError), ([], StateError)):
        with pytest.raises(error):
            desk.dividing.divide(whole.id, 1, chosen, [])
    with pytest.raises(UnknownError):
        Desk(store, colleague).dividing.divide(whole.id, 1, [theirs.id], [])
    with pytest.raises(StateError, match="about one young person already"):
        desk.dividing.divide(note.id, note.number, [case.id], [])
    assert replace(store.notes.get(whole.id)) == whole


def test_what_one_has_alone_is_not_merged_with_what_is_about_several(
    store: Store, desk: Desk, practitioner: Member, case: Case
) -> None:
    whole, other = (several(store, practitioner) for _ in range(2))
    (alone,) = desk.dividing.divide(whole.id, 1, [case.id], ["Kwame", "Leila"])
    desk.assign(other.id, 1, case.id)
    note = store.notes.get(alone)
    for pair in ((alone, note.number), (other.id, 1)), ((other.id, 1), (alone, note.number)):
        with pytest.raises(StateError, match="make each one's own note first"):
            desk.contacts.merge(*pair)


def test_who_wrote_in_a_note_that_was_merged_in_may_approve_none_of_the_parts(
    store: Store, desk: Desk, supervisors_desk: Desk, practitioner: Member, case: Case
) -> None:
    one, other = (several(store, practitioner) for _ in range(2))
    for each in (one, other):
        desk.assign(each.id, 1, case.id)
    number = supervisors_desk.save(other.id, 1, {"s1": "Jordan was very quiet."})
    whole = store.notes.get(desk.contacts.merge((one.id, 1), (other.id, number)))
    (made,) = desk.dividing.divide(whole.id, whole.number, [case.id], ["Kwame", "Leila"])
    note = store.notes.get(made)
    desk.submit(made, note.number)
    with pytest.raises(NotAllowedError, match="some of it is yours"):
        supervisors_desk.approve(made, note.number)


def test_the_workers_own_part_is_put_on_no_young_persons_record(
    store: Store, desk: Desk, practitioner: Member, case: Case, kwame: Case
) -> None:
    whole = several(store, practitioner, "supervision")
    with pytest.raises(StateError, match="goes on no young person's record"):
        desk.assign(whole.id, 1, case.id)
    desk.dividing.divide(whole.id, 1, [case.id, kwame.id], ["Leila"])
    with pytest.raises(StateError, match="goes on no young person's record"):
        desk.assign(whole.id, 2, case.id)
    with pytest.raises(StateError, match="goes on no young person's record"):
        desk.submit(whole.id, 2)
    assert desk.read(whole.id).workers_own
    assert is_own(store.notes.get(whole.id))


def test_somebody_whose_case_is_open_in_an_emergency_is_named_in_no_note(
    store: Store, colleague: Member, practitioner: Member, case: Case
) -> None:
    kwame = store.cases.add(CaseDetails("EV-9", "Kwame"), colleague.id, "test")
    whole = several(store, practitioner)
    store.emergencies.open(kwame.id, practitioner.id, "missing tonight", 3_600_000)
    reading = Desk(store, practitioner)
    assert reading.read(whole.id).draft
    (made,) = reading.dividing.divide(whole.id, 1, [case.id], ["Leila"])
    assert not any("Kwame" in text for text in texts(store, made))


def test_what_names_anybody_at_all_is_not_said_to_be_about_nobody(
    store: Store,
    supervisors_desk: Desk,
    practitioner: Member,
    colleague: Member,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(choosing, "MOST", 0)  # as where there are very many
    whole = several(store, practitioner, "supervision")
    kwame = store.cases.add(CaseDetails("EV-7", "Kwame Mensah"), colleague.id, "test")
    mia = CaseDetails("EV-8", "Mia Boateng", known_as=("Leila",))
    store.cases.add(mia, colleague.id, "test")
    out = dict.fromkeys(("s0", "s1", "s2"), "It is on their own records.")
    number = supervisors_desk.save(whole.id, 1, {}, (), out)
    with pytest.raises(StateError, match="it names a young person"):
        supervisors_desk.supervision.about_nobody(whole.id, number)
    store.circles.name(kwame.id, practitioner.id, "test")
    sounds = supervisors_desk.save(whole.id, number, {"s3": "Kwami had a bruise."})
    with pytest.raises(StateError, match="it names a young person"):
        supervisors_desk.supervision.about_nobody(whole.id, sounds)
    number = supervisors_desk.save(whole.id, sounds, {"s3": "Mia next door has a cold."})
    supervisors_desk.supervision.about_nobody(whole.id, number)
