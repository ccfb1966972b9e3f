"""Which recordings are of one contact: by case and practitioner, by time, and by folder. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

from store.notes import Note
from store.records import Recording
from transcribe.model import Contact, Draft

DAY_MS = 24 * 60 * 60 * 1000
_CASE_FOLDER = 2  # <practitioner>/<case>: what lies deeper lies in a folder of somebody's making

Span = tuple[int, int]
"""From when to when, ms since 1970, UTC."""


@dataclass(frozen=True, slots=True)
class Visit:
    """When and where a contact may have been, as far as its recordings tell."""

    spans: tuple[Span, ...]
    said: int | None  # ms; None where nobody said the day
    contact: Contact
    folders: frozenset[str] = frozenset()  # below the case's own


def of_recording(recording: Recording, contact: Contact, at: int, paths: Iterable[str]) -> Visit:
    """What one recording tells; `at` (ms) is when the contact was, by what is said in it."""
    said = None if contact.date is None else at
    return Visit((_span(recording),), said, contact, _folders(paths))


def of_note(
    note: Note, draft: Draft, recordings: Iterable[Recording], paths: Iterable[str]
) -> Visit:
    """What a note tells, and the recordings that it was made from."""
    said = None if draft.contact.date is None else note.contact_at
    spans = (*map(_span, recordings), (note.contact_at, note.contact_at))
    return Visit(spans, said, draft.contact, _folders(paths))


def apart(one: Visit, other: Visit, gap_ms: int) -> int | None:
    """How far two visits are from each other (ms); None if they are not one contact.

    A gap of 0 is none at all. Within a folder of its own below the case's, a whole day is near enough. What says another day,
    or another kind of contact, is another contact, however near.
    """
    if _differ(one.contact.date, other.contact.date):
        return None
    if _differ(one.contact.method, other.contact.method):
        return None
    if one.said is not None and other.said is not None:
        distance = abs(one.said - other.said)
    else:
        distance = min(_between(a, b) for a in one.spans for b in other.spans)
    limit = DAY_MS if one.folders & other.folders else gap_ms
    return distance if limit and distance <= limit else None


def _differ(one: object, other: object) -> bool:
    return one is not None and other is not None and one != other


def _between(one: Span, other: Span) -> int:
    return max(0, one[0] - other[1], other[0] - one[1])


def _span(recording: Recording) -> Span:
    # Some devices write when a recording began, others when it ended.
    length = recording.length_ms or 0
    return recording.recorded_at - length, recording.recorded_at + length


def _folders(paths: Iterable[str]) -> frozenset[str]:
    parents = (PurePath(path).parts[:-1] for path in paths)
    return frozenset("/".join(each).casefold() for each in parents if len(each) > _CASE_FOLDER)
