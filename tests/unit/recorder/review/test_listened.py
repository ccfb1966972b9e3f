from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from recorder.codec import encode
from recorder.errors import StateError, UnknownError
from recorder.review.desk import Desk
from recorder.review.listened import is_grave, places
from store.agreements import Said
from store.cases import Case
from store.notes import Note
from store.people import Member
from store.records import WITHDRAWN, Recording
from store.store import Store
from store.tables import listenings
from tests.parts import goes_on
from transcribe.model import SCRIPT, Check, Contact, Draft, Origin, Source, Statement

GRAVE = "He said he would stab him."


def statement(key: str, text: str, *sources: Source) -> Statement:
    return Statement(key, "worry", text, Origin.MACHINE, None, sources)


@pytest.fixture
def grave(recording: Recording) -> Draft:
    """Of four sentences about harm, two can be heard; the others were typed, or came from text."""
    span, typed = Source(recording.id, 1000, 2000), Source(typed_by="amara")
    return Draft(
        "case_note",
        Contact(),
        (
            statement("s1", "We met at the hub.", span),
            statement("s2", GRAVE, span),
            Statement("s3", "worry", "She took an overdose.", Origin.PRACTITIONER, None, (typed,)),
            statement("s4", "He had a knife.", Source(SCRIPT, 1, 2)),
            replace(statement("s5", "He was with a machete.", span), section="what_happened"),
        ),
    )


@pytest.fixture
def submitted(store: Store, case: Case, practitioner: Member, grave: Draft, desk: Desk) -> Note:
    new = Note("", case.id, case.id, practitioner.id, "case_note", "draft", 0, 1000, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, encode(grave), None)
    desk.submit(note_id, 1)
    return store.notes.get(note_id)


def believed(_id: str, _length_ms: int | None, _span: tuple[int, int]) -> None:
    """Whoever says so is believed."""


def unheard(desk: Desk, note: Note) -> list[str]:
    return [each.id for each in desk.read(note.id).unheard]


def test_a_note_is_approved_once_its_approver_has_heard_what_speaks_of_harm(
    store: Store, supervisors_desk: Desk, submitted: Note
) -> None:
    assert unheard(supervisors_desk, submitted) == ["s2", "s5"]
    with pytest.raises(StateError, match=r"sentence 2 under .* and sentence 1 under"):
        supervisors_desk.approve(submitted.id, 1)
    supervisors_desk.listening.keep(submitted.id, 1, "s2", believed)
    assert unheard(supervisors_desk, submitted) == ["s5"]
    with pytest.raises(StateError):
        supervisors_desk.approve(submitted.id, 1)
    at = supervisors_desk.listening.keep(submitted.id, 1, "s5", believed)
    assert supervisors_desk.listening.keep(submitted.id, 1, "s5", believed) == at
    assert supervisors_desk.read(submitted.id).listened["s5"] == at
    supervisors_desk.approve(submitted.id, 1)
    assert store.notes.get(submitted.id).state == "approved"
    heard = [e for e in store.audit.events() if e.action == "sentence listened to"]
    assert len(heard) == 2


def test_what_somebody_else_heard_counts_for_nobody(
    store: Store, desk: Desk, supervisors_desk: Desk, submitted: Note
) -> None:
    for own in (desk, another(store)):
        for key in ("s2", "s5"):
            own.listening.keep(submitted.id, 1, key, believed)
    assert unheard(supervisors_desk, submitted) == ["s2", "s5"]
    with pytest.raises(StateError):
        supervisors_desk.approve(submitted.id, 1)


def another(store: Store) -> Desk:
    return Desk(store, store.people.add(Member("", "supervisor", "sam", "Sam Bell", None), "test"))


def test_it_holds_in_a_later_version_for_as_long_as_words_and_evidence_are_the_same(
    desk: Desk, supervisors_desk: Desk, submitted: Note
) -> None:
    for key in ("s2", "s5"):
        supervisors_desk.listening.keep(submitted.id, 1, key, believed)
    desk.save(submitted.id, 1, {"s1": "We met at home.", "s5": "He was with a long machete."})
    desk.submit(submitted.id, 2)
    assert unheard(supervisors_desk, submitted) == ["s5"]


def test_other_evidence_is_to_be_heard_anew(
    store: Store, supervisors_desk: Desk, submitted: Note, grave: Draft
) -> None:
    for key in ("s2", "s5"):
        supervisors_desk.listening.keep(submitted.id, 1, key, believed)
    later = replace(grave.statements[1].sources[0], end_ms=2001)
    changed = tuple(
        replace(each, sources=(later,)) if each.id == "s2" else each for each in grave.statements
    )
    with store.database.write() as connection:
        payload = encode(replace(grave, statements=changed))
        store.notes.add_version(connection, submitted, payload, None, "submitted")
    assert unheard(supervisors_desk, submitted) == ["s2"]


def test_who_wrote_some_of_it_is_told_that_and_not_to_listen(
    desk: Desk, supervisors_desk: Desk, submitted: Note
) -> None:
    supervisors_desk.save(submitted.id, 1, {"s1": "We met."})
    supervisors_desk.submit(submitted.id, 2)
    assert unheard(supervisors_desk, submitted) == []
    assert unheard(desk, submitted) == []


def test_what_nobody_can_hear_any_more_stops_nothing(
    store: Store, supervisors_desk: Desk, submitted: Note, recording: Recording
) -> None:
    store.erasing.recording(recording.id, "test")
    assert unheard(supervisors_desk, submitted) == []
    with pytest.raises(StateError):
        supervisors_desk.listening.keep(submitted.id, 1, "s2", believed)


def test_nor_does_what_an_agreement_was_taken_back_from(
    store: Store, supervisors_desk: Desk, submitted: Note, recording: Recording
) -> None:
    store.agreements.ask(recording, "test")
    store.agreements.take_back(store.recordings.get(recording.id), Said("Jo", "no", "now"), "test")
    assert unheard(supervisors_desk, submitted) == []


def test_nor_does_what_is_left_of_only_in_part(
    store: Store, supervisors_desk: Desk, submitted: Note, recording: Recording
) -> None:
    second = goes_on(store, recording, 1500)
    assert unheard(supervisors_desk, submitted) == ["s2", "s5"]
    with store.database.write() as connection:
        store.recordings.set_aside(connection, second, WITHDRAWN, "test")
    assert unheard(supervisors_desk, submitted) == []
    with pytest.raises(StateError, match="no recording that can be heard"):
        supervisors_desk.listening.keep(submitted.id, 1, "s2", believed)


def test_only_a_sentence_there_is_is_listened_to_and_only_with_proof(
    store: Store, colleague: Member, supervisors_desk: Desk, submitted: Note
) -> None:
    keep = supervisors_desk.listening.keep
    for note_id, number, key in (
        (submitted.id, 1, "s9"),
        (submitted.id, 2, "s2"),
        ("0" * 32, 1, "s2"),
    ):
        with pytest.raises(UnknownError):
            keep(note_id, number, key, believed)
    with pytest.raises(StateError):
        keep(submitted.id, 1, "s3", believed)  # typed
    with pytest.raises(UnknownError):
        Desk(store, colleague).listening.keep(submitted.id, 1, "s2", believed)

    def doubted(_id: str, _length_ms: int | None, _span: tuple[int, int]) -> None:
        raise StateError

    with pytest.raises(StateError):
        keep(submitted.id, 1, "s2", doubted)
    assert unheard(supervisors_desk, submitted) == ["s2", "s5"]


def test_a_row_taken_away_or_changed_opens_no_door(
    store: Store, supervisors_desk: Desk, submitted: Note, supervisor: Member
) -> None:
    other = another(store)
    for key in ("s2", "s5"):
        other.listening.keep(submitted.id, 1, key, believed)
    with store.database.write() as connection:
        connection.execute(update(listenings).values(actor_id=supervisor.id))
    with pytest.raises(Exception, match="does not open"):
        supervisors_desk.approve(submitted.id, 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [(GRAVE, "grave"), ("He was not stabbed.", "grave"), ("We met.", ""), ("He got wet.", "")],
)
def test_only_sure_words_are_grave(text: str, words: str) -> None:
    assert is_grave(statement("s", text, Source("r", 1, 2))) is bool(words)


def test_harm_that_was_said_and_not_written_is_grave() -> None:
    check = Check("harm_dropped", "look", "“knife” was said here.")
    assert is_grave(replace(statement("s", "He had it.", Source("r", 1, 2)), checks=(check,)))


def test_places_name_headings_and_never_words(grave: Draft) -> None:
    named = places(grave, grave.statements[1:2])
    assert named[0].startswith("sentence 2 under “")
    assert "stab" not in named[0]
    stray = replace(grave, statements=(replace(grave.statements[0], section="gone"),))
    assert places(stray, stray.statements) == ("sentence 1 under “Anything else”",)


@pytest.mark.parametrize(
    ("check", "grave"),
    [
        (("name_taken", "“a knife” was heard, and taken for the name “Niva”.", None), True),
        (("name_taken", "Heard otherwise.", "He had a knife on him."), True),
        (("name_taken", "“Nyva” was heard, and taken for the name “Niva”.", "He saw Nyva."), False),
        (("harm_perhaps", "“Self-Home” was heard. It may be “self harm”.", None), True),
        (("name_perhaps", "“Mindy” was heard. It may be the name “Mandy”.", None), False),
    ],
)
def test_what_was_heard_under_a_name_is_listened_to_if_it_is_harm(
    check: tuple[str, str, str | None], *, grave: bool
) -> None:
    """A name was written over it, or it may be a word for harm: the text alone does not show it."""
    code, message, instead = check
    told = Check(code, "look", message, instead=instead)
    assert (
        is_grave(replace(statement("s1", "He saw Niva.", Source(SCRIPT)), checks=(told,))) is grave
    )
