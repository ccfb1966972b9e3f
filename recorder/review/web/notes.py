"""The note page: every sentence with what it stands on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastapi import APIRouter
from starlette.responses import Response

from recorder import visits
from recorder.clock import local
from recorder.review.contacts import Candidate
from recorder.review.due import due
from recorder.review.films import Film, Stretch
from recorder.review.model import NotePage
from recorder.review.spoken import Spoken
from recorder.review.states import ONLY_READS, Move
from recorder.review.timescale import expected
from recorder.review.verbatim import Word, words_of
from recorder.review.voices import Voices
from recorder.review.web import words
from recorder.review.web.changes import MARK, REASON, returning
from recorder.review.web.facts import BOXES, asks_seen
from recorder.review.web.session import AnyStaff, Visitor
from recorder.review.web.todo import Flag, flags, todo
from store.people import Member
from store.records import WITHDRAWN, Recording
from store.session import now_ms
from templates import Section, type_of
from transcribe.model import Statement

router = APIRouter()

_OTHER = Section("", "Anything else", "Sentences that fit under none of the headings.", "")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A statement as it is shown."""

    statement: Statement
    origin: str  # in words
    colour: str
    spans: tuple[Stretch, ...]
    pictures: tuple[str, ...]  # recording ids
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A segment of a recording."""

    recording: str  # id
    place: int  # in its transcript, from 0


@dataclass(frozen=True, slots=True)
class Heading:
    """A section and what stands under it."""

    section: Section
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """One recording of a note, with what was heard in it."""

    number: int  # from 1, as the page counts them
    recording: Recording
    film: Film  # the files that it came in
    spoken: Spoken | None
    voices: Voices  # who says each line


@router.get("/notes/{note_id}")
def note_page(found: AnyStaff, note_id: str, moved: str = "") -> Response:
    """The note as it stands; `moved`: the sentence that is being moved about."""
    return show(found, note_id, moved=moved)


def show(found: Visitor, note_id: str, status: int = 200, **problem: object) -> Response:
    """The note page; `problem` has what went wrong with something sent from it."""
    page = found.desk.read(note_id)
    # Once an agreement is taken back nobody hears or sees it; the note is still to be decided on.
    open_ = [each for each in page.recordings if each.reason != WITHDRAWN]
    seen = replace(page, recordings=open_, films={each.id: page.films[each.id] for each in open_})
    heard, hung = _heard(found, seen), {each.recording for each in page.draft.drawings}
    return found.page(
        "note",
        status,
        page=page,
        title=type_of(page.note.kind).title,
        headings=headings(seen),
        todo=todo(seen),
        heard=heard,
        heard_at=_heard_at(seen, heard),
        unsure=_unsure(seen, heard),
        pictures=[each for each in open_ if each.kind == "picture" and each.id not in hung],
        drawings=found.desk.drawings.shown(page.draft),
        films=[each for each in open_ if each.kind == "video"],
        copies=found.desk.gallery.of_all([*open_, *_further(found, seen)]),
        small=found.desk.gallery.small(open_),
        shut=[each for each in page.recordings if each.reason == WITHDRAWN],
        names=_names(found, page),
        case_choices=choices(found, page.note.practitioner_id) if page.case is None else [],
        many=page.case is None and found.desk.young_people.many,
        may={move.value: move in page.moves for move in Move},
        refused={move.value: why for move, why in page.refused.items()},
        suggestion=found.desk.contacts.suggestions([page.note]).get(page.note.id),
        same_contact=_same_contact(found, page),
        whole=found.desk.contacts.stays_whole(page.note),
        goes_on=found.desk.contacts.may_go_on(page.note),
        standard=type_of(page.note.kind),
        length=len(" ".join(each.text for each in page.draft.statements).split()),
        due=due(type_of(page.note.kind), page.draft.contact, found.site.timezone),
        now=now_ms(),
        awaited=_awaited(page, found.site.timezone),
        unread=found.desk.answering.unread(note_id),
        may_answer=ONLY_READS not in page.refused.values(),
        others=found.desk.unsaved.others(note_id),
        asks_seen=asks_seen(page.note.kind),
        beside=found.desk.supervision.beside(page.note, page.draft) if page.own else None,
        **_typed(found, note_id) | problem,
    )


def _awaited(page: NotePage, timezone: str) -> str:
    """What is awaited of the note, and by when, in words; empty when nothing is."""
    found = None if page.workers_own else expected(page.note, timezone)
    return "" if found is None else words.expected(found, local(now_ms(), timezone).date())


def choices(found: Visitor, practitioner_id: str) -> list[dict[str, str]]:
    """Cases to choose from; name and reference together, because names repeat.

    Of very many, those of a practitioner: for the rest there is a field (`choose.html`).
    """
    return [
        {"value": case.id, "text": f"{case.details.name} ({case.details.ref})"}
        for case in found.desk.young_people.near(practitioner_id)
    ]


def headings(page: NotePage) -> list[Heading]:
    """All of a draft's statements under the headings of its kind, none lost.

    What goes on no young person's record has no heading on one, unless something stands there.
    """
    draft = page.draft
    there = {statement.section for statement in draft.statements}
    sections = [
        section
        for section in type_of(draft.kind).sections
        if section.key in there or not (section.staff_only and page.on_record)
    ]
    known = {section.key for section in sections}
    strays = there - known
    groups = [(section, {section.key}) for section in sections]
    groups += [(_OTHER, strays)] if strays else []
    under = [
        (section, [s for s in draft.statements if s.section in keys]) for section, keys in groups
    ]
    shown = flags([statement for _, statements in under for statement in statements])
    return [
        Heading(section, tuple(_sentence(each, page, shown[each.id]) for each in statements))
        for section, statements in under
    ]


def _sentence(statement: Statement, page: NotePage, shown: tuple[Flag, ...]) -> Sentence:
    origin, colour = words.origin(statement)
    kinds = {recording.id: recording.kind for recording in page.recordings}
    films = [(source, page.films.get(source.recording or "")) for source in statement.sources]
    clip = page.clips.get(statement.id)
    return Sentence(
        statement=statement,
        origin=origin,
        colour=colour,
        spans=(clip.stretch,)
        if clip is not None
        else tuple(
            stretch
            for source, film in films
            if film is not None
            for stretch in film.stretches(source.start_ms, source.end_ms)
        ),
        pictures=tuple(
            source.recording
            for source in statement.sources
            if source.recording is not None and kinds.get(source.recording) == "picture"
        ),
        flags=shown,
    )


def _heard(found: Visitor, page: NotePage) -> list[Heard]:
    sounds = [recording for recording in page.recordings if recording.kind != "picture"]
    return [
        Heard(
            number,
            recording,
            page.films[recording.id],
            found.desk.transcripts.of(recording.id),
            found.desk.naming.of(recording.id),
        )
        for number, recording in enumerate(sounds, start=1)
    ]


def _typed(found: Visitor, note_id: str) -> dict[str, object]:
    """What this person typed before and did not save: into the note, and to send it back."""
    kept = found.desk.unsaved.of(note_id)
    if kept is None:
        return {}
    said = {name: each.text for name, each in kept.fields.items()}
    back = returning(said)
    return {
        "kept": kept,
        "kept_words": [text for name, text in said.items() if name not in BOXES | back.keys()],
        "kept_facts": not BOXES.isdisjoint(said),
        "kept_reasons": list(back.values()),
        "reason": back.get(REASON, ""),
        "marks": {n.removeprefix(MARK): text for n, text in back.items() if n != REASON},
    }


def _heard_at(page: NotePage, heard: Sequence[Heard]) -> dict[str, Place]:
    """Where each sentence was heard, by its id: those in which words can be put right."""
    spoken = {each.recording.id: each.spoken for each in heard}
    found: dict[str, Place] = {}
    for statement in page.draft.statements:
        for source in statement.sources:
            there = spoken.get(source.recording or "")
            if there is None or there.refused:
                continue
            place = there.place(source.start_ms, source.end_ms)
            if place is not None:
                found.setdefault(statement.id, Place(source.recording or "", place))
    return found


def _unsure(page: NotePage, heard: Sequence[Heard]) -> dict[str, tuple[Word, ...]]:
    """The sentences with words that the machine was not sure of, by id."""
    lines = {each.recording.id: each.spoken.lines for each in heard if each.spoken}
    found = ((each.id, words_of(each, lines)) for each in page.draft.statements)
    return {key: each for key, each in found if each}


def _further(found: Visitor, page: NotePage) -> list[Recording]:
    """The later files of films that came in several."""
    ids = [name for film in page.films.values() for name, _ in film.files[1:]]
    return [found.desk.recording(each) for each in ids]


def _same_contact(found: Visitor, page: NotePage) -> list[Candidate]:
    """Other notes that may be of the same contact; none for what nobody can merge."""
    if not page.moves & {Move.MERGE}:
        return []
    near = found.desk.contacts.candidates(page.note.id, found.site.gap_ms, visits.DAY_MS)
    return [each for each in near if each.near]


def _names(found: Visitor, page: NotePage) -> dict[str, str]:
    """Names for the ids that a note's history speaks of."""
    ids = {entry.actor_id for entry in page.decisions}
    said = [each.said for each in page.theirs]
    ids |= {each.person_id for each in said} | {a.actor_id for each in said for a in each.answers}
    people: list[Member] = [found.site.store.people.get(person_id) for person_id in ids]
    return {person.id: person.name for person in people}
