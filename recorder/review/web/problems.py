"""What a page that comes back with a form says of what was wrong, at its head and at the field."""

from __future__ import annotations

from pydantic import BaseModel

from recorder.errors import RecorderError, StateError
from recorder.review.web import words


class Problem(BaseModel):
    """What a script is answered whose request was not taken."""

    problem: str  # a sentence


REFUSALS: dict[int | str, dict[str, object]] = {
    status: {"model": Problem, "description": "It was not done."}
    for status in (400, 401, 403, 404, 409, 412, 413, 415, 422, 460, 507)
}
"""How any address of a script can answer instead, as the description of the API says it."""


def told(error: RecorderError) -> dict[str, object]:
    """The values of a page for `error`: its sentence, and the name of the field it stands beside."""
    return {
        "problem": error.sentence,
        "wrong": error.field if isinstance(error, StateError) else "",
    }


def beside(problem: str, wrong: str, *names: str) -> dict[str, str] | None:
    """The message for a field of one of these names, as its component takes it; None for no message."""
    return {"text": words.sentence(problem)} if wrong in names else None
