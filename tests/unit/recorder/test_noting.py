"""Which note a recording comes to, from what was heard in it on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from recorder import noting
from recorder.codec import encode
from recorder.home import Home, create_home
from recorder.pipeline import STAGES, Work
from recorder.review.desk import Desk
from recorder.scheduler import run_stage
from store.people import Member
from store.records import QUARANTINED, TRANSCRIBED
from tests.contacts import MINUTE, NOON, Visits, furnish, nobody
from transcribe.corrected import Correction

SEEN = "I met Jordan at the hub. He told me that he was fine."
MORE = "One more thing. He said that he had seen Tyrell at the station."


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Visits]:
    home = create_home(tmp_path / "home", "Test team")
    yield furnish(home)
    home.close()


def notes_of(world: Visits) -> list[list[str]]:
    """The recordings of each current note."""
    store = world.home.store
    return [[each.id for each in store.recordings.of_note(note.id)] for note in store.notes.all()]


def test_a_voice_note_two_pictures_and_a_second_voice_note_of_one_visit_are_one_note(
    world: Visits,
) -> None:
    came = [
        world.come(NOON, SEEN),
        world.come(NOON - 30 * MINUTE),
        world.come(NOON + 5 * MINUTE),
        world.come(NOON + 90 * MINUTE, MORE),
    ]
    (note,) = world.home.store.notes.all()
    assert {each.note_id for each in came} == {note.id}
    draft = world.draft(note)
    by_recording = {
        recording.id: [s.text for s in draft.statements if s.sources[0].recording == recording.id]
        for recording in came
    }
    assert all(by_recording.values())
    assert all("Tyrell" not in text for text in by_recording[came[0].id])
    for statement in draft.statements:
        (source,) = statement.sources
        kind = world.home.store.recordings.get(source.recording or "").kind
        assert (source.start_ms is None) == (kind == "picture")
    world.check()


def test_pictures_alone_are_one_note_that_the_voice_joins(world: Visits) -> None:
    world.come(NOON)
    world.come(NOON + MINUTE)
    voice = world.come(NOON + 20 * MINUTE, SEEN)
    assert [len(each) for each in notes_of(world)] == [3]
    assert voice.note_id is not None
    assert world.draft(voice.note_id).contact.place == "the hub"
    world.check()


@pytest.mark.parametrize(
    "later",
    [
        (NOON + 121 * MINUTE, MORE),
        (NOON + MINUTE, "It's about yesterday, I met Jordan at school. He was fine."),
    ],
    ids=["beyond the gap", "of another day"],
)
def test_what_is_of_another_contact_has_a_note_of_its_own(
    world: Visits, later: tuple[int, str]
) -> None:
    world.come(NOON, f"It's Wednesday the fifth of November. {SEEN}")
    world.come(*later)
    assert [len(each) for each in notes_of(world)] == [1, 1]


def test_the_gap_is_a_setting(world: Visits) -> None:
    home = world.home
    none = replace(home, settings=structs.replace(home.settings, contact_gap_minutes=0))
    still = replace(world, home=none)
    still.come(NOON, SEEN)
    still.come(NOON + MINUTE, MORE)
    assert len(home.store.notes.all()) == 2


def test_a_folder_of_its_own_is_one_contact_for_a_day(world: Visits) -> None:
    world.come(NOON, SEEN, "Visit 1")
    world.come(NOON + 600 * MINUTE, MORE, "visit 1")
    world.come(NOON + 900 * MINUTE, MORE)
    assert sorted(len(each) for each in notes_of(world)) == [1, 2]


def test_what_belongs_to_no_case_is_never_grouped(world: Visits) -> None:
    for _ in range(2):
        world.work_on(world.arrive(NOON, SEEN, to="nobody"))
    assert [len(each) for each in notes_of(world)] == [1, 1]


def test_another_kind_of_note_and_another_practitioner_stay_apart(world: Visits) -> None:
    world.come(NOON, SEEN)
    world.work_on(world.arrive(NOON, SEEN, kind="supervision"))
    ben = world.home.store.people.add(Member("", "practitioner", "ben", "Ben", None), "test")
    replace(world, practitioner=ben).come(NOON, SEEN)
    assert [len(each) for each in notes_of(world)] == [1, 1, 1]


@pytest.mark.parametrize("back", [False, True])
def test_what_was_handed_in_is_never_changed_by_what_comes_later(
    world: Visits, *, back: bool
) -> None:
    world.come(NOON, SEEN)
    (note,) = world.home.store.notes.all()
    desk = Desk(world.home.store, world.practitioner)
    desk.submit(note.id, 1)
    if back:
        desk.save(note.id, 1, {}, [("worry", "A thought.")])
    before = world.home.store.notes.get(note.id), world.draft(note)
    late, picture = world.come(NOON + MINUTE, MORE), world.come(NOON + MINUTE)
    assert (world.home.store.notes.get(note.id), world.draft(note)) == before
    assert late.note_id == picture.note_id != note.id
    (candidate,) = desk.contacts.candidates(late.note_id or "", 120 * MINUTE, 24 * 60 * MINUTE)
    assert (candidate.note.id, candidate.near, candidate.refused) == (note.id, True, None)


def test_what_is_recorded_into_a_note_goes_there_whenever_it_was_made(world: Visits) -> None:
    first = world.come(NOON, SEEN)
    other = world.come(NOON + 1000 * MINUTE, SEEN)
    more, picture = (
        world.work_on(world.arrive(NOON + 999 * MINUTE, words, onto=first.note_id or ""))
        for words in (MORE, "")
    )
    assert more.note_id == picture.note_id == first.note_id != other.note_id
    world.check()


def test_what_is_recorded_into_a_note_that_was_sent_back_leaves_it_sent_back(
    world: Visits,
) -> None:
    first = world.come(NOON, SEEN)
    boss = world.home.store.people.add(Member("", "supervisor", "sol", "Sol", None), "test")
    Desk(world.home.store, world.practitioner).submit(first.note_id or "", 1)
    Desk(world.home.store, boss).return_(first.note_id or "", 1, "Say more.", {})
    more = world.work_on(world.arrive(NOON + MINUTE, MORE, onto=first.note_id or ""))
    note = world.home.store.notes.get(first.note_id or "")
    assert (more.note_id, note.number, note.state) == (note.id, 2, "returned")


def test_what_was_recorded_into_a_note_that_is_shut_by_then_has_its_own(world: Visits) -> None:
    store = world.home.store
    first = world.come(NOON, SEEN)
    Desk(store, world.practitioner).submit(first.note_id or "", 1)
    before = world.draft(first.note_id or "")
    group = world.work_on(world.arrive(NOON, SEEN, kind="group_session"))
    dividing = Desk(store, world.practitioner).dividing
    (part,) = dividing.divide(group.note_id or "", 1, [world.case.id], ["Tyrell"])
    ben = store.people.add(Member("", "practitioner", "ben", "Ben", None), "test")
    his = replace(world, practitioner=ben).come(NOON, SEEN)
    came = [
        world.work_on(world.arrive(NOON + 600 * MINUTE, MORE, onto=each or ""))
        for each in (first.note_id, group.note_id, part, his.note_id)
    ]
    taken = {first.note_id, group.note_id, part, his.note_id}
    assert not {each.note_id for each in came} & taken
    assert world.draft(first.note_id or "") == before


def test_of_two_workers_at_once_the_second_looks_again_and_joins_the_first(
    world: Visits,
) -> None:
    first, second = world.arrive(NOON, SEEN), world.arrive(NOON + MINUTE, MORE)
    compose = noting.compose

    work, patched = Work(world.home, nobody), pytest.MonkeyPatch()

    def slow(home: Home, recording: object, _: object) -> noting.Composed:
        patched.undo()
        composed = compose(home, second)
        assert recording == second
        world.work_on(first)  # another worker, in between
        return composed

    patched.setattr(noting, "compose", slow)
    assert run_stage(work, second) == "left"
    assert world.home.store.recordings.get(second.id).state == TRANSCRIBED
    STAGES[TRANSCRIBED](work, second)
    assert [len(each) for each in notes_of(world)] == [2]
    world.check()


@pytest.mark.parametrize("kind", ["group_session", "supervision"])
def test_what_comes_after_a_note_was_divided_goes_into_none_of_its_parts(
    world: Visits, kind: str
) -> None:
    store = world.home.store
    first = world.work_on(world.arrive(NOON, SEEN, kind=kind))
    whole = store.notes.get(first.note_id or "")
    desk = Desk(store, world.practitioner)
    made = desk.dividing.divide(whole.id, 1, [world.case.id], ["Tyrell"])
    late = world.work_on(world.arrive(NOON + 5 * MINUTE, MORE, kind=kind))
    assert late.note_id not in {whole.id, *made}
    assert desk.read(late.note_id or "").together


def test_too_little_speech_makes_no_note_until_somebody_put_the_words_right(world: Visits) -> None:
    store, work = world.home.store, Work(world.home, nobody)
    recording = world.arrive(NOON, "Mm he.")
    assert run_stage(work, recording) == "quarantined"
    aside = store.recordings.get(recording.id)
    assert (aside.state, aside.reason) == (QUARANTINED, "TooLittleSpeech")
    assert run_stage(work, store.recordings.retry(recording.id, "amara")) == "quarantined"
    said = encode(Correction(0, "I met him at the hub."))
    store.corrections.add(aside, 1, said, world.practitioner.id)
    drafted = world.work_on(store.recordings.retry(recording.id, "amara"))
    assert drafted.note_id is not None
    assert [each.text for each in world.draft(drafted.note_id).statements] == [
        "I met him at the hub."
    ]
