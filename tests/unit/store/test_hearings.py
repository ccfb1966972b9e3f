from __future__ import annotations

from dataclasses import replace

import pytest

from store.cases import Case
from store.errors import ConflictError, TamperedError
from store.records import PROBED, QUARANTINED, RECEIVED, TRANSCRIBED, Arrival, Recording
from store.session import now_ms
from store.store import Store
from store.switches import PAUSED
from store.tables import hearings


@pytest.fixture
def recording(store: Store, arrival: Arrival) -> Recording:
    sealed = store.recordings.seal(arrival.scope, [b"sound"])
    return store.recordings.register(sealed, arrival)[0]


def test_parts_come_back_in_order_and_go_with_the_transcript(
    store: Store, recording: Recording
) -> None:
    for number in (1, 2, 3):
        store.hearings.keep(recording, number, number * 1000, b"part %d" % number)
    assert store.hearings.of(recording.id) == [b"part 1", b"part 2", b"part 3"]
    with store.database.write() as connection:
        store.recordings.keep_transcript(connection, recording, b"all")
        store.hearings.forget(connection, recording.id)
    assert store.hearings.of(recording.id) == []


def test_progress_says_how_far_and_at_what_pace(
    store: Store, recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert store.hearings.progress() == {}
    # Ends of windows in ms of sound, and when each was stored: the model's loading, then a night.
    ends = [(100_000, 0), (200_000, 9_000), (300_000, 20_000), (400_000, 9_000_000)]
    ends += [(500_000, 9_010_000)]
    told = []
    for number, (heard, at) in enumerate(ends, 1):
        monkeypatch.setattr("store.hearings.now_ms", lambda at=at: 1_700_000_000_000 + at)
        store.hearings.keep(recording, number, heard, b"part")
        told.append(store.hearings.progress()[recording.id])
    assert [each.heard_ms for each in told] == [heard for heard, _ in ends]
    assert told[0].pace is None
    assert told[1].pace == pytest.approx(0.09)
    assert told[2].pace == pytest.approx(0.10)
    assert told[4].pace == pytest.approx(0.105), "a night in which nobody worked is no pace"


def test_two_workers_never_both_keep_the_same_part(store: Store, recording: Recording) -> None:
    store.hearings.keep(recording, 1, 1000, b"mine")
    with pytest.raises(ConflictError):
        store.hearings.keep(recording, 1, 1000, b"yours")
    assert store.hearings.of(recording.id) == [b"mine"]


def test_nothing_is_kept_of_a_recording_that_was_cancelled(
    store: Store, recording: Recording
) -> None:
    store.recordings.cancel(recording.id, "test")
    with pytest.raises(ConflictError):
        store.hearings.keep(recording, 1, 1000, b"late")


def test_a_part_does_not_open_in_another_ones_place(store: Store, recording: Recording) -> None:
    for number in (1, 2):
        store.hearings.keep(recording, number, 1000, b"part")
    with store.database.write() as connection:
        first, second = connection.execute(hearings.select()).all()
        swapped = hearings.update().where(hearings.c.id == first.id)
        connection.execute(swapped.values(sealed=second.sealed))
    with pytest.raises(TamperedError):
        store.hearings.of(recording.id)


def test_parts_of_an_erased_case_are_gone(store: Store, recording: Recording, case: Case) -> None:
    store.hearings.keep(recording, 1, 1000, b"part")
    store.erasing.case(case.id, "test")
    assert store.hearings.of(recording.id) == []


def test_what_was_cancelled_or_set_aside_can_be_tried_again(
    store: Store, recording: Recording
) -> None:
    store.recordings.cancel(recording.id, "amara")
    aside = store.recordings.get(recording.id)
    assert (aside.state, aside.reason) == (QUARANTINED, "Cancelled")
    assert store.recordings.retry(recording.id, "amara").state == RECEIVED
    with store.database.write() as connection:
        received = store.recordings.get(recording.id)
        store.recordings.keep_transcript(connection, received, b"heard")
        store.recordings.advance(connection, received, TRANSCRIBED)
    store.recordings.quarantine(store.recordings.get(recording.id), "TooManyTries")
    assert store.recordings.retry(recording.id, "amara").state == TRANSCRIBED
    actors = {each.actor for each in store.audit.events() if each.object == recording.id}
    assert {"amara", "system"} <= actors


def test_a_try_again_comes_at_once_and_counts_anew(store: Store, recording: Recording) -> None:
    store.recordings.postpone(recording, "Stalled", now_ms() + 60_000)
    assert store.recordings.due([RECEIVED]) == []
    store.recordings.retry(recording.id, "amara")
    (due,) = store.recordings.due([RECEIVED])
    assert (due.attempts, due.reason) == (0, None)


def test_a_finished_recording_is_neither_cancelled_nor_tried_again(
    store: Store, recording: Recording
) -> None:
    with store.database.write() as connection:
        store.recordings.advance(connection, recording, "drafted")
    with pytest.raises(ConflictError):
        store.recordings.cancel(recording.id, "amara")
    with pytest.raises(ConflictError):
        store.recordings.retry(recording.id, "amara")


def test_a_switch_is_on_until_it_is_turned_off_and_both_are_in_the_log(store: Store) -> None:
    assert not store.switches.is_on(PAUSED)
    store.switches.turn_on(PAUSED, "amara")
    store.switches.turn_on(PAUSED, "ben")
    assert store.switches.is_on(PAUSED)
    store.switches.turn_off(PAUSED, "ben")
    store.switches.turn_off(PAUSED, "ben")
    assert not store.switches.is_on(PAUSED)
    said = [(each.actor, each.action) for each in store.audit.events() if each.object == PAUSED]
    assert said == [("amara", "paused on"), ("ben", "paused off")]


def test_only_voices_count_as_voiced(store: Store, arrival: Arrival, case: Case) -> None:
    picture = replace(arrival, kind="picture")
    store.recordings.register(store.recordings.seal(case.id, [b"drawing"]), picture)
    assert store.recordings.voiced([RECEIVED]) == set()
    store.recordings.register(store.recordings.seal(case.id, [b"sound"]), arrival)
    assert store.recordings.voiced([RECEIVED]) == {case.id}
    assert store.recordings.voiced([PROBED]) == set()
