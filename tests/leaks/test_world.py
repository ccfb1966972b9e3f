"""What is looked for is there: otherwise not finding it would mean nothing."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable

import pytest

from recorder.codec import decode_draft, decode_transcript
from recorder.home import Home
from tests.leaks.conftest import Watch
from tests.leaks.world import MARK, World

log = logging.getLogger("recorder.tests")


def _read(home: Home) -> str:
    """The whole record, opened."""
    store = home.store
    parts = [f"{each.handle}\n{each.name}\n{each.username}" for each in store.people.all()]
    for case in store.cases.all():
        parts += [case.details.ref, case.details.name, *(each.name for each in case.details.people)]
    parts += [f"{each.path}\n{each.sentence}" for each in store.journal.recent()]
    parts += [hold.reason for hold in store.holds.all()]
    for recording in store.recordings.all():
        parts.append(store.recordings.details(recording.id).name)
        parts.append(b"".join(store.recordings.open(recording.id)).decode("utf-8", "replace"))
        payload = store.recordings.transcript(recording.id)
        parts += [each.text for each in decode_transcript(payload or b"").segments]
    for note in store.notes.all():
        parts.append(str(decode_draft(store.notes.version(note.id, note.number).payload)))
        entries = (*store.notes.decisions(note.id), *store.notes.replies(note.id))
        parts += [entry.payload.decode() for entry in entries]
    return "\n".join(parts)


def test_five_hundred_canaries_stand_in_the_record_and_in_no_byte_around_it(
    world: World, watch: Watch, silent: Callable[[], None]
) -> None:
    record = _read(world.home)
    # What stands inside another value's repr is escaped there.
    inside = {each for each in world.canaries.made if each in record or repr(each)[1:-1] in record}
    assert len(inside) >= 500
    watch.caplog.clear()
    silent()


def test_every_word_of_every_canary_is_marked(world: World) -> None:
    assert [each for each in world.canaries.made for word in each.split() if MARK not in word] == []


LEAKS: dict[str, Callable[[World, Watch, str], object]] = {
    "error": lambda _, watch, word: watch.error(ValueError(word)),
    "log": lambda _world, _watch, word: log.warning("took", extra={"who": word}),
    "stdout": lambda _world, _watch, word: os.write(1, word.encode()),
    "stderr": lambda _world, _watch, word: os.write(2, word.encode()),
    "file: vault/blob": lambda world, _, word: (world.home.folder / "vault" / "blob").write_bytes(
        b"\0" + word.encode("utf-16-le")
    ),
    "file: scratch": lambda world, _, word: (world.tmp / "scratch").write_text(word),
    f"file: {MARK}": lambda world, _, word: (world.tmp / word).touch(),
}


@pytest.mark.parametrize("where", LEAKS)
def test_a_leak_is_found_wherever_it_is(world: World, watch: Watch, where: str) -> None:
    assert watch.leaks() == []
    LEAKS[where](world, watch, world.canaries.word())
    found = watch.leaks()
    assert found
    assert all(each.startswith(where) for each in found)


def test_an_error_is_looked_through_to_its_first_cause(world: World, watch: Watch) -> None:
    try:
        try:
            raise FileNotFoundError(2, "missing", world.canaries.word())
        except OSError as first:
            raise RuntimeError("something else") from first
    except RuntimeError as error:
        watch.error(error)
    assert watch.leaks()
