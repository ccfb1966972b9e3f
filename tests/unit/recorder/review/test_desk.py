from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from recorder.codec import decode_draft, encode
from recorder.errors import NotAllowedError, StateError, UnknownError
from recorder.review.desk import Desk
from recorder.review.preparing import Choice as Words
from recorder.review.queue import Choice
from recorder.review.states import Move
from store.cases import Case, CaseDetails
from store.journal import ARRIVING, ATTENTION, Look
from store.notes import Note
from store.people import Member
from store.records import Arrival, Recording
from store.store import Store
from store.tables import TEAM
from tests.sharing import show_them
from transcribe.model import Check, Draft, Origin, Source


def actions(store: Store, object_id: str) -> list[str]:
    return [event.action for event in store.audit.events() if event.object == object_id]


# --- who sees what ---


def test_a_practitioner_sees_their_own_notes_and_a_supervisor_all(
    store: Store, desk: Desk, supervisors_desk: Desk, colleague: Member, note: Note
) -> None:
    assert [row.note.id for row in desk.my_work()] == [note.id]
    assert [row.note.id for row in supervisors_desk.my_work()] == [note.id]
    assert Desk(store, colleague).my_work() == []
    assert [each.starting(note.id[:8]) for each in (desk, Desk(store, colleague))] == [
        [note.id],
        [],
    ]
    assert desk.starting("x") == []


def test_the_practitioner_of_a_case_reads_what_a_colleague_wrote_on_it_and_changes_nothing(
    store: Store, desk: Desk, colleague: Member, case: Case, draft: Draft
) -> None:
    new = Note("", case.id, case.id, colleague.id, "case_note", "draft", 0, 1000, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, encode(draft), None)
    assert desk.read(note_id).moves == frozenset()
    with pytest.raises(NotAllowedError):
        desk.save(note_id, 1, {"s1": "Mine."})


@pytest.mark.parametrize("role", ["business_support", "data_protection", "administrator"])
def test_other_roles_see_no_record(
    store: Store, role: str, note: Note, recording: Recording
) -> None:
    desk = Desk(store, store.people.add(Member("", role, "sam", "Sam", None), "test"))
    for look in (desk.my_work, lambda: desk.queues, lambda: desk.tray, desk.shared_with_me):
        with pytest.raises(UnknownError):
            look()
    with pytest.raises(UnknownError):
        desk.read(note.id)
    with pytest.raises(UnknownError):
        desk.play(recording.id)


def test_what_is_somebody_elses_looks_like_what_does_not_exist(
    store: Store, colleague: Member, note: Note, recording: Recording
) -> None:
    theirs = Desk(store, colleague)
    for note_id in (note.id, "0" * 32):
        with pytest.raises(UnknownError) as refused:
            theirs.read(note_id)
        assert refused.value.sentence == UnknownError.default
        with pytest.raises(UnknownError):
            theirs.draft_at(note_id, 1)
    for recording_id in (recording.id, "0" * 32):
        for look in (theirs.play, theirs.transcripts.of, theirs.recording):
            with pytest.raises(UnknownError):
                look(recording_id)


def test_a_young_person_reads_no_note_and_hears_no_recording(
    young_desk: Desk, note: Note, recording: Recording
) -> None:
    with pytest.raises(UnknownError):
        young_desk.read(note.id)
    with pytest.raises(UnknownError):
        young_desk.play(recording.id)


def test_a_young_person_of_no_case_is_shown_nothing(store: Store, note: Note) -> None:
    assert note.state == "draft"
    lost = store.people.add(Member("", "young_person", "lost", "Lost", None), "test")
    assert Desk(store, lost).shared_with_me() == []


def test_an_erased_case_is_gone_for_everyone(
    store: Store, desk: Desk, supervisors_desk: Desk, case: Case, note: Note, recording: Recording
) -> None:
    store.erasing.case(case.id, "test")
    assert desk.my_work() == supervisors_desk.my_work() == []
    assert supervisors_desk.tray.arrivals().on_the_way == []
    for each in (desk, supervisors_desk):
        with pytest.raises(UnknownError):
            each.read(note.id)
        with pytest.raises(UnknownError):
            each.play(recording.id)


# --- reading leaves a trace ---


def test_reading_and_playing_are_in_the_audit_log(
    store: Store, desk: Desk, note: Note, recording: Recording
) -> None:
    desk.read(note.id)
    desk.transcripts.of(recording.id)
    desk.play(recording.id)
    assert actions(store, note.id)[-1] == "note read"
    assert actions(store, recording.id)[-2:] == ["transcript read", "recording played"]


def test_a_further_piece_of_one_playing_is_no_second_event(
    store: Store, desk: Desk, recording: Recording
) -> None:
    desk.play(recording.id)
    desk.play(recording.id, going_on=True)
    assert actions(store, recording.id).count("recording played") == 1


# --- changing ---


def test_one_save_with_changes_and_additions_is_one_version(
    store: Store, desk: Desk, note: Note, practitioner: Member
) -> None:
    added = [("strength", "He rang his nan."), ("strength", "He was on time.")]
    assert desk.save(note.id, 1, {"s1": "We met."}, added, {"s4": "Said twice."}) == 2
    draft = decode_draft(store.notes.version(note.id, 2).payload)
    texts = {s.text: s for s in draft.statements}
    assert "He is still getting messages." not in texts
    own = texts["He was on time."]
    assert (own.origin, own.sources) == (Origin.PRACTITIONER, (Source(typed_by=practitioner.id),))
    assert len({s.id for s in draft.statements}) == len(draft.statements)
    assert [(e.statement.id, e.by, e.why) for e in draft.removed] == [
        ("s4", practitioner.id, "Said twice.")
    ]


def test_saving_nothing_new_makes_no_version(desk: Desk, note: Note) -> None:
    assert desk.save(note.id, 1, {"s1": "We met to go over the plan."}) == 1


def test_a_supervisors_words_are_marked_as_theirs(supervisors_desk: Desk, note: Note) -> None:
    supervisors_desk.save(note.id, 1, {}, [("analysis", "I think he is afraid.")])
    assert supervisors_desk.read(note.id).draft.statements[-1].origin is Origin.SUPERVISOR


def test_a_sentence_under_no_heading_of_the_note_is_refused(desk: Desk, note: Note) -> None:
    with pytest.raises(UnknownError):
        desk.save(note.id, 1, {}, [("wellbeing", "x")])


@pytest.mark.parametrize("number", [0, 1, 3])
def test_every_move_on_another_version_than_the_newest_is_refused(
    desk: Desk, supervisors_desk: Desk, note: Note, number: int
) -> None:
    desk.save(note.id, 1, {"s1": "We met."})
    moves: list[Callable[[], object]] = [
        partial(desk.save, note.id, number, {"s1": "We talked."}),
        partial(desk.submit, note.id, number),
        partial(supervisors_desk.approve, note.id, number),
        partial(supervisors_desk.return_, note.id, number, "No."),
        partial(desk.preparing.prepare, note.id, number, Words({"s2": "No."})),
        partial(supervisors_desk.preparing.release, note.id, number, "0" * 32),
    ]
    for move in moves:
        with pytest.raises(StateError, match="changed while you had it open"):
            move()


def test_a_note_of_no_case_cannot_be_submitted(
    store: Store, desk: Desk, practitioner: Member, draft: Draft
) -> None:
    new = Note("", TEAM, None, practitioner.id, "case_note", "draft", 0, 1000, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, encode(draft), None)
    with pytest.raises(StateError, match="not linked to a young person"):
        desk.submit(note_id, 1)


def test_a_note_with_a_blocking_check_cannot_be_submitted(
    store: Store, desk: Desk, case: Case, practitioner: Member, draft: Draft
) -> None:
    block = Check("unclear", "block", "Listen.")
    flagged = replace(draft.statements[0], checks=(block,))
    payload = encode(replace(draft, statements=(flagged, *draft.statements[1:])))
    new = Note("", case.id, case.id, practitioner.id, "case_note", "draft", 0, 1000, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, payload, None)
    with pytest.raises(StateError, match="put right"):
        desk.submit(note_id, 1)
    desk.submit(note_id, desk.save(note_id, 1, {"s1": "We met."}))


# --- deciding ---


def test_a_supervisor_who_wrote_any_version_of_it_cannot_approve_it_and_is_told_why(
    store: Store, desk: Desk, supervisors_desk: Desk, note: Note
) -> None:
    number = supervisors_desk.save(note.id, 1, {"s1": "We met."})
    number = desk.save(note.id, number, {"s1": "We met to go over the plan again."})
    desk.submit(note.id, number)
    page = supervisors_desk.read(note.id)
    assert Move.APPROVE not in page.moves
    assert "some of it is yours" in page.refused[Move.APPROVE]
    with pytest.raises(NotAllowedError):
        supervisors_desk.approve(note.id, number)
    second = store.people.add(Member("", "supervisor", "ife", "Ife", None), "test")
    Desk(store, second).approve(note.id, number)
    assert store.notes.get(note.id).state == "approved"


def test_a_supervisor_cannot_approve_a_note_from_their_own_recording(
    store: Store, supervisors_desk: Desk, supervisor: Member, case: Case, draft: Draft
) -> None:
    new = Note("", case.id, case.id, supervisor.id, "case_note", "draft", 0, 1000, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, encode(draft), None)
    supervisors_desk.submit(note_id, 1)
    with pytest.raises(NotAllowedError):
        supervisors_desk.approve(note_id, 1)


def test_an_edit_takes_the_approval_away(
    store: Store, desk: Desk, supervisors_desk: Desk, note: Note
) -> None:
    desk.submit(note.id, 1)
    supervisors_desk.approve(note.id, 1)
    desk.save(note.id, 1, {"s1": "We met."})
    assert store.notes.get(note.id).state == "draft"


def test_a_returned_note_shows_its_newest_reason(
    desk: Desk, supervisors_desk: Desk, note: Note
) -> None:
    for reason in ("First.", "Second."):
        desk.submit(note.id, 1)
        supervisors_desk.return_(note.id, 1, reason)
    assert desk.my_work()[0].reason == "Second."


def test_the_queue_holds_submitted_notes_only(
    desk: Desk, supervisors_desk: Desk, note: Note
) -> None:
    assert supervisors_desk.queues.page(Choice(), 9, 0).whole == 0
    desk.submit(note.id, 1)
    page = supervisors_desk.queues.page(Choice(), 9, 0)
    assert [each.row.note.id for each in page.rows] == [note.id]
    with pytest.raises(UnknownError):
        _ = desk.queues


# --- the young person ---


def test_only_offered_sentences_can_be_shared(
    store: Store, desk: Desk, supervisors_desk: Desk, note: Note
) -> None:
    desk.submit(note.id, 1)
    supervisors_desk.approve(note.id, 1)
    for choice in ([], ["s2", "s4"], ["made-up"]):
        with pytest.raises(NotAllowedError):
            show_them(store, desk, note.id, 1, choice)


def test_a_note_is_shared_only_once_approved(store: Store, desk: Desk, note: Note) -> None:
    with pytest.raises(StateError):
        show_them(store, desk, note.id, 1, ["s2"])
    with pytest.raises(StateError):
        desk.preparing.stop(note.id, 1)


def test_their_words_are_kept_unaltered_beside_what_they_were_shown(
    store: Store, desk: Desk, supervisors_desk: Desk, young_desk: Desk, note: Note
) -> None:
    desk.submit(note.id, 1)
    supervisors_desk.approve(note.id, 1)
    show_them(store, desk, note.id, 1, ["s2"])
    said = "  nah that's not\nhow it went 🙃  "
    young_desk.reply(note.id, said)
    assert [words for _, words in young_desk.shared_with_me()[0].replies] == [said]
    assert [each.said.saying.words for each in desk.read(note.id).theirs] == [said]
    assert desk.my_work()[0].replies == 1


@pytest.mark.parametrize("words", ["", "  \n", "x" * 20_001])
def test_an_empty_or_endless_reply_is_refused(
    store: Store, desk: Desk, supervisors_desk: Desk, young_desk: Desk, note: Note, words: str
) -> None:
    desk.submit(note.id, 1)
    supervisors_desk.approve(note.id, 1)
    show_them(store, desk, note.id, 1, ["s2"])
    with pytest.raises(StateError):
        young_desk.reply(note.id, words)


def test_a_young_person_cannot_reply_to_what_they_were_not_shown(
    store: Store, desk: Desk, supervisors_desk: Desk, young_desk: Desk, note: Note
) -> None:
    with pytest.raises(UnknownError):
        young_desk.reply(note.id, "hi")
    desk.submit(note.id, 1)
    supervisors_desk.approve(note.id, 1)
    show_them(store, desk, note.id, 1, ["s2"])
    theirs = store.cases.add(CaseDetails("EV-2", "Sky"), desk.person.id, "test")
    sky = store.people.add(Member("", "young_person", "sky", "Sky", theirs.id), "test")
    assert Desk(store, sky).shared_with_me() == []
    with pytest.raises(UnknownError):
        Desk(store, sky).reply(note.id, "hi")


# --- what is on its way ---


def test_arrivals_are_each_persons_own(
    store: Store, desk: Desk, supervisors_desk: Desk, colleague: Member, arrival: Arrival
) -> None:
    def arrive(content: bytes, **more: object) -> Recording:
        sealed = store.recordings.seal(TEAM, [content])
        own = replace(arrival, scope=TEAM, case_id=None, **more)  # type: ignore[arg-type]  # fields by name
        return store.recordings.register(sealed, own)[0]

    waiting, broken = arrive(b"a"), arrive(b"b")
    store.recordings.quarantine(broken, "Undecodable")
    theirs = arrive(b"c", practitioner_id=colleague.id)
    for path, who, state in (("a", desk.person.id, ATTENTION), ("b", colleague.id, ARRIVING)):
        store.journal.note(Look(path, TEAM, who, state, 1, "NotTaken"))

    mine = desk.tray.arrivals()
    assert [each.recording.id for each in mine.on_the_way] == [waiting.id]
    assert [(each.id, each.reason) for each in mine.set_aside] == [(broken.id, "Undecodable")]
    assert [each.path for each in mine.files] == ["a"]
    every = supervisors_desk.tray.arrivals()
    assert {each.recording.id for each in every.on_the_way} == {waiting.id, theirs.id}
    assert {each.path for each in every.files} == {"a", "b"}
