"""What goes well, and what intake refuses: nothing of it shows outside the intake folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from recorder.export.leaving import export
from recorder.home import wrappers_of
from recorder.intake.receive import watcher
from recorder.pipeline import Work
from recorder.review.desk import Desk
from recorder.review.finding import Hit
from recorder.scheduler import work_off
from recorder.status import status_of
from store.custody import Custody
from store.errors import DatabaseError, DuplicateError
from store.keystore import KeyStore
from store.tables import TEAM
from tests.leaks.conftest import Watch
from tests.leaks.recorder_scenarios import Deaf
from tests.leaks.store_scenarios import a_database_without_room
from tests.leaks.world import MARKED, World, wav
from tests.sharing import show_them


def test_work_at_the_desk_shows_nothing_outside_it(
    world: World, silent: Callable[[], None], tmp_path: Path
) -> None:
    store, own = world.home.store, world.desk
    theirs = Desk(store, world.supervisor)
    note, word = world.note, world.canaries.word()
    assert own.my_work()
    assert own.read(note.id).draft.statements
    assert own.transcripts.of(world.recording.id) is not None
    assert own.play(world.recording.id)[1].read(0, 4) == b"RIFF"
    edited, why = {"s2": world.canaries.phrase()}, {"s3": world.canaries.phrase()}
    number = own.save(note.id, note.number, edited, [("worry", word)], why)
    number = own.arranging.under(note.id, number, "s1", "strength")
    assert [each.note.id for each in theirs.search(word) if isinstance(each, Hit)] == [note.id]
    own.transcripts.put_right(world.recording.id, 0, 0, world.canaries.phrase())
    assert own.read(note.id).draft.statements
    own.submit(note.id, number)
    theirs.return_(note.id, number, world.canaries.phrase())
    own.submit(note.id, number)
    theirs.approve(note.id, number)
    show_them(store, own, note.id, number, ["s1"])
    assert own.summaries.of(world.case.id).number == 1
    pack = export(world.home, tmp_path / "pack", "console")
    assert pack is not None
    assert pack.written
    assert pack.refused
    assert not MARKED.in_text(str(pack.refused))
    silent()


def test_erasing_linking_and_rotating_show_nothing(
    world: World, silent: Callable[[], None]
) -> None:
    store, case = world.home.store, world.case
    held = world.register(wav(world.canaries.phrase()))
    with store.database.write() as connection:
        alone = replace(world.note, scope=TEAM, case_id=None, number=0)
        loose = store.notes.create(connection, alone, world.canaries.phrase().encode(), None)
    store.assigning.assign(store.notes.get(loose), case.id, "console")
    store.erasing.recording(held.id, "console")
    store.erasing.case(store.cases.all()[1].id, "console")
    settings = world.home.settings
    custody = Custody(store.database, KeyStore(settings.keys), wrappers_of(settings))
    root = KeyStore(settings.keys).open(custody.wrappers).roots[-1]
    custody.rotate(
        store.audit,
        lambda old: [(custody.wrappers[each.kind], each.params) for each in old.entries],
        None,
        "console",
    )
    assert KeyStore(settings.keys).open(custody.wrappers).roots[-1] != root
    assert store.audit.verify() > 100
    silent()


def test_files_of_every_fate_are_told_of_without_their_names(
    world: World, watch: Watch, silent: Callable[[], None]
) -> None:
    place = world.home.settings.intake / world.practitioner.handle / world.case.details.ref
    place.mkdir(parents=True)
    words = world.canaries.phrase
    files = {
        ".wav": wav(words()),
        "a.wav": wav(words(), 0.2)[:-1000],
        ".txt": words().encode(),
        ".mp4": b"#EXTM3U\n" + words().encode(),
        ".m4a": b"\0\0\0\x18ftypM4A " + words().encode() * 9,
        ".jpg": wav(words()),
        ".age": b"age-encryption.org/v1\n-> " + words().encode(),
        "wav.age": b"-----BEGIN AGE ENCRYPTED FILE-----\n" + words().encode(),
        "": words().encode(),
    }
    for ending, content in files.items():
        (place / world.canaries.word(ending)).write_bytes(content)
    world.file(wav(words()), ".wav")  # in nobody's folder
    folder = watcher(world.home)
    for _ in range(5):
        folder.look()
    work_off(Work(world.home, Deaf))
    taken = [each for each in world.home.store.recordings.all() if each.reason == "NoSpeech"]
    assert len(taken) == 1
    told = status_of(world.home)
    assert len(told.attention) + len(told.arriving) >= len(files)
    assert any(record.name.startswith("recorder.") for record in watch.caplog.records)
    silent()


def test_what_a_full_database_did_not_take_stays_nowhere(
    world: World, watch: Watch, silent: Callable[[], None]
) -> None:
    with pytest.raises(DatabaseError) as full:
        a_database_without_room(world)
    watch.error(full.value)
    assert "hidden" in str(full.value.__cause__)
    silent()


def test_a_statement_that_fails_shows_no_parameter(
    world: World, watch: Watch, silent: Callable[[], None]
) -> None:
    """With the strictest log there is: every statement and every row is told."""
    person = replace(world.practitioner, handle=world.canaries.word(), name=world.canaries.name())
    world.home.store.people.add(person, "console")
    with pytest.raises(DuplicateError) as taken:
        world.home.store.people.add(person, "console")
    watch.error(taken.value)
    assert "UNIQUE" in str(taken.value.__cause__).upper()
    statements = [r for r in watch.caplog.records if r.name.startswith("sqlalchemy.engine")]
    assert any("INSERT INTO people" in each.getMessage() for each in statements)
    silent()
