"""What is made from recordings to be looked at: made once, sealed, and gone with its recording."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import event, select, update

from store.agreements import Said
from store.backup.needs import needs
from store.captures import Capture, Chapter, Part
from store.cases import Case
from store.derived import COPY, FAILED, MADE, POSTER, PROXY, WAITING, Making, New
from store.errors import ConflictError, NotFoundError, TamperedError
from store.notes import Note
from store.original import CopyDetails
from store.people import Member
from store.records import CHAPTER, DRAFTED, LONGEST_WAIT_MS, PROBED, Arrival, Recording
from store.session import now_ms
from store.store import Store
from store.tables import TEAM, derived, makings, orphans

KINDS = ("picture", "video")
PLAYS = b"plays anywhere" * 9000


def reads(store: Store, do: Callable[[], object]) -> int:
    """How many questions to the database it takes."""
    asked: list[object] = []
    event.listen(store.database.engine, "before_cursor_execute", lambda *_: asked.append(1))
    do()
    return len(asked)


@pytest.fixture
def film(store: Store, arrival: Arrival) -> Recording:
    """A film whose note was drafted."""
    return drafted(store, replace(arrival, media_type="mp4", kind="video"), b"film")


def drafted(store: Store, arrival: Arrival, content: bytes) -> Recording:
    sealed = store.recordings.seal(arrival.scope, [content])
    found, _ = store.recordings.register(sealed, arrival)
    with store.database.write() as connection:
        store.recordings.advance(connection, found, DRAFTED)
    return store.recordings.get(found.id)


def new(store: Store, recording: Recording, kind: str = PROXY, content: bytes = PLAYS) -> New:
    sealed = store.recordings.seal(recording.scope, [content])
    return New(kind, 1, sealed, CopyDetails.of(sealed, "video/mp4", 1280, 720))


def opened(store: Store, recording: Recording, kind: str = PROXY) -> bytes:
    _, reader = store.makings.open(recording.id, kind)
    return reader.read(0, reader.size)


def test_what_is_due_is_a_picture_or_film_with_nothing_more_to_do_on_the_way_to_a_note(
    store: Store, film: Recording, arrival: Arrival
) -> None:
    drafted(store, arrival, b"sound")
    shot = replace(arrival, kind="picture", media_type="jpeg")
    picture = drafted(store, shot, b"picture")
    store.recordings.register(store.recordings.seal(shot.scope, [b"not yet"]), shot)
    assert [each.id for each in store.makings.due(KINDS)] == [film.id, picture.id]


def test_what_is_due_is_asked_for_once_however_much_it_is(
    store: Store, film: Recording, arrival: Arrival
) -> None:
    few = reads(store, lambda: store.makings.due(KINDS))
    for number in range(3):
        drafted(store, replace(arrival, kind="picture", media_type="jpeg"), bytes(number + 1))
    assert len(store.makings.due(KINDS)) == 4
    assert reads(store, lambda: store.makings.due(KINDS)) == few
    assert film.id == store.makings.due(KINDS)[0].id


def test_a_film_in_which_nobody_spoke_is_due_where_that_is_asked_for(
    store: Store, arrival: Arrival
) -> None:
    silent = replace(arrival, kind="video", media_type="mp4")
    sealed = store.recordings.seal(silent.scope, [b"silence"])
    found, _ = store.recordings.register(sealed, silent)
    store.recordings.quarantine(found, "NoSpeech")
    assert store.makings.due(KINDS) == []
    assert [each.id for each in store.makings.due(KINDS, ["NoSpeech"])] == [found.id]


def test_the_later_files_of_a_film_are_due_when_the_film_is(
    store: Store, film: Recording, arrival: Arrival
) -> None:
    shot = replace(arrival, kind="video", media_type="mp4")
    later, _ = store.recordings.register(store.recordings.seal(shot.scope, [b"second"]), shot)
    capture = Capture("file", Chapter("GX0123", 2, "", None))
    with store.database.write() as connection:
        store.recordings.advance(connection, later, CHAPTER)
        store.captures.keep(connection, later, capture)
    assert [each.id for each in store.makings.due(KINDS)] == [film.id]
    with store.database.write() as connection:
        store.captures.join(connection, Part(later, None, capture), film.id)
    assert {each.id for each in store.makings.due(KINDS)} == {film.id, later.id}
    store.recordings.quarantine(film, "Cancelled")
    assert store.makings.due(KINDS) == []


def test_it_is_made_once(store: Store, film: Recording) -> None:
    first, second = new(store, film), new(store, film)
    store.makings.keep(film, [first])
    with pytest.raises(ConflictError):
        store.makings.keep(film, [second])
    store.makings.discard([first.sealed, second.sealed])
    assert opened(store, film) == PLAYS
    assert store.makings.due(KINDS) == []
    assert store.makings.standing(film.id) == Making(MADE, None, 1)
    assert [each.kind for each in store.makings.of(film.id)] == [PROXY]
    assert store.makings.any(film.id)
    assert len(list(store.vault.ids())) == 2
    with pytest.raises(NotFoundError):
        store.makings.open(film.id, POSTER)


def test_what_failed_waits_and_is_due_again_in_time(store: Store, film: Recording) -> None:
    store.makings.postpone(film, "Stalled", now_ms() + 60_000)
    assert store.makings.due(KINDS) == []
    assert store.makings.standing(film.id) == Making(WAITING, "Stalled", 1)
    for at in (now_ms(), now_ms() + LONGEST_WAIT_MS + 60_000):  # the second: by a clock gone wrong
        store.makings.postpone(film, "Stalled", at)
        assert [each.id for each in store.makings.due(KINDS)] == [film.id]
    store.makings.give_up(film, "NotMade")
    assert store.makings.due(KINDS) == []
    assert store.makings.standing(film.id) == Making(FAILED, "NotMade", 4)
    with pytest.raises(ConflictError):
        store.makings.postpone(film, "Stalled", 0)
    with pytest.raises(ConflictError):
        store.makings.give_up(film, "NotMade")


def test_made_again_it_takes_the_place_of_what_there_was(store: Store, film: Recording) -> None:
    store.makings.keep(film, [new(store, film)])
    store.makings.again(film.id, "test")
    assert [each.id for each in store.makings.due(KINDS)] == [film.id]
    assert store.makings.of(film.id) == []
    store.makings.keep(film, [new(store, film, content=b"better")])
    assert opened(store, film) == b"better"
    store.erasing.sweep()
    assert len(list(store.vault.ids())) == 2
    assert store.strays.orphans() == set()
    with pytest.raises(NotFoundError):
        store.makings.again("0" * 32, "test")


def _erased(store: Store, film: Recording) -> None:
    store.erasing.recording(film.id, "test")


def _withdrawn(store: Store, film: Recording) -> None:
    store.agreements.take_back(film, Said("Jo", "no", "today"), "test")


def _worked_on_again(store: Store, film: Recording) -> None:
    with store.database.write() as connection:
        store.recordings.advance(connection, film, PROBED)


@pytest.mark.parametrize("overtaken", [_erased, _withdrawn, _worked_on_again])
def test_what_is_not_wanted_any_more_is_not_kept(
    store: Store,
    film: Recording,
    overtaken: Callable[[Store, Recording], None],
) -> None:
    made = new(store, film)
    overtaken(store, film)
    with pytest.raises(ConflictError):
        store.makings.keep(film, [made])
    with pytest.raises(ConflictError):
        store.makings.give_up(film, "NotMade")
    with pytest.raises(ConflictError):
        store.makings.postpone(film, "Stalled", 0)
    assert store.makings.standing(film.id) is None
    assert store.makings.due(KINDS) == []
    store.makings.discard([made.sealed])
    assert made.sealed.blob not in set(store.vault.ids())


def test_an_erased_recording_takes_it_along(store: Store, film: Recording) -> None:
    store.makings.keep(film, [new(store, film), new(store, film, POSTER, b"a frame")])
    store.erasing.recording(film.id, "test")
    assert list(store.vault.ids()) == []
    with store.database.read() as connection:
        for table in (derived, makings, orphans):
            assert connection.execute(select(table)).all() == []
    assert store.makings.of(film.id) == []
    assert store.examination.run().failures == []


def test_an_erased_case_takes_it_along_whatever_was_cut_off(
    store: Store, film: Recording, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.makings.keep(film, [new(store, film)])
    monkeypatch.setattr(type(store.erasing), "sweep", lambda _: True)  # killed just before
    store.erasing.case(case.id, "test")
    assert list(store.inventory.made()) == []
    assert store.examination.run().failures == []
    monkeypatch.undo()
    store.erasing.sweep()
    assert list(store.vault.ids()) == []
    assert store.strays.orphans() == set()


def test_what_is_noted_as_left_over_and_has_a_row_stays(store: Store, film: Recording) -> None:
    """Whoever writes to the database cannot have a blob removed by noting it."""
    made = new(store, film)
    store.makings.keep(film, [made])
    with store.database.write() as connection:
        connection.execute(orphans.insert().values(blob=made.sealed.blob, found_at=0))
    store.erasing.sweep()
    assert opened(store, film) == PLAYS


@pytest.fixture
def note(store: Store, practitioner: Member) -> Note:
    """A note of no case."""
    loose = Note("", TEAM, None, practitioner.id, "case_note", "draft", 0, 1000, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, loose, b"words", None)
    return store.notes.get(note_id)


def test_it_goes_along_to_the_case_of_its_recording(
    store: Store, note: Note, arrival: Arrival, case: Case
) -> None:
    loose = replace(arrival, scope=TEAM, case_id=None, kind="video", media_type="mp4")
    film = drafted(store, loose, b"film")
    with store.database.write() as connection:
        store.recordings.advance(connection, film, DRAFTED, note_id=note.id)
    late = new(store, film)
    store.makings.keep(film, [new(store, film)])
    store.assigning.assign(note, case.id, "test")
    assert opened(store, film) == PLAYS
    assert [look.fault for look in store.inventory.made(deep=True)] == [None]
    with pytest.raises(ConflictError):  # sealed to whom it no longer belongs to
        store.makings.keep(film, [late])
    assert store.audit.verify() > 0
    store.erasing.case(case.id, "test")
    assert set(store.vault.ids()) == {late.sealed.blob}


def test_a_check_of_the_vault_finds_what_is_not_as_it_was_sealed(
    store: Store, film: Recording
) -> None:
    made = new(store, film)
    store.makings.keep(film, [made])
    assert [look.fault for look in store.inventory.made()] == [None]
    store.vault.delete(made.sealed.blob)
    (look,) = store.inventory.made()
    assert (look.kind, look.fault) == ("made", "missing")
    assert [each.table for each in store.strays.lost()] == ["derived"]
    store.vault.put(made.sealed.blob, [bytes(made.sealed.payload_size)])
    assert [look.fault for look in store.inventory.made()] == [None]
    assert [look.fault for look in store.inventory.made(deep=True)] == ["other content"]
    assert len(store.examination.run().failures) == 1


@pytest.mark.parametrize(("column", "value"), [("kind", COPY), ("number", 2), ("size", 7)])
def test_a_row_that_was_changed_does_not_open(
    store: Store, film: Recording, column: str, value: object
) -> None:
    store.makings.keep(film, [new(store, film)])
    with store.database.write() as connection:
        connection.execute(update(derived).values({column: value}))
    with pytest.raises(TamperedError):
        store.makings.of(film.id)


def test_the_file_of_another_does_not_pass_for_it(
    store: Store, film: Recording, arrival: Arrival
) -> None:
    """Header and blob of somebody else's, with the pins left as they are."""
    other = drafted(store, replace(arrival, kind="video"), b"another")
    store.makings.keep(film, [new(store, film)])
    store.makings.keep(other, [new(store, other, content=b"another's")])
    with store.database.write() as connection:
        theirs = connection.execute(select(derived).where(derived.c.recording_id == other.id)).one()
        mine = update(derived).where(derived.c.recording_id == film.id)
        connection.execute(mine.values(header=theirs.header))
    with pytest.raises(TamperedError):
        store.makings.open(film.id, PROXY)


def test_backups_hold_it(store: Store, film: Recording) -> None:
    store.makings.keep(film, [new(store, film)])
    with store.database.read() as connection:
        found = list(needs(connection, store.makings._identities))
    assert {each.table for each in found} == {"recordings", "derived"}
