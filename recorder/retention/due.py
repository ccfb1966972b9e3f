"""What would go, when and by which rule; and what stays although its rule would have it, and why.

Nothing is opened here but what the notes say now, to see which recordings they stand on. What does not
open stands on everything: while nobody can read a note, nothing it may be made from goes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from recorder.export.passing import ways
from recorder.intake.hand import Hand
from recorder.retention.packs import Lying
from recorder.retention.rules import DAY_MS, Rule, Rules
from recorder.review.states import State
from recorder.review.theirs import of_note
from store.disposal import Judged, Thing
from store.errors import TamperedError
from store.notes import MERGED, Note, is_own
from store.records import DRAFTED, QUARANTINED, WITHDRAWN, Recording
from store.session import now_ms
from store.store import Store

HELD = "a legal hold is in force"
EMERGENCY = "its case was opened in an emergency, or a young person asked for somebody"
UNANSWERED = "something that the young person said is not answered yet"
KEPT = "the young person chose to keep it"
NOT_DONE = "a note made from it is not approved yet, or its Mosaic receipt is not entered"
NOT_RECEIVED = "a note in it has no Mosaic receipt yet"
UNREADABLE = "a note that may be made from it does not open"
"""Why something stays."""

_ID = re.compile(rb"[0-9a-f]{32}")
_SETTLED = (DRAFTED, QUARANTINED)


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a rule is about, with all the files of a film."""

    things: tuple[Thing, ...]  # these go together, or none of them
    case_id: str | None
    size: int  # bytes
    since: int  # ms: from when the rule's days are counted; 0: from no moment yet
    due_at: int  # ms: when they are over; 0 likewise
    judged: Judged
    kept: tuple[str, ...] = ()  # why it stays all the same

    @property
    def rule(self) -> str:
        """The rule's name."""
        return self.things[0].rule

    @property
    def goes(self) -> bool:
        """Whether there is a day on which it goes."""
        return bool(self.due_at) and not self.kept


@dataclass(frozen=True, slots=True)
class _Notes:
    """What is known of notes."""

    by_id: Mapping[str, Note]
    standing_on: Mapping[str, frozenset[str]]  # notes, by recording
    closed: frozenset[str]  # scopes with a note that does not open
    left: Mapping[
        str, int
    ]  # ms: when the newest version had left and its receipt was there, by note
    waits: frozenset[str]  # notes with something to be answered


@dataclass(frozen=True, slots=True)
class _Stops:
    """What stops erasing."""

    held: frozenset[str]  # cases and people
    alarmed: frozenset[str]  # cases
    kept: frozenset[str]  # ids of recordings, replies and notes that a young person keeps


class Looking:
    """One look at a home; it opens every note once."""

    def __init__(self, store: Store, rules: Rules, packs: Iterable[Lying] = ()) -> None:
        """`packs`: those that lie in the export folder."""
        self._store = store
        self._lying = packs
        self._rules = rules
        self._stops = _stops(store)
        self._notes = _notes(store)

    def items(self) -> list[Item]:
        """All that a rule is about that ever erases anything, whatever goes first at the top."""
        found = [*self._recordings(), *self._drafts(), *self._nobodys(), *self._packs()]
        on = {rule.name for rule in self._rules.every if rule.on}
        listed = (each for each in found if each.rule in on)
        return sorted(listed, key=lambda each: (not each.goes, each.due_at, each.things))

    # --- recordings ---

    def _recordings(self) -> Iterator[Item]:
        captures = self._store.captures
        later = captures.later()
        for recording in self._store.recordings.all():
            if recording.id in later or recording.state not in _SETTLED:
                continue
            try:
                parts = [part.recording for part in captures.parts(recording.id)] or [recording]
                theirs = bool(self._store.recordings.details(recording.id).said_by)
            except TamperedError:  # the alarm tells of it; what is not as it was is left alone
                continue
            yield from self._of_recording(recording, parts, theirs=theirs)

    def _of_recording(
        self, recording: Recording, parts: list[Recording], *, theirs: bool
    ) -> Iterator[Item]:
        notes = self._made_from(parts)
        item = self._judged(recording, parts, notes)
        there = [each for each in parts if each.gone_at is None]
        if there:
            rule = self._rules.named(_name(recording, theirs=theirs))
            since = self._since(recording, notes)
            yield self._of_rule(item, rule, since, [each.id for each in there])
        elif recording.state == DRAFTED and self._store.recordings.has_transcript(recording.id):
            rule = self._rules.named("transcripts")
            yield self._of_rule(item, rule, self._done(notes), [recording.id])

    def _judged(self, recording: Recording, parts: list[Recording], notes: list[Note]) -> Item:
        scopes = {each.scope for each in notes} | {recording.scope, recording.practitioner_id}
        whose = {each.id for each in parts}
        ids = whose | {each.id for each in notes}
        kept = frozenset(whose | {each.id for each in notes if _is_saying(self._store, recording)})
        judged = Judged(
            self._store.disposing.standing(each.id for each in notes),
            frozenset(scopes),
            0,
            kept,
        )
        why = self._why(scopes, ids, kept)
        if recording.state == DRAFTED and not self._done(notes):
            why = (*why, NOT_DONE)
        return Item(
            (),
            recording.case_id,
            sum(each.size for each in parts),
            0,
            0,
            judged,
            why,
        )

    def _of_rule(self, item: Item, rule: Rule, since: int, ids: Iterable[str]) -> Item:
        things = tuple(Thing(rule.kind, each, rule.name) for each in ids)
        due_at = since + rule.days * DAY_MS if since else 0
        return replace(item, things=things, since=since, due_at=due_at)

    def _made_from(self, parts: list[Recording]) -> list[Note]:
        ids = {each.note_id for each in parts if each.note_id}
        for each in parts:
            ids |= self._notes.standing_on.get(each.id, frozenset())
        return [self._notes.by_id[each] for each in sorted(ids) if each in self._notes.by_id]

    def _since(self, recording: Recording, notes: list[Note]) -> int:
        if recording.state != QUARANTINED:
            return self._done(notes)
        # Set aside by chance once its words were in a note, it is that note's all the same.
        aside, done = self._store.disposing.set_aside(recording.id), self._done(notes)
        if not notes:
            return aside
        return max(done, aside) if done else 0

    def _done(self, notes: list[Note]) -> int:
        """When the last of these notes was done with (ms); 0 while one is not, or there is none."""
        ends = [self._end(each) for each in notes]
        return max(ends) if ends and all(ends) else 0

    def _end(self, note: Note) -> int:
        if is_own(note):  # a supervision goes to no other system
            return note.since if note.state == State.AGREED.value else 0
        return self._notes.left.get(note.id, 0) if note.state == State.APPROVED.value else 0

    def _why(self, scopes: set[str], ids: set[str], kept: frozenset[str]) -> tuple[str, ...]:
        said = (
            (HELD, scopes & self._stops.held),
            (EMERGENCY, scopes & self._stops.alarmed),
            (UNREADABLE, scopes & self._notes.closed),
            (UNANSWERED, ids & self._notes.waits),
            (KEPT, kept & self._stops.kept),
        )
        return tuple(word for word, because in said if because)

    # --- notes and files ---

    def _drafts(self) -> Iterator[Item]:
        rule = self._rules.named("drafts")
        for note in self._notes.by_id.values():
            end = self._end(note)
            drafts = self._store.disposing.drafts(note.id) if end and rule.on else []
            scopes = {note.scope, note.practitioner_id}
            why = self._why(scopes, {note.id}, frozenset())
            standing = self._store.disposing.standing([note.id]) if drafts else {}
            judged = Judged(standing, frozenset(scopes), 0)
            for row_id, size in drafts:
                item = Item((), note.case_id, size, 0, 0, judged, why)
                yield self._of_rule(item, rule, end, [row_id])

    def _nobodys(self) -> Iterator[Item]:
        rule = self._rules.named("nobodys")
        # Nobody knows whether it belongs to what is held.
        why = (HELD,) if self._stops.held else ()
        for file in Hand(self._store).files():
            judged = Judged({}, self._stops.held, 0)
            item = Item((), None, file.size, 0, 0, judged, why)
            yield self._of_rule(item, rule, file.received_at, [file.id])

    def _packs(self) -> Iterator[Item]:
        rule, known = self._rules.named("packs"), ways(self._store)
        for pack in self._lying:
            # A note that is not known any more was erased, and waits for nothing.
            there = [self._notes.by_id[each] for each in pack.notes if each in self._notes.by_id]
            mine = [known[each.id] for each in there if each.id in known]
            scopes = {each.scope for each in there}
            owed = len(mine) < len(there) or any(way.owes for way in mine)
            owed = (
                owed or not pack.notes
            )  # events and summaries have no receipt: a person removes it
            receipts = [way.receipt.at for way in mine if way.receipt]
            why = self._why(scopes, set(), frozenset())
            judged = Judged({}, frozenset(scopes), 0)
            why = (*why, NOT_RECEIVED) if owed else why
            item = Item((), None, pack.size, 0, 0, judged, why)
            yield self._of_rule(item, rule, max([pack.made_at, *receipts]), [pack.id])


def _name(recording: Recording, *, theirs: bool) -> str:
    if recording.state == QUARANTINED:
        return "withdrawn" if recording.reason == WITHDRAWN else "failed"
    if theirs:
        return "theirs"
    return "pictures" if recording.kind == "picture" else "sound"


def _is_saying(store: Store, recording: Recording) -> bool:
    return bool(store.recordings.details(recording.id).said_by)


def _stops(store: Store) -> _Stops:
    now = now_ms()
    opened = store.emergencies.all()
    alarmed = {e.case_id for e in opened if e.reviewed_at is None or e.over_at > now}
    alarmed |= {each.case_id for each in store.young.calls.unseen()}
    held = frozenset(each.case_id for each in store.holds.all())
    return _Stops(held, frozenset(alarmed), store.disposing.keepsakes())


def _notes(store: Store) -> _Notes:
    listed = store.notes.all()
    says = store.listing.current(listed)
    standing = defaultdict(set)
    for note_id, payload in says.items():
        for found in set(_ID.findall(payload)):
            standing[found.decode()].add(note_id)
    closed = {each.scope for each in listed if each.id not in says}
    return _Notes(
        {each.id: each for each in listed if each.state != MERGED},
        {key: frozenset(ids) for key, ids in standing.items()},
        frozenset(closed),
        _left(store, listed),
        frozenset(each.id for each in listed if _waits(store, each.id)),
    )


def _left(store: Store, listed: list[Note]) -> dict[str, int]:
    found, receipts = {}, store.passages.receipts()
    for note in listed:
        receipt = receipts.get(note.id)
        if receipt is not None and note.number in store.notes.exported_versions(note.id):
            found[note.id] = max(receipt.at, store.notes.last_export(note.id))
    return found


def _waits(store: Store, note_id: str) -> bool:
    """Whether something said of it is to be answered; what does not open is."""
    try:
        return any(each.waits for each in of_note(store, note_id))
    except TamperedError:
        return True
