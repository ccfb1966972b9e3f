"""What a note as a whole lacks: facts its kind must hold, harm that was left out, grounds for views."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from transcribe.draft.checks import harm
from transcribe.draft.checks.opinion import is_ungrounded
from transcribe.draft.checks.stems import folded
from transcribe.model import Draft, LeftOut, Remark, Source, Statement, Utterance

if TYPE_CHECKING:
    from templates import NoteType

_SHOWN = 8  # words of a sentence, to know it by
_REMOTE = re.compile(r"\b(?:phone|text|message|video)\b")
_BECAUSE = re.compile(
    r"\b(?:because|as (?:he|she|they|his|her|their|the|mum|dad|i)|since|due to|so that|wanted|asked|insisted|stayed|refused"
    r"|would(?:n't| not)|did(?:n't| not) want|had to|could(?:n't| not)|cannot|can't|no answer|nobody|not in|wasn't|was not|declined|cancelled|ill|unwell|allowed)\b"
)
_ATTEMPTS = re.compile(
    r"\b(?:knock|rang|ring|call|text|messag|card|tried|buzz|email|waited|voicemail)\w*"
)
_SINCE = re.compile(r"\b(?:missing|away|left|went|gone|out)\b.*\b(?:from|since|on|at|between)\b")
_BACK = re.compile(r"\b(?:return\w*|back|found|until|till|came home|to)\b")
_LATE = re.compile(
    r"\b(?:over|outside|more than|after|past|later than|not (?:with)?in)\b[^.]{0,30}\b(?:72|seventy[ -]two)"
)
_DECLINED = re.compile(
    r"\b(?:declin\w+|refus\w+ (?:the|to|an) (?:interview|talk|speak)|did(?:n't| not) want to (?:talk|speak|take part|do))"
)
_CARER = re.compile(
    r"\b(?:mum|dad|mother|father|carer|parent|guardian|nan|aunt\w*|uncle|grand\w+)\b.{0,40}\b(?:said|says|told|thinks|asked|added|explained|offered)"
)


def remarks(draft: Draft, kind: NoteType, spoken: Sequence[Utterance]) -> tuple[Remark, ...]:
    """What somebody who finishes this note should know of it as a whole.

    Args:
        draft: the note.
        kind: its type.
        spoken: every sentence of the recordings it was made from, as far as they may be heard.
    """
    return (*_omitted(draft, spoken), *_missing(draft, kind), *_views(draft))


# --- harm that was spoken of ---


def _omitted(draft: Draft, spoken: Sequence[Utterance]) -> Iterator[Remark]:
    """Harm that was spoken of in words that are not in the note, and that the note says nothing of."""
    there = tuple(one for each in draft.statements for one in harm.found(each.text))
    places = _places(draft.statements)
    told: set[str] = set()
    for utterance in (*spoken, *map(_uttered, draft.left_out)):
        for one in harm.found(utterance.text):
            if one.harm in told or harm.covered(one, there):
                continue
            if _stands(utterance.source, places):
                break  # the check on that statement sees to it
            told.add(one.harm)
            yield Remark(
                "omission",
                f"“{one.word}” ({one.name}) was said and is not in the note. Listen, and add it if it matters.",
                source=utterance.source,
            )


def _uttered(left_out: LeftOut) -> Utterance:
    return Utterance(left_out.text, Source(left_out.recording, left_out.start_ms, left_out.end_ms))


def _places(statements: Sequence[Statement]) -> dict[str | None, list[Source]]:
    """Where the statements stand, by recording."""
    found: dict[str | None, list[Source]] = {}
    for source in (each for one in statements for each in one.sources):
        found.setdefault(source.recording, []).append(source)
    return found


def _stands(source: Source, places: dict[str | None, list[Source]]) -> bool:
    """Whether a statement stands on any of this stretch."""
    return any(_overlap(source, each) for each in places.get(source.recording, ()))


def _overlap(one: Source, other: Source) -> bool:
    if None in (one.start_ms, other.start_ms):
        return False
    return (one.start_ms or 0) < (other.end_ms or 0) and (other.start_ms or 0) < (one.end_ms or 0)


# --- facts that the kind of note must hold ---


def _missing(draft: Draft, kind: NoteType) -> Iterator[Remark]:
    keys = {section.key for section in kind.sections}
    for one in kind.required:
        if _needed(one.when, draft) and not _FINDERS[one.fact](draft):
            section = _PLACES.get(one.fact, "header")
            yield Remark(f"no_{one.fact}", one.ask, section if section in keys else None)


def _needed(when: str, draft: Draft) -> bool:
    contact = draft.contact
    declined = contact.seen is False or _says(_DECLINED)(draft)
    return {
        "always": True,
        "seen": contact.seen is True,
        "not_alone": contact.seen_alone is False,
        "declined": declined,
        "held": not declined,
        "late": _says(_LATE)(draft),
    }[when]


def _says(rule: re.Pattern[str], *sections: str) -> Callable[[Draft], bool]:
    """Whether any statement, or any under these headings, says something of the kind."""

    def found(draft: Draft) -> bool:
        return any(
            rule.search(folded(each.text))
            for each in draft.statements
            if not sections or each.section in sections
        )

    return found


def _under(*sections: str) -> Callable[[Draft], bool]:
    return lambda draft: any(each.section in sections for each in draft.statements)


def _next_step(draft: Draft) -> bool:
    return any(not each.private for each in draft.actions) or _under("action")(draft)


def _place(draft: Draft) -> bool:
    return bool(draft.contact.place or _REMOTE.search(draft.contact.method or ""))


def _returned(draft: Draft) -> bool:
    said = _says(_BACK, "header", "purpose", "what_happened", "young_person_words")
    return draft.contact.returned is not None or said(draft)


_FINDERS: dict[str, Callable[[Draft], bool]] = {
    "date": lambda draft: draft.contact.date is not None,
    "start_time": lambda draft: draft.contact.start_time is not None,
    "end_time": lambda draft: draft.contact.end_time is not None,
    "method": lambda draft: draft.contact.method is not None,
    "place": _place,
    "present": lambda draft: bool(draft.contact.present),
    "seen": lambda draft: draft.contact.seen is not None,
    "seen_alone": lambda draft: draft.contact.seen_alone is not None,
    "why_not_alone": _says(_BECAUSE, "header", "purpose", "what_happened"),
    "purpose": _under("purpose"),
    "attempts": _says(_ATTEMPTS),
    "their_words": _under("young_person_words"),
    "next_step": _next_step,
    "missing_since": _says(_SINCE, "header", "purpose", "what_happened", "young_person_words"),
    "return_time": _returned,
    "why_late": _says(_BECAUSE, "header", "purpose", "what_happened"),
    "declined_reason": _says(_BECAUSE),
    "carer_view": _says(_CARER),
}
_PLACES = {
    "purpose": "purpose",
    "attempts": "what_happened",
    "their_words": "young_person_words",
    "next_step": "action",
    "missing_since": "purpose",
    "return_time": "purpose",
    "declined_reason": "young_person_words",
    "carer_view": "what_happened",
}
"""Where a fact is added; what is not here belongs to the opening."""


# --- views ---


def _views(draft: Draft) -> Iterator[Remark]:
    """A worker's view that nothing under its heading gives a ground for."""
    views = [each for each in draft.statements if each.section in {"analysis", "decision"}]
    for one in views:
        around = " ".join(
            each.text for each in views if each.section == one.section and each != one
        )
        if is_ungrounded(one.text, around):
            yield Remark(
                "opinion",
                f"“{opening(one.text)}” is a view: say what you saw or heard that it rests on.",
                one.section,
                one.id,
            )


def opening(text: str) -> str:
    """How a sentence begins, to know it by."""
    words = text.rstrip(".").split()
    return " ".join(words[:_SHOWN]) + (" …" if len(words) > _SHOWN else "")
