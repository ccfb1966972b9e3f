"""Notes that nobody recorded: written on a page, and from then on a note like any other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date as Date  # noqa: N812 - as the values it becomes call it

from recorder.codec import encode
from recorder.errors import StateError, UnknownError
from recorder.review.checking import Checking
from recorder.review.choosing import Choosing
from recorder.review.dividing import SEVERAL
from recorder.review.onrecord import require_off_record
from recorder.review.revise import clean
from recorder.review.states import Role, State
from store.notes import Note
from store.people import Member
from store.store import Store
from store.tables import TEAM
from templates import note_type, recorded_keys
from transcribe.model import Action, Contact, Draft, Origin, Source, Statement

ATTEMPT = "attempted_contact"
_OTHERWISE = {ATTEMPT, "young_person_annotation"}  # on a page of its own; in nobody else's words


def typed_kinds() -> list[str]:
    """The kinds of note that are typed under their headings."""
    return [key for key in recorded_keys() if key not in _OTHERWISE]


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody typed under the headings of a kind of note."""

    kind: str
    contact: Contact
    texts: Mapping[str, str]  # by section key: each line is a sentence
    at: int  # ms: when it was


@dataclass(frozen=True, slots=True)
class Attempt:
    """That somebody tried to see or reach a young person and could not."""

    day: Date
    clock: str  # HH:MM, local
    method: str
    place: str
    did: str  # what was done to reach them
    noticed: str  # anything seen, heard or told; may be empty
    worry: str  # what bears on their safety; may be empty
    following: str  # what comes next
    due: Date | None


class Typed:
    """Opened for one person on the staff."""

    def __init__(
        self, store: Store, person: Member, choosing: Choosing, checking: Checking
    ) -> None:
        self._store = store
        self._person = person
        self._choosing = choosing
        self._checking = checking

    def attempt(self, case_id: str, attempt: Attempt, contact_at: int) -> tuple[str, bool]:
        """A draft of an attempted contact at `contact_at` (ms): its id, and whether it is new.

        The very same one is not made twice: a form may be sent again.

        UnknownError for a case that is not this person's; StateError for what is missing.
        """
        if case_id not in self._choosing.of([case_id]):
            raise UnknownError
        if not attempt.did.strip():
            raise StateError("say what you did to reach them", field="did")
        if not attempt.following.strip():
            raise StateError("say what happens next", field="next")
        new = Note(
            "", case_id, case_id, self._person.id, ATTEMPT, State.DRAFT.value, 0, contact_at, 0
        )
        return self.keep(new, self._draft(attempt))

    def write(self, case_id: str | None, written: Written) -> tuple[str, bool]:
        """A draft of what was typed: its id, and whether it is new; as `attempt`.

        Only what is about several young people may have no case.
        """
        if case_id is None and written.kind not in SEVERAL:
            raise StateError("choose the young person", field="case")
        if case_id is not None and case_id not in self._choosing.of([case_id]):
            raise UnknownError
        draft = drafted(self._person, written)
        if not draft.statements:
            raise StateError("write at least one sentence under one of the headings")
        scope, me = case_id or TEAM, self._person.id
        return self.keep(
            Note("", scope, case_id, me, written.kind, State.DRAFT.value, 0, written.at, 0), draft
        )

    def keep(self, new: Note, draft: Draft) -> tuple[str, bool]:
        """Store a note that was typed, unless it is there already; its id, and whether it is new."""
        nothing = replace(draft, statements=())
        require_off_record(self._store, new, nothing, draft)
        checked = self._checking.checked(new, nothing, draft)
        payload = encode(checked)
        with self._store.database.write() as connection:
            found = self._same(new, payload)
            if found is not None:
                return found, False
            return self._store.notes.create(connection, new, payload, self._person.id), True

    def _same(self, new: Note, payload: bytes) -> str | None:
        """The id of a note that began as this one would."""
        about = (new.practitioner_id, new.kind, new.contact_at)
        for note in self._store.notes.all(scope=new.scope):
            alike = (note.practitioner_id, note.kind, note.contact_at) == about
            if alike and self._store.notes.version(note.id, 1).payload == payload:
                return note.id
        return None

    def _draft(self, attempt: Attempt) -> Draft:
        said = (
            ("what_happened", "did", attempt.did),
            ("observation", "noticed", attempt.noticed),
            ("worry", "worry", attempt.worry),
            ("action", "next", attempt.following),
        )
        written = [(section, clean(text, field)) for section, field, text in said if text.strip()]
        statements = [_own(self._person, n, *each) for n, each in enumerate(written, start=1)]
        following = statements[-1]
        return Draft(
            kind=ATTEMPT,
            contact=Contact(
                date=attempt.day,
                start_time=attempt.clock or None,
                method=attempt.method or None,
                place=attempt.place or None,
                seen=False,
            ),
            statements=tuple(statements),
            actions=(Action(following.text, self._person.name, attempt.due, following.sources),),
            template=note_type(ATTEMPT).sha256,
        )


def drafted(person: Member, written: Written) -> Draft:
    """The note that somebody typed: a sentence a line, and each line under "what next" is a task."""
    kind = note_type(written.kind)
    lines = [
        (section, clean(line, section.key))
        for section in kind.sections
        for line in written.texts.get(section.key, "").splitlines()
        if line.strip()
    ]
    statements = [_own(person, n, s.key, line) for n, (s, line) in enumerate(lines, start=1)]
    actions = [
        Action(each.text, None, None, each.sources)
        for each in statements
        if each.section == "action"
    ]
    return Draft(
        written.kind, written.contact, tuple(statements), tuple(actions), template=kind.sha256
    )


def _own(person: Member, number: int, section: str, text: str) -> Statement:
    supervisor = person.role == Role.SUPERVISOR.value
    return Statement(
        id=f"t{number}",
        section=section,
        text=text,
        origin=Origin.SUPERVISOR if supervisor else Origin.PRACTITIONER,
        speaker=person.name,
        sources=(Source(typed_by=person.id),),
    )
