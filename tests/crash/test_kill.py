"""A process that is killed again and again, at any moment, loses nothing and does nothing twice."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from recorder.codec import decode_draft, decode_transcript
from recorder.home import Home, create_home, open_home
from recorder.intake.receive import watcher
from store.cases import CaseDetails
from store.journal import Journal
from store.people import Member
from store.records import DRAFTED, QUARANTINED, Recording
from store.session import now_ms
from store.strays import GRACE_MS
from store.tables import derived, recordings
from tests.attacks.oracle import Attacks
from tests.crash.mail import CASES
from tests.crash.stages import SOURCE

_FEWEST = 30  # kills in a small run
_ROUND = 100  # kills of one home
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("intake_by", ["run", "receive"])
def test_kills_at_any_moment_lose_nothing_and_double_nothing(
    intake_by: str, tmp_path: Path, attack: Attacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"SETTLE_SECONDS": "0", "SETTLE_LOOKS": "2", "SCAN_SECONDS": "0.02"}
    settings |= {"AGREEMENT": ""}  # a film goes all the way
    for name, value in {**settings, "INTAKE_BY": intake_by}.items():
        monkeypatch.setenv(f"RECORDER_{name}", value)
    with attack(f"27 kill -9, intake by {intake_by}", 500) as kills:
        wanted = max(_FEWEST, kills.planned)
        for start in range(0, wanted, _ROUND):
            folder = tmp_path / f"home-{start}"
            seed = f"{kills.seed}/{kills.goal}/{start}"
            tally = _killed(folder, seed, min(_ROUND, wanted - start))
            nothing_lost_nothing_doubled(folder, tally["sent"])
            kills.attempts += tally["killed"]


def test_a_source_whose_removal_was_not_noted_is_noted_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECORDER_SETTLE_SECONDS", "0")
    monkeypatch.setenv("RECORDER_SETTLE_LOOKS", "2")
    furnish(tmp_path / "home")
    home = open_home(tmp_path / "home")
    path = home.settings.intake / "amara" / CASES[0] / "note.wav"
    path.parent.mkdir(parents=True)
    path.write_bytes(SOURCE)
    with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
        killed.setattr(Journal, "removed", _interrupted)
        _look_often(home)
    assert not path.exists()
    assert len(home.store.journal.lying()) == 1
    _look_often(home)
    assert home.store.journal.lying() == []
    home.close()


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def _look_often(home: Home) -> None:
    looking = watcher(home)
    for _ in range(3):
        looking.look()


def _killed(folder: Path, seed: str, kills: int) -> dict[str, Any]:
    furnish(folder)
    argv = [sys.executable, "-m", "tests.crash.victim", str(folder), seed, str(kills)]
    ended = subprocess.run(
        argv, cwd=ROOT, capture_output=True, check=False, text=True, env=dict(os.environ)
    )
    assert ended.returncode == 0, f"seed {seed}: {ended.stderr[-8000:]}"
    tally: dict[str, Any] = json.loads(ended.stdout)
    return tally


def nothing_lost_nothing_doubled(folder: Path, sent: list[dict[str, Any]]) -> None:
    home = open_home(folder)
    try:
        _each_source_is_there_once(home, sent)
        _each_recording_made_its_note_once(home, sent)
        _nothing_is_broken(home)
        _what_is_left_over_is_swept(home)
    finally:
        home.close()


def furnish(folder: Path) -> None:
    home = create_home(folder)
    maker = home.store.people.add(Member("", "practitioner", "amara", "Amara Cole", None), "test")
    for ref in CASES:
        home.store.cases.add(CaseDetails(ref, f"Jordan {ref}", "900001", ()), maker.id, "test")
    home.close()


def _case_of(home: Home, recording: Recording) -> str | None:
    return (
        None if recording.case_id is None else home.store.cases.get(recording.case_id).details.ref
    )


def _known(case: str) -> str | None:
    return case if case in CASES else None


def _each_source_is_there_once(home: Home, sent: list[dict[str, Any]]) -> None:
    """0 lost, 0 doubled, 0 wrong bytes: the same bytes in one case are one recording."""
    opened = Counter(
        (
            _case_of(home, each),
            hashlib.sha256(b"".join(home.store.recordings.open(each.id))).hexdigest(),
        )
        for each in home.store.recordings.all()
    )
    assert opened == Counter(dict.fromkeys(((_known(s["case"]), s["sha256"]) for s in sent), 1))
    assert not [path for path in home.settings.intake.rglob("*") if path.is_file()]


def _each_recording_made_its_note_once(home: Home, sent: list[dict[str, Any]]) -> None:
    heard = {each["sha256"]: each["heard"] for each in sent}
    broken = {each["sha256"] for each in sent if each["broken"]}
    told: Counter[str] = Counter()
    for note in home.store.notes.all():
        draft = decode_draft(home.store.notes.version(note.id, note.number).payload)
        told.update(
            {source.recording or "" for said in draft.statements for source in said.sources}
        )
    for each in home.store.recordings.all():
        sha256 = home.store.recordings.details(each.id).sha256
        assert home.store.hearings.of(each.id) == []
        if sha256 in broken:
            assert (each.state, each.reason) == (QUARANTINED, "Undecodable")
            assert told[each.id] == 0
            continue
        assert (each.state, each.attempts) == (DRAFTED, 0)
        assert told[each.id] == 1, f"{each.kind} stands in {told[each.id]} statements"
        digest = heard[sha256]
        transcript = home.store.recordings.transcript(each.id)
        assert (transcript is None) == (digest is None)
        if transcript is not None:
            segments = decode_transcript(transcript).segments
            said = f"He told me about {digest} at the station."
            assert [segment.text for segment in segments] == [said, said]
    drafted = home.store.recordings.all(DRAFTED)
    assert {each.kind for each in drafted} == {"audio", "picture", "video"}
    assert {each.note_id for each in drafted} == {note.id for note in home.store.notes.all()}


def _nothing_is_broken(home: Home) -> None:
    """The database is whole, the log verifies, and says of each step that it happened once."""
    if home.store.database.running() is None:  # SQLite
        with home.store.database.read() as connection:
            assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
    assert home.store.strays.lost() == []
    home.store.audit.verify()
    steps = Counter(
        (event.action, event.object)
        for event in home.store.audit.events()
        if event.action.startswith(("recording ", "copies "))
    )
    assert set(steps.values()) == {1}
    received = {name for action, name in steps if action == "recording received"}
    assert received == {each.id for each in home.store.recordings.all()}
    assert home.store.journal.waiting() == []
    if home.settings.intake_by == "run":  # else whoever watches may not have told yet
        assert home.store.journal.lying() == []


def _what_is_left_over_is_swept(home: Home) -> None:
    """Blobs that were sealed and never registered are gone a day later, and no others."""
    orphans = home.store.strays.orphans()
    home.store.strays.sweep()  # notes them
    with home.store.database.read() as connection:
        blobs = set(connection.scalars(select(recordings.c.blob)))
        blobs |= set(connection.scalars(select(derived.c.blob)))
    with pytest.MonkeyPatch.context() as later:
        later.setattr("store.strays.now_ms", lambda: now_ms() + GRACE_MS)
        assert home.store.strays.sweep() == len(orphans)
    assert set(home.store.vault.ids()) == blobs
