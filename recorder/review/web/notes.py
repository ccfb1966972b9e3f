"""The note page: every sentence with what it stands on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from recorder.review.model import NotePage
from recorder.review.states import Move
from recorder.review.web import words
from recorder.review.web.session import AnyStaff, Visitor
from store.people import Member
from store.records import Recording
from templates import Section, note_type
from transcribe.model import Draft, Source, Statement, Transcript

router = APIRouter()

_OTHER = Section("", "Anything else", "Sentences that fit under none of the headings.", "")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch that can be played."""

    recording: str  # id
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A statement as it is shown."""

    statement: Statement
    origin: str  # in words
    colour: str
    spans: tuple[Span, ...]
    pictures: tuple[str, ...]  # recording ids


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
    transcript: Transcript | None


@router.get("/notes/{note_id}")
def note_page(found: AnyStaff, note_id: str) -> Response:
    """The note as it stands."""
    return show(found, note_id)


def show(found: Visitor, note_id: str, status: int = 200, **problem: object) -> Response:
    """The note page; `problem` has what went wrong with something sent from it."""
    page = found.desk.read(note_id)
    heard = _heard(found, page.recordings)
    return found.page(
        "note",
        status,
        page=page,
        title=note_type(page.note.kind).title,
        headings=headings(page.draft, page.recordings),
        heard=heard,
        pictures=[r for r in page.recordings if r.kind == "picture"],
        names=_names(found, page),
        case_choices=_choices(found) if page.case is None else [],
        may={move.value: move in page.moves for move in Move},
        refused={move.value: why for move, why in page.refused.items()},
        **problem,
    )


def _choices(found: Visitor) -> list[dict[str, str]]:
    """Cases to link a note to; name and reference together, because names repeat."""
    return [
        {"value": case.id, "text": f"{case.details.name} ({case.details.ref})"}
        for case in found.desk.cases()
    ]


def headings(draft: Draft, recordings: Sequence[Recording]) -> list[Heading]:
    """All of a draft's statements under the headings of its kind, none lost."""
    kinds = {recording.id: recording.kind for recording in recordings}
    sections = note_type(draft.kind).sections
    known = {section.key for section in sections}
    made = [_heading(section, draft, {section.key}, kinds) for section in sections]
    strays = {statement.section for statement in draft.statements} - known
    return [*made, _heading(_OTHER, draft, strays, kinds)] if strays else made


def _heading(section: Section, draft: Draft, keys: set[str], kinds: Mapping[str, str]) -> Heading:
    under = [statement for statement in draft.statements if statement.section in keys]
    return Heading(section, tuple(_sentence(statement, kinds) for statement in under))


def _sentence(statement: Statement, kinds: Mapping[str, str]) -> Sentence:
    origin, colour = words.origin(statement)
    spans = (_span(source, kinds) for source in statement.sources)
    return Sentence(
        statement=statement,
        origin=origin,
        colour=colour,
        spans=tuple(span for span in spans if span is not None),
        pictures=tuple(
            source.recording
            for source in statement.sources
            if source.recording is not None and kinds.get(source.recording) == "picture"
        ),
    )


def _span(source: Source, kinds: Mapping[str, str]) -> Span | None:
    recording, start_ms, end_ms = source.recording, source.start_ms, source.end_ms
    if recording is None or recording not in kinds or start_ms is None or end_ms is None:
        return None
    return Span(recording, start_ms, end_ms)


def _heard(found: Visitor, recordings: Sequence[Recording]) -> list[Heard]:
    sounds = [recording for recording in recordings if recording.kind != "picture"]
    return [
        Heard(number, recording, found.desk.transcript(recording.id))
        for number, recording in enumerate(sounds, start=1)
    ]


def _names(found: Visitor, page: NotePage) -> dict[str, str]:
    """Names for the ids that a note's history speaks of."""
    ids = {entry.actor_id for entry in (*page.decisions, *page.replies)}
    people: list[Member] = [found.site.store.people.get(person_id) for person_id in ids]
    return {person.id: person.name for person in people}
