"""What arrived, and trying again or stopping the work on it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from recorder.errors import StateError
from recorder.review.tray import Seen
from recorder.review.web.session import AnyStaff, Form, Site, go
from store.records import (
    GATHERING,
    PROBED,
    QUARANTINED,
    RECEIVED,
    TRANSCRIBED,
    WITHDRAWN,
    Recording,
)

router = APIRouter()

_LATEST = 200  # files on the page
_WORKED_ON = (RECEIVED, GATHERING, PROBED, TRANSCRIBED)


@router.get("/arrived")
def arrived(found: AnyStaff) -> Response:
    """Every file that was seen, and what became of it."""
    return _show(found)


@router.post("/recordings/{recording_id}/again")
def again(found: AnyStaff, recording_id: str, form: Form) -> Response:  # noqa: ARG001 - the form carries the token
    """Try a recording again that was set aside."""
    try:
        found.desk.tray.try_again(recording_id)
    except StateError as error:
        return _show(found, 409, problem=error.sentence)
    return go("/arrived")


@router.post("/recordings/{recording_id}/cancel")
def cancel(found: AnyStaff, recording_id: str, form: Form) -> Response:  # noqa: ARG001 - likewise
    """Stop the work on a recording."""
    try:
        found.desk.tray.cancel(recording_id)
    except StateError as error:
        return _show(found, 409, problem=error.sentence)
    return go("/arrived")


def _show(found: AnyStaff, status: int = 200, problem: str = "") -> Response:
    rows = [_row(found.site, seen) for seen in found.desk.tray.journal(_LATEST)]
    return found.page("arrived", status, here="/arrived", rows=rows, problem=problem)


def _row(here: Site, seen: Seen) -> dict[str, object]:
    recording = seen.recording
    reason = seen.file.reason if recording is None else recording.reason
    return {
        "file": seen.file,
        "recording": recording,
        "why": seen.file.sentence or (here.explain(reason) if reason else ""),
        "again": recording is not None and _can_be_tried_again(recording),
        "cancel": recording is not None and recording.state in _WORKED_ON,
    }


def _can_be_tried_again(recording: Recording) -> bool:
    waiting = recording.state in _WORKED_ON and recording.attempts > 0
    return waiting or (recording.state == QUARANTINED and recording.reason != WITHDRAWN)
