"""What goes to Mosaic beside notes: chronology events and the living summary, each let go by somebody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recorder.chronology import Event
from recorder.errors import NotAllowedError, StateError, UnknownError
from recorder.export.copying import HOLDS_MS, NO_ID, Value, sees_case
from recorder.export.fields import PERSON_LENGTH, TITLE_LENGTH
from recorder.export.offers import Summary, case_of, events_of, gone, newest_of, ready, summary_of
from recorder.export.sure import Sure, made_sure
from recorder.export.text import forbidden, length
from recorder.review.authors import authors
from recorder.review.sight import Sight
from recorder.review.states import OVERTAKEN, WRITERS, Role, writers
from store.cases import Case
from store.outward import APPROVED, DECLINED, EVENT, MADE_SURE, SUMMARY, Offer, Offering
from store.people import Member
from store.session import now_ms
from store.store import Store
from templates.lists import categories

_ROLE = "a supervisor lets this go to Mosaic: ask one"
_OWN_NOTE = "some of the note that says it is yours: another supervisor lets it go"
_OWN_CASE = "this is your own case: another supervisor lets its summary go"
_SIGNS = "it holds characters that cannot be shown safely: have the note put right first"


@dataclass(frozen=True, slots=True)
class Kept:
    """What was let go, or not wanted, or went."""

    offer: Offer
    who: str


@dataclass(frozen=True, slots=True)
class Offers:
    """All that there is of a case."""

    case: Case
    events: Sequence[Event]  # that nobody has decided about
    kept: Sequence[Kept]  # what was decided, the newest first
    summary: Summary
    summary_became: Offer | None  # what was decided of this very text


class Deciding:
    """Letting it go; for staff who see the case."""

    def __init__(self, store: Store, person: Member, timezone: str) -> None:
        self._store, self._person, self._zone = store, person, timezone
        self._role, self._sight = Role(person.role), Sight(store, person)
        if self._role not in WRITERS:
            raise UnknownError

    def of(self, case_id: str) -> Offers:
        """What is suggested and what was decided. UnknownError."""
        if not self._sight.sees(case_id):
            raise UnknownError
        case = case_of(self._store, case_id)
        offers = self._store.offers.of(case_id)
        decided = newest_of(offers)
        events = [e for e in events_of(self._store, case_id, self._zone) if _is_new(e, decided)]
        summary = summary_of(self._store, case_id, self._zone)
        became = decided.get(str(summary.number))
        same = became is not None and became.offering.text == summary.text
        self._store.audit.record(self._person.id, "chronology read", case_id)
        kept = [each for each in decided.values() if each.kind == EVENT]
        kept.sort(key=lambda each: each.number, reverse=True)
        people = self._store.people
        rows = [Kept(each, people.get(each.actor_id).name) for each in kept]
        return Offers(case, events, rows, summary, became if same else None)

    def event(self, case_id: str, key: str, title: str, category: str, *, wanted: bool) -> None:
        """Let an event go, under a title and category, or decline it. StateError, NotAllowedError."""
        event = next((each for each in self._open(case_id).events if each.key == key), None)
        if event is None:
            raise StateError(OVERTAKEN)
        self._may(_OWN_NOTE, self._wrote(event))
        title, names = title.strip(), {each.key: each.name for each in categories()}
        if wanted:
            _fits(event, title, key)
            if category not in names:
                raise StateError("choose a category", field=f"category-{key}")
        became = APPROVED if wanted else DECLINED
        day, name = event.day.isoformat(), names.get(category, "")
        what = Offering(key, became, day, name, title, event.source, event.description)
        self._add(case_id, EVENT, what)

    def summary(self, case_id: str, number: int, *, wanted: bool) -> None:
        """Let a version of the summary go, or not. StateError, NotAllowedError."""
        found = self._open(case_id)
        if not number or number != found.summary.number or found.summary_became:
            raise StateError(OVERTAKEN)
        self._may(_OWN_CASE, {found.case.practitioner_id})
        if forbidden(found.summary.text, lines=True):
            raise StateError(_SIGNS)
        became = APPROVED if wanted else DECLINED
        self._add(case_id, SUMMARY, Offering(str(number), became, text=found.summary.text))

    def _open(self, case_id: str) -> Offers:
        found = self.of(case_id)
        self._sight.may_change(case_id)
        return found

    def _may(self, own: str, whose: set[str] | frozenset[str]) -> None:
        if self._role is not Role.SUPERVISOR:
            raise NotAllowedError(_ROLE)
        if self._person.id in whose:
            raise NotAllowedError(own)

    def _wrote(self, event: Event) -> frozenset[str]:
        note = self._store.notes.get(event.note)
        return writers(note.practitioner_id, authors(self._store, note))

    def _add(self, case_id: str, kind: str, what: Offering) -> None:
        self._store.offers.add(case_id, 0, kind, what, self._person.id)


class Entering:
    """Putting what was let go into Mosaic by hand; for whoever may export."""

    def __init__(self, store: Store, person: Member, timezone: str) -> None:
        self._store, self._person, self._zone = store, person, timezone
        self._sight = Sight(store, person)

    def cases(self) -> list[Case]:
        """Of which something waits to be put in."""
        found = ready(self._store, self._zone)
        cases = {each.case.id: each.case for each in found}
        return [each for each in cases.values() if self._sees(each.id)]

    def look(self, case_id: str) -> tuple[Case, str, bool, list[tuple[Offer, tuple[Value, ...]]]]:
        """The case, why nothing can go, whether this person made sure, and then what goes."""
        if not self._sees(case_id):
            raise UnknownError
        case = case_of(self._store, case_id)
        if not case.details.mosaic_id:
            return case, NO_ID, False, []
        waits = [each.offer for each in ready(self._store, self._zone, case_id)]
        refused = "" if waits else "nothing of this chronology waits: a supervisor lets it go first"
        sure = self._is_sure(case_id)
        if not sure or refused:
            return case, refused, sure, []
        self._store.audit.record(self._person.id, "chronology shown for Mosaic", case_id)
        return case, "", True, [(each, values(case, each)) for each in waits]

    def make_sure(self, case_id: str, sure: Sure) -> None:
        """As for a note. StateError."""
        case, refused, _, _ = self.look(case_id)
        if refused:
            raise StateError(refused)
        by = made_sure(case.details, sure)
        self._store.offers.add(case_id, 0, MADE_SURE, Offering("", by), self._person.id)

    def entered(self, case_id: str, key: str) -> None:
        """It stands in Mosaic now. StateError."""
        _, _, sure, waits = self.look(case_id)
        found = [each for each, _ in waits if each.offering.key == key]
        if not sure or not found:
            raise StateError(OVERTAKEN)
        gone(self._store, found[0], self._person.id, "screen")

    def _sees(self, case_id: str) -> bool:
        return sees_case(self._store, self._sight, self._person, case_id)

    def _is_sure(self, case_id: str) -> bool:
        mine = [
            each
            for each in self._store.offers.of(case_id)
            if each.kind == MADE_SURE and each.actor_id == self._person.id
        ]
        return bool(mine) and now_ms() - mine[-1].at < HOLDS_MS


def values(case: Case, offer: Offer) -> tuple[Value, ...]:
    """What is put into Mosaic, field by field. The analysis is left to a person there."""
    what = offer.offering
    person = Value("person_id", "Mosaic person id", case.details.mosaic_id, PERSON_LENGTH)
    if offer.kind == SUMMARY:
        return person, Value("text", "Summary", what.text)
    year, month, day = what.day.split("-")
    return (
        person,
        Value("date", "Date", f"{day}/{month}/{year}"),
        Value("category", "Category", what.category),
        Value("title", "Title", what.title, TITLE_LENGTH),
        Value("source", "Source", what.source),
        Value("text", "Description", what.text),
    )


def _is_new(event: Event, decided: Mapping[str, Offer]) -> bool:
    """Whether somebody has to look at it: nobody did, or it reads otherwise than what they let go."""
    became = decided.get(event.key)
    if became is None:
        return True
    let_go = became.offering.became == APPROVED
    return let_go and became.offering.text != event.description


def _fits(event: Event, title: str, key: str) -> None:
    if not title or length(title) > TITLE_LENGTH:
        said = f"write a title of at most {TITLE_LENGTH} characters: Mosaic takes no more"
        raise StateError(said, field=f"title-{key}")
    if forbidden(title, lines=False):
        raise StateError("type the title without characters that nobody sees", field=f"title-{key}")
    if forbidden(event.description, lines=True):
        raise StateError(_SIGNS)
