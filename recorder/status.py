"""What is on its way, what waits, and what needs a person, for a terminal or a machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from recorder.errors import IntakeError, sentence_for
from recorder.home import Home
from recorder.intake.attention import advice
from recorder.intake.walk import walk
from recorder.lastbackup import LastBackup, last_backup
from recorder.pipeline import STAGES
from recorder.progress import figures
from recorder.room import notice_of
from recorder.sandbox.runner import chosen
from recorder.shown import shown
from recorder.suggest import Suggesting
from store.hearings import Progress
from store.hold import Running
from store.journal import ARRIVING, ATTENTION, NOBODY, NOT_REMOVED, SETTLING, Sighting
from store.notes import Note, is_own
from store.records import QUARANTINED, Recording
from store.restrictions import REGISTER

_DAMAGED = (
    "This does not open as it was written: a disk or somebody changed it. All else goes on. Keep this "
    "home as it is, restore the newest backup beside it with 'recorder restore', and compare."
)

_OPENED = (
    "Somebody opened a case in an emergency that they do not see otherwise. 'recorder cases emergencies' "
    "says who and why; data protection looks into it."
)

_CALLED = (
    "A young person asks for somebody, and nobody has seen to it: their worker and supervisor find it on every page "
    "of theirs. Ring them."
)

_UNDONE = (
    "Somebody changed in the database which cases are restricted. What was restricted still is, to everybody "
    "who was not named. Find out who can write to the database; then restrict the case again with 'recorder "
    "cases restrict', which puts it right, or lift it with 'recorder cases lift'."
)


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a person must see to."""

    what: str  # a path in the intake folder, or a recording's id
    reason: str  # a code
    sentence: str  # why, and what to do


@dataclass(frozen=True, slots=True)
class Task:
    """A recording with a stage due."""

    recording: str  # id
    stage: str  # the state it is in: what comes next is due
    attempts: int  # that failed
    heard_ms: int | None  # of sound, so far
    length_ms: int | None  # of sound in all, where it is known
    percent: int | None  # of this stage; None while there is no telling
    left_minutes: int | None  # at the pace so far; None while there is no telling

    def as_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Status:
    """A home at a glance."""

    recordings: dict[str, int]  # by state
    notes: dict[str, int]  # by state
    unassigned: int  # notes that belong to no case yet
    suggested: int  # of these, how many say in their opening whom they are about
    arriving: tuple[str, ...]  # paths in the intake folder
    settling: int  # files that have arrived and lie still, but not yet for long enough
    ignored: int | None  # by-products of other programs there; None: it cannot be looked into
    sealed_waiting: int  # files taken in without the root key that nobody has looked at with it yet
    sandbox: (
        str  # how far files from outside are closed off when they are opened; see docs/MEDIA.md
    )
    attention: tuple[Item, ...]
    backup: LastBackup
    running: Running | None  # who works on the database; None where only this machine can

    def as_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "recordings": self.recordings,
            "notes": self.notes,
            "unassigned": self.unassigned,
            "suggested": self.suggested,
            "arriving": [shown(path) for path in self.arriving],
            "settling": self.settling,
            "ignored": self.ignored,
            "sealed_waiting": self.sealed_waiting,
            "sandbox": self.sandbox,
            "last_backup_at": self.backup.at,  # ms since 1970, UTC
            "running": None if self.running is None else asdict(self.running),
            "attention": [
                {"what": shown(i.what), "reason": i.reason, "sentence": i.sentence}
                for i in self.attention
            ],
        }


def tasks(home: Home) -> list[Task]:
    """What is being worked on or waits its turn, oldest first."""
    heard = home.store.hearings.progress()
    waiting = sorted(home.store.recordings.all(*STAGES), key=lambda each: each.received_at)
    films = map(home.store.captures.as_whole, waiting)
    return [_task(each, heard.get(each.id)) for each in films]


def _task(recording: Recording, heard: Progress | None) -> Task:
    so_far = figures(recording, heard)
    return Task(
        recording=recording.id,
        stage=recording.state,
        attempts=recording.attempts,
        heard_ms=None if heard is None else heard.heard_ms,
        length_ms=recording.length_ms,
        percent=so_far.percent,
        left_minutes=so_far.left_minutes,
    )


def _suggested(home: Home, notes: Sequence[Note]) -> int:
    reading = Suggesting(home.store)
    found = (reading.of(each) for each in notes if each.case_id is None and not is_own(each))
    return sum(1 for each in found if each is not None and each.cases)


def _ignored(home: Home) -> tuple[int | None, list[Item]]:
    """How much in the intake folder is nobody's business, and what is to be said of the folder."""
    try:
        return walk(home.settings.intake).ignored, []
    except IntakeError as error:
        # Where another process takes files in, this one need not even have a right to the folder.
        told = home.settings.intake_by == "run"
        return None, [Item("intake folder", "IntakeError", error.sentence)] if told else []


def status_of(home: Home) -> Status:
    """The status now."""
    recordings, notes = home.store.recordings.all(), home.store.notes.all()
    waiting = home.store.journal.waiting()
    ignored, away = _ignored(home)
    attention = [
        Item(entry.path, entry.reason or "", entry.sentence or sentence_for(entry.reason or ""))
        for entry in waiting
        if entry.state == ATTENTION
    ]
    attention += [
        Item(entry.path, NOT_REMOVED, advice(NOT_REMOVED)) for entry in home.store.files.unremoved()
    ]
    attention += [
        Item(f"recording {each.id[:8]}", each.reason or "", sentence_for(each.reason or ""))
        for each in recordings
        if each.state == QUARANTINED
    ]
    attention += away
    little = notice_of(home)
    attention += [Item("disk", "NoRoom", little)] if little else []
    backup = last_backup(home)
    attention += [
        Item(f"entry {each[:8]} of the record", "NotWhole", _DAMAGED) for each in _damaged(home)
    ]
    attention += [
        Item(f"emergency {each.id[:8]}", "CaseOpened", _OPENED)
        for each in home.store.emergencies.unseen()
    ]
    attention += [
        Item(f"call {each.id[:8]}", "CallUnseen", _CALLED)
        for each in home.store.young.calls.unseen()
    ]
    attention += [
        Item(named(each), "RestrictionUndone", _UNDONE)
        for each in home.store.circles.restrictions.undone()
    ]
    attention += [Item("backup", "BackupOld", backup.sentence)] if backup.overdue else []
    return Status(
        recordings=dict(Counter(each.state for each in recordings)),
        notes=dict(Counter(each.state for each in notes)),
        unassigned=sum(1 for each in notes if each.case_id is None and not is_own(each)),
        suggested=_suggested(home, notes),
        sealed_waiting=_waiting_for_the_key(home, waiting),
        arriving=tuple(entry.path for entry in waiting if entry.state == ARRIVING),
        sandbox=chosen().level.value,
        settling=sum(1 for entry in waiting if entry.state == SETTLING),
        ignored=ignored,
        attention=tuple(attention),
        backup=backup,
        running=home.store.database.running(),
    )


def named(restricted: str) -> str:
    """What a restriction that was undone is called: the case's beginning, or all of them."""
    return REGISTER if restricted == REGISTER else f"case {restricted[:8]}"


def _waiting_for_the_key(home: Home, waiting: Sequence[Sighting]) -> int:
    """Of what was sealed unopened, what does not wait for a person to say whose it is."""
    nobodys = sum(1 for entry in waiting if entry.reason == NOBODY)
    return max(0, home.store.arrivals.files() - nobodys)


def _damaged(home: Home) -> list[str]:
    """The ids of entries among those looked at here that do not open as they were written."""
    home.store.people.all()
    home.store.cases.all()
    return home.store.database.alarm.damaged
