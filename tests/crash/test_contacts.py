"""Any sequence of arrivals, merges and splits, each cut off anywhere: one current note for each."""

from __future__ import annotations

import os
import random
import signal
from dataclasses import replace
from pathlib import Path

from recorder.codec import decode_draft
from recorder.errors import StateError
from recorder.home import create_home, open_home
from recorder.pipeline import Work
from recorder.review.desk import Desk
from recorder.scheduler import work_off
from store.notes import MERGED, Note
from store.records import TRANSCRIBED
from tests.attacks.oracle import Attacks
from tests.contacts import MINUTE, NOON, Visits, furnish, nobody
from tests.crash.victim import _die_after

_FEWEST = 40
_STEPS = 60  # database calls of one change, about
_WORDS = (
    "I met Jordan at the hub. He told me that he was fine.",
    "Um, yeah. He said that he had seen Tyrell at the station. I will ring his mum on Monday.",
)


def test_any_sequence_of_changes_cut_off_anywhere_keeps_all_in_one_current_note(
    tmp_path: Path, attack: Attacks
) -> None:
    folder = tmp_path / "home"
    home = create_home(folder)
    world = furnish(home)
    home.close()
    with attack("27 arrivals, merges and splits, killed or not", 1_300) as tried:
        rng = random.Random(f"{tried.seed}/{tried.goal}")
        killed = 0
        for number in range(max(_FEWEST, tried.planned)):
            if number % _FEWEST == 0:
                _arrivals(world, folder, rng)
            killed += _changed(world, folder, rng)
            tried.attempts += 1
            _hold(world, folder)
        assert 0 < killed < tried.attempts
        _finish(world, folder)


def _opened(world: Visits, folder: Path) -> Visits:
    return Visits(open_home(folder), world.practitioner, world.case)


def _arrivals(world: Visits, folder: Path, rng: random.Random) -> None:
    """Ten recordings of half a day, written down and not yet in a note."""
    here = _opened(world, folder)
    for _ in range(10):
        here.arrive(NOON + rng.randrange(720) * MINUTE, rng.choice(("", *_WORDS)))
    here.home.close()


def _changed(world: Visits, folder: Path, rng: random.Random) -> bool:
    """One change in a process of its own, killed at some call or left alone; whether killed."""
    seed, steps = rng.random(), rng.randrange(1, _STEPS) if rng.random() < 0.7 else None
    child = os.fork()
    if not child:
        try:
            here = _opened(world, folder)
            _die_after(here.home.store.database, steps)
            _change(here, random.Random(seed))
            os._exit(0)
        except BaseException:  # noqa: BLE001 - the parent must not go on twice
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), "the change failed by itself"
    return status == signal.SIGKILL


def _change(world: Visits, rng: random.Random) -> None:
    store, desk = world.home.store, Desk(world.home.store, world.practitioner)
    due, notes = store.recordings.all(TRANSCRIBED), store.notes.all()
    what = rng.choice(("arrive", "merge", "split", "edit"))
    try:
        if due and (what == "arrive" or not notes):
            world.work_on(rng.choice(due))
        elif what == "merge" and len(notes) > 1:
            one, other = rng.sample(notes, 2)
            desk.contacts.merge((one.id, one.number), (other.id, other.number))
        elif what == "split" and notes:
            note = rng.choice(notes)
            its = [each.id for each in store.recordings.of_note(note.id)]
            desk.contacts.split(note.id, note.number, rng.sample(its, rng.randrange(len(its) + 1)))
        elif notes:
            note = rng.choice(notes)
            number = desk.save(note.id, note.number, {}, [("worry", f"Typed {rng.random()}.")])
            if rng.random() < 0.3:
                desk.submit(note.id, number)
    except StateError:
        pass  # all or none of a note's recordings were chosen


def _hold(world: Visits, folder: Path) -> None:
    here = _opened(world, folder)
    try:
        here.check()
    finally:
        here.home.close()


def _finish(world: Visits, folder: Path) -> None:
    """Whatever is still due is worked off, and what was typed stands once, where it was typed."""
    here = _opened(world, folder)
    try:
        work_off(Work(here.home, nobody))
        here.check()
        now = [text for note in here.home.store.notes.all() for text in _typed(here, note)]
        assert len(now) == len(set(now))  # of few changes every edit may have been killed
        assert set(now) == _ever_typed(here)
    finally:
        here.home.close()


def _typed(world: Visits, note: Note) -> list[str]:
    said = decode_draft(world.home.store.notes.version(note.id, note.number).payload)
    return [each.text for each in said.statements if each.text.startswith("Typed ")]


def _ever_typed(world: Visits) -> set[str]:
    store = world.home.store
    return {
        text
        for note in (*store.notes.all(), *store.notes.all(MERGED))
        for number in range(1, note.number + 1)
        for text in _typed(world, replace(note, number=number))
    }
