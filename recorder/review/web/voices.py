"""Naming the voices of a recording."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from recorder.errors import StateError, UnknownError
from recorder.review.web.listening import recording_with
from recorder.review.web.session import AnyStaff, Form, go, number, text, whole
from transcribe.corrected import Correction

router = APIRouter()


@router.post("/recordings/{recording_id}/voices")
def say_who(found: AnyStaff, recording_id: str, form: Form) -> Response:
    """Whose a voice is, throughout or in one line; or the page again, and why not."""
    place = whole(text(form, "place"))
    if place is None:
        raise UnknownError
    every = text(form, "every") == "yes"
    correction = Correction(place, None, speaker=text(form, "text-name"), every=every)
    try:
        found.desk.naming.say(recording_id, number(form), correction, found.site.timezone)
    except StateError as error:
        return recording_with(
            found,
            recording_id,
            None,
            409,
            wrong_voice=error.sentence,
            wrong_field=f"text-name-{place}{'' if every else '-line'}",
            named=correction.speaker,
            **{"voice" if every else "who": place},
        )
    return go(f"/recordings/{recording_id}#{'voices' if every else f'w{place}'}")


@router.post("/recordings/{recording_id}/voices/again")
def file_again(found: AnyStaff, recording_id: str, form: Form) -> Response:
    """File what was said anew, by whose it is now."""
    try:
        found.desk.naming.file_again(recording_id, number(form), found.site.timezone)
    except StateError as error:
        wrong = {"wrong_voice": error.sentence, "wrong_field": "voices"}
        return recording_with(found, recording_id, None, 409, **wrong)
    return go(f"/recordings/{recording_id}#voices")
