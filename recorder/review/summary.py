"""What a young person is shown of an approved note: chosen sentences, never the whole record.

Other people's names, intelligence, worries and the worker's private judgement are left out by
default, and a person chooses from what remains. When in doubt a sentence is not offered: a name
in a summary carried home can put somebody in danger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from recorder.codec import decode_draft
from recorder.review.naming import Cleared
from recorder.review.saying import saying_of
from store.cases import CaseDetails
from store.notes import Entry, Note
from store.payloads import decode
from store.records import WITHDRAWN, Recording
from store.store import Store
from transcribe.model import Described, Draft, Origin, Statement

OFFERED = ("purpose", "what_happened", "young_person_words", "strength", "action")
"""The sections that a young person's summary is chosen from, in its order."""

SHARED, UNSHARED = "shared", "unshared"
"""The kinds of decision that show a summary to the young person, and take it away."""

_TURNS = {SHARED, UNSHARED, "returned"}
_FAMILY = {"young_person", "practitioner", "supervisor", "parent", "carer", "family"}


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence that may be shared."""

    id: str
    section: str
    text: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What is offered for sharing and how much is not."""

    lines: tuple[Line, ...]
    held_back: tuple[tuple[str, str], ...]  # (statement id, why)
    pictures: tuple[Described, ...] = ()  # that may be shown, with what is said of them
    pictures_held_back: tuple[Described, ...] = ()  # under which somebody may be named


@dataclass(frozen=True, slots=True)
class Shared:
    """What a young person sees of one note."""

    note_id: str
    number: int
    contact_at: int
    lines: tuple[Line, ...]
    replies: tuple[tuple[int, str], ...]  # (when in ms, their words)
    pictures: tuple[Described, ...] = ()


def of(draft: Draft, case: CaseDetails, practitioner: str, pictures: Sequence[str] = ()) -> Summary:
    """Sort the sentences of `draft` into what may be offered and what is held back.

    `pictures` are the ids of those that belong to it: a person has to look at each. One under which
    somebody else's name may stand is not offered.
    """
    names = Cleared.of(
        {case.name, practitioner, *(p.name for p in case.people if p.role in _FAMILY)},
        {p.name for p in case.people if p.role not in _FAMILY},
    )
    lines: list[Line] = []
    held: list[tuple[str, str]] = []
    for statement in sorted(draft.statements, key=_order):
        why = _held_back(statement, names)
        if why is None:
            lines.append(Line(statement.id, statement.section, statement.text))
        else:
            held.append((statement.id, why))
    described = [draft.described(each) for each in pictures]
    named = tuple(each for each in described if _names_somebody(each, names))
    shown = tuple(each for each in described if each not in named)
    return Summary(tuple(lines), tuple(held), shown, named)


def key_of(recording_id: str) -> str:
    """A picture in a choice, among the ids of statements."""
    return f"picture {recording_id}"


def encode_choice(statement_ids: Sequence[str]) -> str:
    """A choice of statements, as kept with the decision to share."""
    return msgspec.json.encode(list(statement_ids)).decode()


def shared(store: Store, note: Note) -> Shared | None:
    """What is shared of `note` now, or None.

    A later version hides it, and so does taking it back or returning the note, until somebody
    shares it again.
    """
    turns = [entry for entry in store.notes.decisions(note.id) if entry.kind in _TURNS]
    if not turns or turns[-1].kind != SHARED or turns[-1].number != note.number:
        return None
    chosen = set(decode(turns[-1].payload, list[str]))
    draft = decode_draft(store.notes.version(note.id, note.number).payload)
    answered = answers(store, note, draft)
    lines = [s for s in sorted(draft.statements, key=_order) if s.id in chosen]
    pictures = [r.id for r in pictures_of(store, note) if key_of(r.id) in chosen]
    return Shared(
        note.id,
        note.number,
        note.contact_at,
        tuple(Line(s.id, s.section, s.text) for s in lines),
        tuple((r.created_at, saying_of(r).words) for r in answered),
        tuple(map(draft.described, pictures)),
    )


def answers(store: Store, note: Note, draft: Draft) -> list[Entry]:
    """What the young person wrote about a note and about those merged into it, oldest first.

    Each reply stays with the note and version that it is about.
    """
    whole = dict.fromkeys(each.note for each in draft.earlier if each.whole)
    found = [entry for note_id in (note.id, *whole) for entry in store.notes.replies(note_id)]
    return sorted(found, key=lambda entry: entry.created_at)


def pictures_of(store: Store, note: Note) -> list[Recording]:
    """The note's pictures, but those to which an agreement was taken back."""
    found = store.recordings.of_note(note.id)
    return [each for each in found if each.kind == "picture" and each.reason != WITHDRAWN]


def _names_somebody(described: Described, names: Cleared) -> bool:
    """Whether what stands under a picture could name somebody or somewhere not cleared."""
    said = f"{described.caption}. {described.drawn_by}"
    return names.unknown_in_title(described.title) or names.unknown_in(said)


def _order(statement: Statement) -> int:
    known = statement.section in OFFERED
    return OFFERED.index(statement.section) if known else len(OFFERED)


def _held_back(statement: Statement, names: Cleared) -> str | None:
    if statement.section not in OFFERED:
        return "this part of the note is for the team"
    if statement.origin is Origin.MACHINE and statement.checks:
        return "it has something to check"
    if statement.on_picture:
        return "it only says that there is a picture"
    if names.unknown_in(statement.text):
        return "it names somebody or somewhere else"
    return None
