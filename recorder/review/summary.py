"""What a young person is shown of an approved note: chosen sentences, never the whole record.

Other people's names, intelligence, worries and the worker's private judgement are left out by
default, and a person chooses from what remains. When in doubt a sentence is not offered: a name
in a summary carried home can put somebody in danger.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from recorder.codec import decode_draft
from recorder.review.named import Around, Found
from recorder.review.naming import Cleared
from recorder.review.plain import written_to
from recorder.review.prepared import Prepared, Worded, marked, released
from recorder.review.saying import saying_of
from store.notes import Entry, Note
from store.records import Recording
from store.store import Store
from transcribe.model import Described, Draft, Origin, Statement

OFFERED = ("purpose", "what_happened", "young_person_words", "strength", "action")
"""The sections that a young person's summary is chosen from, in its order."""

_AT_RISK = "somebody said that it could put someone at risk"


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence that may be shared."""

    id: str
    section: str
    text: str


@dataclass(frozen=True, slots=True)
class Offered:
    """A sentence that may be prepared for the young person."""

    id: str  # its statement's
    section: str
    original: str  # as the note says it
    drafted: str  # as a rule writes it to them
    found: tuple[Found, ...]  # what a person has to look at in it first


@dataclass(frozen=True, slots=True)
class Summary:
    """What is offered for sharing and how much is not."""

    lines: tuple[Offered, ...]
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
    seen_by: str = ""  # who can see it, in words to them; empty: nobody wrote it down
    kept_for: str = ""  # for how long it is kept, likewise


def of(
    draft: Draft, near: Around, pictures: Sequence[str] = (), at_risk: Collection[str] = ()
) -> Summary:
    """Sort the sentences of `draft` into what may be offered and what is held back.

    `pictures` are the ids of those that belong to it: a person has to look at each. One under which
    somebody else's name may stand is not offered. `at_risk`: ids of statements that somebody marked.
    """
    lines: list[Offered] = []
    held: list[tuple[str, str]] = []
    for each in sorted(draft.statements, key=_order):
        why = _AT_RISK if each.id in at_risk else _held_back(each)
        if why is None:
            words = written_to(each.text, near.two, each.speaker)
            found = tuple(dict.fromkeys((*near.found(words), *near.found(each.text))))
            found = tuple(one for one in found if one.words in words)
            lines.append(Offered(each.id, each.section, each.text, words, found))
        else:
            held.append((each.id, why))
    described = [draft.described(each) for each in pictures]
    named = tuple(each for each in described if _names_somebody(each, near.cleared))
    shown = tuple(each for each in described if each not in named)
    return Summary(tuple(lines), tuple(held), shown, named)


def at_risk(store: Store, note: Note, draft: Draft) -> frozenset[str]:
    """Ids of the statements that somebody marked: here, or in a note that they were moved out of."""
    own = marked(store.notes.decisions(note.id))
    moved = {
        " ".join(words.split())
        for note_id in dict.fromkeys(each.note for each in draft.earlier)
        for words, still in marked(store.notes.decisions(note_id)).values()
        if still
    }
    return frozenset(
        each.id
        for each in draft.statements
        if (own[each.id][1] if each.id in own else " ".join(each.text.split()) in moved)
    )


def key_of(recording_id: str) -> str:
    """A picture in a choice, among the ids of statements."""
    return f"picture {recording_id}"


def shared(store: Store, note: Note) -> Shared | None:
    """What is shared of `note` now, or None.

    A later version hides it, and so does taking it back or returning the note, until somebody
    shares it again. A sentence that is marked as a risk since is not shown.
    """
    found = released(store.notes.decisions(note.id), note)
    if found is None:
        return None
    draft = decode_draft(store.notes.version(note.id, note.number).payload)
    made = found if isinstance(found, Prepared) else _as_chosen(draft, found)
    return as_shown(store, note, draft, made)


def as_shown(store: Store, note: Note, draft: Draft, prepared: Prepared) -> Shared:
    """Exactly what the young person sees of what was prepared."""
    answered = answers(store, note, draft)
    risky = at_risk(store, note, draft)
    lines = sorted(prepared.lines, key=lambda each: _place(each.section))
    pictures = [r.id for r in pictures_of(store, note) if r.id in prepared.pictures]
    return Shared(
        note.id,
        note.number,
        note.contact_at,
        tuple(Line(each.id, each.section, each.text) for each in lines if each.id not in risky),
        tuple((r.created_at, saying_of(r).words) for r in answered),
        tuple(map(draft.described, pictures)),
        prepared.seen_by,
        prepared.kept_for,
    )


def _as_chosen(draft: Draft, chosen: Collection[str]) -> Prepared:
    """What was shared word for word, before it was written to the young person."""
    lines = tuple(
        Worded(each.id, each.section, each.text, each.text, each.text)
        for each in draft.statements
        if each.id in chosen
    )
    prefix = key_of("")
    return Prepared(lines, tuple(k.removeprefix(prefix) for k in chosen if k.startswith(prefix)))


def answers(store: Store, note: Note, draft: Draft) -> list[Entry]:
    """What the young person wrote about a note and about those merged into it, oldest first.

    Each reply stays with the note and version that it is about.
    """
    whole = dict.fromkeys(each.note for each in draft.earlier if each.whole)
    found = [entry for note_id in (note.id, *whole) for entry in store.notes.replies(note_id)]
    return sorted(found, key=lambda entry: entry.created_at)


def pictures_of(store: Store, note: Note) -> list[Recording]:
    """The note's pictures, but those that a rule erased, or an agreement to which was taken back."""
    found = store.recordings.of_note(note.id)
    return [each for each in found if each.kind == "picture" and each.is_there]


def _names_somebody(described: Described, names: Cleared) -> bool:
    """Whether what stands under a picture could name somebody or somewhere not cleared."""
    said = f"{described.caption}. {described.drawn_by}"
    return names.unknown_in_title(described.title) or names.unknown_in(said)


def _order(statement: Statement) -> int:
    return _place(statement.section)


def _place(section: str) -> int:
    return OFFERED.index(section) if section in OFFERED else len(OFFERED)


def _held_back(statement: Statement) -> str | None:
    if statement.section not in OFFERED:
        return "this part of the note is for the team"
    if statement.origin is Origin.MACHINE and statement.checks:
        return "it has something to check"
    if statement.on_picture:
        return "it only says that there is a picture"
    return None
