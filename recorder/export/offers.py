"""What was let go beside notes and still stands: chronology events and living summaries, as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from recorder.chronology import Event, suggested
from recorder.clock import local
from recorder.codec import decode_draft, decode_living
from recorder.errors import UnknownError
from recorder.export.layout import reply_lines
from recorder.export.model import Reply
from recorder.export.text import long_date
from recorder.living import KIND, Taken
from recorder.review.saying import Said
from recorder.review.states import State
from recorder.review.theirs import of_several
from store.cases import Case
from store.errors import ConflictError, ErasedError, NotFoundError, TamperedError
from store.outward import APPROVED, EVENT, LEFT, SUMMARY, Offer
from store.records import ERASED, WITHDRAWN
from store.store import Store
from templates import note_type


@dataclass(frozen=True, slots=True)
class Summary:
    """A case's living summary as text."""

    number: int  # its version; 0: there is none
    text: str


@dataclass(frozen=True, slots=True)
class Ready:
    """Something that may go."""

    case: Case
    offer: Offer  # by which it was let go
    entries: int  # of the case, when it was looked at


def ready(store: Store, zone: str, case_id: str = "") -> list[Ready]:
    """What was let go, still stands word for word, and has not gone; of a case, or of all."""
    found: list[Ready] = []
    for each in [case_id] if case_id else store.offers.cases():
        with suppress(UnknownError, TamperedError):  # told where it is opened
            found += _ready(store, zone, case_of(store, each))
    return found


class _Differing:
    """What stands under sentences of notes because the young person sees them differently."""

    def __init__(self, store: Store, case: Case, zone: str, note_ids: Iterable[str]) -> None:
        self._name, self._zone = case.details.name, zone
        self._found = of_several(store, [store.notes.get(each) for each in set(note_ids)])

    def at(self, note_id: str, statement_id: str) -> list[str]:
        """Their words, each with whose they are and when they were said."""
        mine = self._found.get(note_id, {}).get(statement_id, ())
        return [reply_lines(self._reply(each.said)) for each in mine]

    def _reply(self, said: Said) -> Reply:
        at = local(said.at, self._zone)
        return Reply(said.saying.words, at, self._name, said.saying.kind)


def gone(store: Store, offer: Offer, actor: str, by: str) -> None:
    """Remember that it went; ConflictError if it had."""
    newest = newest_of(store.offers.of(offer.case_id)).get(offer.offering.key)
    if newest is None or newest.offering.became != APPROVED:
        raise ConflictError("it went already")
    number = store.offers.of(offer.case_id)[-1].number + 1
    what = replace(offer.offering, became=LEFT, by=by)
    store.offers.add(offer.case_id, number, offer.kind, what, actor)


def case_of(store: Store, case_id: str) -> Case:
    """The case; UnknownError."""
    try:
        return store.cases.get(case_id)
    except (NotFoundError, ErasedError) as error:
        raise UnknownError from error


def events_of(store: Store, case_id: str, zone: str) -> list[Event]:
    """What is suggested of a case: of its approved notes, and of nothing that was taken back or erased.

    Where the young person sees a sentence differently, their words stand under it.
    """
    found = []
    for note in store.notes.all(State.APPROVED.value, case_id=case_id):
        with suppress(TamperedError):
            draft = decode_draft(store.notes.version(note.id, note.number).payload)
            day = draft.contact.date or local(note.contact_at, zone).date()
            found.append((note, day, draft))
    events = [each for each in suggested(found) if _stand(store, each.recordings)]
    differs = _Differing(store, case_of(store, case_id), zone, [each.note for each in events])
    return [
        replace(e, description="\n".join([e.description, *differs.at(e.note, e.statement)]))
        for e in events
    ]


def summary_of(store: Store, case_id: str, zone: str) -> Summary:
    """The newest living summary, of what stands of it."""
    newest = store.summaries.newest(case_id)
    if newest is None:
        return Summary(0, "")
    lines = [each for each in decode_living(newest.payload).lines if _stands(store, each)]
    differs = _Differing(store, case_of(store, case_id), zone, [each.note for each in lines])
    parts = []
    for section in note_type(KIND).sections:
        mine = [
            "\n".join([_line(each, zone), *differs.at(each.note, each.statement)])
            for each in lines
            if each.section == section.key
        ]
        parts += ["\n".join([section.heading, *mine])] if mine else []
    return Summary(newest.number if parts else 0, "\n\n".join(parts))


def _ready(store: Store, zone: str, case: Case) -> Iterator[Ready]:
    entries = store.offers.of(case.id)
    decided = newest_of(entries)
    waits = [each for each in decided.values() if each.offering.became == APPROVED]
    if not waits or not case.details.mosaic_id:
        return
    words = {each.key: each.description for each in events_of(store, case.id, zone)}
    summary = summary_of(store, case.id, zone)
    words[str(summary.number)] = summary.text
    for each in waits:
        if words.get(each.offering.key) == each.offering.text:
            yield Ready(case, each, len(entries))


def newest_of(offers: Sequence[Offer]) -> Mapping[str, Offer]:
    """By key, what was decided last."""
    return {each.offering.key: each for each in offers if each.kind in {EVENT, SUMMARY}}


def _stands(store: Store, line: Taken) -> bool:
    try:
        note = store.notes.get(line.note)
    except TamperedError:
        return False
    approved = (note.state, note.number) == (State.APPROVED.value, line.number)
    return approved and _stand(store, line.recordings)


def _stand(store: Store, recordings: Sequence[str]) -> bool:
    found = [store.recordings.get(each) for each in recordings]
    return not any(each.state == ERASED or each.reason == WITHDRAWN for each in found)


def _line(line: Taken, zone: str) -> str:
    due = f"by {long_date(line.due)}" if line.due else ""
    who = ", ".join(each for each in (line.who or "", due) if each)
    day = long_date(local(line.contact_at, zone).date())
    return f"{line.text}{f' — {who}' if who else ''} (note of {day})"
