"""Events for a chronology, suggested by rule out of approved notes: each a sentence, none made up."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812 - as the values it stands beside call it
from functools import cache

from store.notes import Note
from templates import type_of
from templates.lists import Category, categories
from transcribe.model import Draft, Statement

_HAPPENED = "what_happened"
_NOT_ASKED = ("analysis", "header")  # judgement and formalities are no events


@dataclass(frozen=True, slots=True)
class Event:
    """One suggestion. What it means stays for a person to write, in Mosaic."""

    key: str  # what it is known by: its note, its sentence and the words of that
    day: Date  # of the contact that it was told at
    category: str  # key
    title: str
    source: str  # in words
    description: str  # the sentence, word for word
    note: str  # id
    number: int  # the approved version
    statement: str  # id
    recordings: tuple[str, ...] = ()  # ids, of what the sentence stands on


def suggested(approved: Iterable[tuple[Note, Date, Draft]]) -> list[Event]:
    """Events in notes, the earliest day first; (note as it was approved, day of the contact, its words)."""
    found = [event for each in approved for event in _of_note(*each)]
    return sorted(found, key=lambda event: (event.day, event.note))


def _of_note(note: Note, day: Date, draft: Draft) -> Iterator[Event]:
    told = next((each for each in draft.statements if each.section == _HAPPENED), None)
    for statement in draft.statements:
        tells = statement is told
        significant = tells and draft.contact.significant is True
        category = _category(note.kind if tells else "", statement, significant=significant)
        if category is not None:
            source = f"{type_of(note.kind).title}, {day:%d/%m/%Y}, version {note.number}"
            known = f"{note.id} {statement.id} {statement.text}"
            yield Event(
                hashlib.sha256(known.encode()).hexdigest()[:32],
                day,
                category.key,
                category.name,
                source,
                statement.text,
                note.id,
                note.number,
                statement.id,
                tuple(each.recording for each in statement.sources if each.recording),
            )


def _category(kind: str, statement: Statement, *, significant: bool) -> Category | None:
    """The first that fits; `kind` of its note where it is the sentence that tells what happened."""
    if statement.section in _NOT_ASKED or statement.on_picture or statement.tells_of_picture:
        return None
    said = " ".join(re.findall(r"[\w']+", statement.text.casefold().replace("’", "'")))
    for category in categories():
        fits = not category.sections or statement.section in category.sections
        by_kind = bool(kind) and kind in category.kinds
        by_words = bool(category.say) and fits and _saying(category).search(said)
        if by_kind or by_words or (significant and category.significant):
            return category
    return None


@cache
def _saying(category: Category) -> re.Pattern[str]:
    phrases = (re.escape(each).replace(r"\*", r"\w*") for each in category.say)
    return re.compile(rf"\b(?:{'|'.join(phrases)})\b")
