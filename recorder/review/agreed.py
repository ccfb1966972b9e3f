"""What a young person agreed to, as they see it, and how they take it back with one tap.

They see what they sent, what the staff wrote down that they agreed to, what a parent agreed to for them
and they were shown the note of, and pictures that they were shown. Of anything else in their record
they are not told that it is there: who else agreed to a recording may not want them to know.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from recorder.clock import day_of
from recorder.errors import StateError, UnknownError
from recorder.review.saying import KEEP_BACK
from recorder.review.summary import Shared
from recorder.review.theirsay import TheirSay
from store.agreements import GIVEN, TAKEN_BACK, Agreement, Said
from store.cases import CaseDetails
from store.errors import ConflictError
from store.people import Member
from store.records import CHAPTER, ERASED, WITHDRAWN, Recording
from store.session import now_ms
from store.store import Store

PARENT = "A parent or carer agreed for them"
"""How it stands in an agreement that somebody else agreed for the young person."""

BUSY = "that did not work just now: tap again"
_TRIES = 5

SENT, SAID, FOR_THEM, SHOWN = "sent", "said", "for_them", "shown"
"""Why something is in their list: the best reason of several."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """A recording or picture in their list."""

    recording: Recording
    why: str
    at: int  # ms: when it was sent or written down; 0 for what they were only shown
    taken: int  # ms: when it was taken back; 0 while it is used
    seen_in: str = ""  # the note with whose summary they are shown it


@dataclass(frozen=True, slots=True)
class Sharing:
    """A summary, and what became of it beyond these pages."""

    summary: Shared
    sent_on: bool  # it left in an export
    asked: str  # id of what they said so that it is not shared; empty: nothing


class TheirAgreements:
    """Opened for one young person."""

    def __init__(
        self,
        store: Store,
        person: Member,
        timezone: str,
        shown: Callable[[], Sequence[Shared]],
        say: TheirSay,
    ) -> None:
        """`shown` gives what they are shown just now."""
        self._store = store
        self._person = person
        self._timezone = timezone
        self._shown = shown
        self._say = say

    def all(self) -> list[Agreed]:
        """Everything in their list, newest first."""
        self._store.audit.record(self._person.id, "agreements read", self._person.id)
        return self._all()

    def sharing(self) -> list[Sharing]:
        """The summaries that they were shown, newest first."""
        return [
            Sharing(
                each, bool(self._store.notes.last_export(each.note_id)), self._asked(each.note_id)
            )
            for each in self._shown()
        ]

    def take_back(self, recording_id: str) -> None:
        """Nobody hears or sees it from now on, and nothing more is made from it.

        UnknownError for what is not in their list; StateError if work on it got in the way.
        """
        if recording_id not in {each.recording.id for each in self._all()}:
            raise UnknownError
        for _ in range(_TRIES):
            recording = self._store.recordings.get(recording_id)
            if recording.reason == WITHDRAWN:
                return
            try:
                self._store.agreements.take_back(recording, self._words(), self._person.id)
            except ConflictError:  # it moved on in this very moment: seen anew
                continue
            return
        raise StateError(BUSY)

    # --- within ---

    def _all(self) -> list[Agreed]:
        case_id, shown = self._person.case_id, self._shown()
        if case_id is None:  # of no case: would otherwise be everyone's
            return []
        noted = {r.id: (r, entries) for r, entries in self._store.agreements.of_case(case_id)}
        for each in (picture for summary in shown for picture in summary.pictures):
            if each.recording not in noted:
                noted[each.recording] = (self._store.recordings.get(each.recording), [])
        names = names_of(self._store.cases.get(case_id).details)
        found = self._listed(noted.values(), shown, names)
        return sorted(found, key=lambda each: each.recording.recorded_at, reverse=True)

    def _listed(
        self,
        noted: Iterable[tuple[Recording, Sequence[Agreement]]],
        shown: Sequence[Shared],
        names: Collection[str],
    ) -> Iterator[Agreed]:
        notes = {each.note_id for each in shown}
        pictures = {p.recording: each.note_id for each in shown for p in each.pictures}
        for recording, entries in noted:
            if recording.state in (CHAPTER, ERASED):  # its film's first file stands for it
                continue
            why, at = self._why(recording, entries, names, notes)
            own = any(e.actor_id == self._person.id for e in entries)  # they stopped it
            if why or recording.id in pictures or own:
                taken = [e.at for e in entries if e.kind == TAKEN_BACK]
                gone = taken[-1] if taken and recording.reason == WITHDRAWN else 0
                seen_in = pictures.get(recording.id, "")
                yield Agreed(recording, why or SHOWN, at, gone, seen_in)

    def _why(
        self,
        recording: Recording,
        entries: Sequence[Agreement],
        names: Collection[str],
        notes: Collection[str],
    ) -> tuple[str, int]:
        """Why a recording is theirs to see, and since when (ms); empty if no entry says so."""
        given = [each for each in entries if each.kind == GIVEN]
        sent = [each.at for each in given if each.actor_id == self._person.id]
        parent = [each.at for each in given if each.said.how == PARENT]
        yes = said_yes(entries, names)
        if sent:
            return SENT, sent[0]
        if yes is not None:
            return SAID, yes.at
        return (FOR_THEM, parent[-1]) if parent and recording.note_id in notes else ("", 0)

    def _asked(self, note_id: str) -> str:
        """What they said last so that none of a summary is shared, if they did."""
        whole = (own.said for own in self._say.of(note_id) if not own.said.saying.statement)
        return next((each.id for each in whole if each.saying.kind == KEEP_BACK), "")

    def _words(self) -> Said:
        today = day_of(now_ms(), self._timezone)
        return Said(self._person.name, "On their own page", f"{today:%-d/%-m/%Y}")


def names_of(details: CaseDetails) -> frozenset[str]:
    """What the staff may have called a young person where they wrote down who agreed.

    Never what they want to be called: whoever holds the phone could call themselves by another's name.
    """
    first = details.name.split()[:1]
    return frozenset(filter(None, map(_plain, (details.name, *first, *details.known_as))))


def said_yes(entries: Iterable[Agreement], names: Collection[str]) -> Agreement | None:
    """The newest agreement that is written down as theirs, by their whole or first name alone."""
    given = [each for each in entries if each.kind == GIVEN]
    return next((each for each in reversed(given) if _plain(each.said.who) in names), None)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split()).strip(" .,")
