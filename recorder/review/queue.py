"""What waits for a supervisor: first what uses words for serious harm, then by age, then by when it is due.

Which words a version uses is worked out once, when it is handed in, and sealed with that decision. It
is no measure of risk: it says what a supervisor should look at first, and why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812 - as the values it speaks of call it

from recorder.clock import day_of
from recorder.codec import decode_draft
from recorder.errors import NotAllowedError, StateError
from recorder.review.model import NoteRow
from recorder.review.rows import Rows
from recorder.review.sight import Sight
from recorder.review.states import Move, Role, State, next_state
from recorder.review.timescale import due_day, expected
from store.errors import TamperedError
from store.notes import Note, is_own
from store.payloads import decode_text
from store.people import Member
from store.session import now_ms
from store.store import Store
from templates.lists import harms
from transcribe.draft.checks.harm import found as harm_found
from transcribe.model import Draft

_LEAD = "harm:"
_AT_ONCE = 40  # versions from before words were looked for at handing in, opened for one page


@dataclass(frozen=True, slots=True)
class Choice:
    """What the queue is narrowed to."""

    kind: str = ""
    practitioner: str = ""  # id
    late: bool = False
    harm: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A note that waits, and what its reader should know before opening it."""

    row: NoteRow
    harm: Sequence[str]  # the sorts of serious harm that it uses words for, as a reader knows them
    unknown: bool  # nobody looked for such words yet, or it could not be read
    refused: str  # why this supervisor cannot approve it; empty if they can


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of what waits."""

    rows: Sequence[Waiting]
    count: int  # of all that fit the choice
    whole: int  # of all that wait
    kinds: Sequence[str]  # of notes that wait
    practitioners: Sequence[Member]  # whose notes wait, by name


@dataclass(frozen=True, slots=True)
class Load:
    """What is open with one practitioner, and how much of it is late."""

    practitioner: Member
    counts: Mapping[str, tuple[int, int]]  # by state: how many, and how many of them late


def marks(draft: Draft) -> str:
    """The sorts of serious harm that a draft surely uses words for, as kept with its handing in."""
    sorts = {each.harm for s in draft.statements for each in harm_found(s.text) if each.sure}
    return " ".join((_LEAD, *sorted(sorts)))


class Queues:
    """Opened for one supervisor."""

    def __init__(
        self, store: Store, person: Member, sight: Sight, rows: Rows, timezone: str
    ) -> None:
        self._store = store
        self._person = person
        self._sight = sight
        self._rows = rows
        self._timezone = timezone

    def page(self, choice: Choice, limit: int, skip: int) -> Queue:
        """Those of the notes that wait which fit a choice, from behind the first `skip`."""
        waiting = self._store.listing.standing(self._sight.reach, State.SUBMITTED.value)
        harm = self._harm(waiting)
        fit = [note for note in waiting if self._fits(note, choice, harm)]
        fit.sort(key=lambda note: self._order(note, harm))
        shown = fit[skip : skip + limit]
        names = self._rows.people({note.practitioner_id for note in waiting})
        makers = {note.practitioner_id for note in waiting}
        return Queue(
            rows=[
                Waiting(
                    row, _names(harm.get(row.note.id, ())), row.note.id not in harm, self._why(row)
                )
                for row in self._rows.of(shown)
            ],
            count=len(fit),
            whole=len(waiting),
            kinds=sorted({note.kind for note in waiting}),
            practitioners=sorted((names[each] for each in makers), key=_by_name),
        )

    def loads(self) -> list[Load]:
        """What is open with each practitioner, by name. Counts of work, not of worth."""
        states = (State.DRAFT.value, State.RETURNED.value, State.SUBMITTED.value)
        open_ = self._store.listing.standing(self._sight.reach, *states)
        open_ = [note for note in open_ if not is_own(note)]
        today = day_of(now_ms(), self._timezone)
        counted = Counter((n.practitioner_id, n.state, self._is_late(n, today)) for n in open_)
        makers = {note.practitioner_id for note in open_}
        people = self._rows.people(makers)
        return [
            Load(
                person,
                {
                    state: (
                        counted[person.id, state, True] + counted[person.id, state, False],
                        counted[person.id, state, True],
                    )
                    for state in states
                },
            )
            for person in sorted((people[each] for each in makers), key=_by_name)
        ]

    def _harm(self, waiting: Sequence[Note]) -> dict[str, tuple[str, ...]]:
        """The sorts of harm by note, as far as they are known."""
        kept = self._store.listing.last([note.id for note in waiting], State.SUBMITTED.value)
        told = {note_id: decode_text(each.payload, note_id) for note_id, each in kept.items()}
        old = [n for n in waiting if not told.get(n.id, "").startswith(_LEAD)][:_AT_ONCE]
        told |= self._looked_for(old) if old else {}
        known = {note_id: text for note_id, text in told.items() if text.startswith(_LEAD)}
        return {note_id: tuple(text.split()[1:]) for note_id, text in known.items()}

    def _looked_for(self, old: Sequence[Note]) -> dict[str, str]:
        found = {}
        for note_id, payload in self._store.listing.current(old).items():
            try:
                found[note_id] = marks(decode_draft(payload))
            except TamperedError as error:
                self._store.database.alarm.tell(error)
        return found

    def _fits(self, note: Note, choice: Choice, harm: Mapping[str, tuple[str, ...]]) -> bool:
        return (
            choice.kind in ("", note.kind)
            and choice.practitioner in ("", note.practitioner_id)
            and (not choice.harm or harm.get(note.id) != ())
            and (not choice.late or self._is_late(note, day_of(now_ms(), self._timezone)))
        )

    def _order(
        self, note: Note, harm: Mapping[str, tuple[str, ...]]
    ) -> tuple[bool, Date, Date, int, str]:
        # What could not be read may be the worst of all: it stands with what uses such words.
        contact = day_of(note.contact_at, self._timezone)
        day = due_day(note, self._timezone)
        return harm.get(note.id) == (), contact, day, note.contact_at, note.id

    def _is_late(self, note: Note, today: Date) -> bool:
        awaited = expected(note, self._timezone)
        return awaited is not None and awaited.is_late(today)

    def _why(self, row: NoteRow) -> str:
        try:
            standing = self._sight.written(row.note)
            next_state(standing, Move.APPROVE, self._person.id, Role.SUPERVISOR)
        except (NotAllowedError, StateError) as error:
            return error.sentence
        except TamperedError:  # told already; it hides no other line
            return "it cannot be read as it was written"
        return ""


def _names(keys: Sequence[str]) -> list[str]:
    known = {each.key: each.name for each in harms()}
    return [known.get(key, key) for key in keys]


def _by_name(person: Member) -> tuple[str, str]:
    return person.name.casefold(), person.id
