"""What all pages of a young person have in common: their language, how they look, who can be called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request
from starlette.responses import Response

from recorder.clock import day_of
from recorder.review import agreed, keeping, theirsay
from recorder.review.saying import ADD, KEEP_BACK, NOT_RIGHT, RIGHT
from recorder.review.summary import Line, Shared
from recorder.review.web.looks import Look, Looks
from recorder.review.web.session import Visitor
from templates import note_type
from templates.tongues import Tongue, preferred, tongues

NAMES = {RIGHT: "right", NOT_RIGHT: "not_right", ADD: "add", KEEP_BACK: "keep_back"}
"""Kinds of saying, as addresses, forms and language files call them."""

KINDS = {name: kind for kind, name in NAMES.items()}

_SAID = {
    theirsay.EMPTY: "problem_empty",
    theirsay.LONG: "problem_long",
    theirsay.GONE_OUT: "problem_gone_out",
    theirsay.NO_NAME: "problem_no_name",
    theirsay.NO_WORDS: "problem_no_words",
    keeping.FULL: "problem_full",
    agreed.BUSY: "problem_busy",
}
_KIND = "young_person_summary"


@dataclass(frozen=True, slots=True)
class Part:
    """Some sentences under one heading."""

    key: str  # of the heading in language files
    lines: Sequence[Line]


def asked_for(request: Request) -> Tongue:
    """The language that their browser asks for: of pages without a session, and until they choose."""
    return preferred(request.headers.get("accept-language", ""))


def looks(request: Request) -> Looks:
    """How pages look to whom."""
    found = request.app.state.looks
    if not isinstance(found, Looks):  # set in one place, by create_app
        raise TypeError(type(found).__name__)
    return found


def look_of(request: Request, found: Visitor) -> Look:
    """How pages look to this one."""
    return looks(request).of(found.csrf, asked_for(request).code)


def tongue_of(request: Request, found: Visitor) -> Tongue:
    """The language that they chose."""
    return tongues()[look_of(request, found).tongue]


def page(
    request: Request, found: Visitor, name: str, status: int = 200, **values: object
) -> Response:
    """A page for a young person, in their language."""
    tongue = tongue_of(request, found)
    known = {
        "t": tongue,
        "look": look_of(request, found),
        "numbers": found.site.numbers,
        "kinds": NAMES,
        "day": lambda at: tongue.day(day_of(at, found.site.timezone)),
    }
    return found.page(name, status, **known | values)


def problem(request: Request, found: Visitor, sentence: str) -> str:
    """A sentence about what is wrong, in their language."""
    return tongue_of(request, found)(_SAID.get(sentence.rstrip("."), "problem_file"))


def parts(summary: Shared) -> list[Part]:
    """The sentences of a summary under their headings, in the order they are read in."""
    left, found = list(summary.lines), []
    for section in note_type(_KIND).sections:
        lines = [line for line in left if line.section in section.draws_on]
        left = [line for line in left if line not in lines]
        found.append(Part(f"part_{section.key}", lines))
    found.append(Part("part_other", left))
    return [part for part in found if part.lines]


def steps(summary: Shared) -> list[Part]:
    """The same, a sentence at a time."""
    return [Part(part.key, [line]) for part in parts(summary) for line in part.lines]
