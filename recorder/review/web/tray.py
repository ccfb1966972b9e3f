"""What arrived, and trying again or stopping the work on it."""

from __future__ import annotations

import math
from collections.abc import Callable

from fastapi import APIRouter
from starlette.responses import Response

from recorder.errors import StateError
from recorder.review.states import Role
from recorder.review.tray import Seen
from recorder.review.web import words
from recorder.review.web.session import AnyStaff, Form, Site, Visitor, go, whole
from store.journal import ATTENTION, LEFT_OUT, NOBODY
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

_PAGE = 50  # files
_WORKED_ON = (RECEIVED, GATHERING, PROBED, TRANSCRIBED)


@router.get("/arrived")
def arrived(found: AnyStaff, show: str = "all", page: str = "1") -> Response:
    """Every file that was seen, and what became of it."""
    return _show(found, show=show, page=whole(page) or 1)


@router.post("/arrived/{file_id}/again")
def file_again(found: AnyStaff, file_id: str, form: Form) -> Response:  # noqa: ARG001 - the form carries the token
    """Look into a file anew that was left in the folder."""
    return _done(found, found.desk.tray.try_file_again, file_id)


@router.post("/recordings/{recording_id}/again")
def again(found: AnyStaff, recording_id: str, form: Form) -> Response:  # noqa: ARG001 - the form carries the token
    """Try a recording again that was set aside."""
    return _done(found, found.desk.tray.try_again, recording_id)


@router.post("/recordings/{recording_id}/go-on")
def go_on(found: AnyStaff, recording_id: str, form: Form) -> Response:  # noqa: ARG001 - likewise
    """Have a film go on without the files of it that have not come."""
    return _done(found, found.desk.tray.go_on, recording_id)


@router.post("/recordings/{recording_id}/cancel")
def cancel(found: AnyStaff, recording_id: str, form: Form) -> Response:  # noqa: ARG001 - likewise
    """Stop the work on a recording."""
    return _done(found, found.desk.tray.cancel, recording_id)


def _done(found: AnyStaff, do: Callable[[str], object], target: str) -> Response:
    try:
        do(target)
    except StateError as error:
        return _show(found, 409, problem=error.sentence)
    return go("/arrived")


def _show(
    found: AnyStaff, status: int = 200, problem: str = "", show: str = "all", page: int = 1
) -> Response:
    tray, tally = found.desk.tray, found.desk.tray.tally()
    groups = {
        name: (title, sum(tally.get(state, 0) for state in states or tally))
        for name, (title, states) in words.FILE_GROUPS.items()
    }
    show = show if show in groups else "all"
    pages = max(1, math.ceil(groups[show][1] / _PAGE))
    page = min(max(page, 1), pages)
    seen = tray.journal(words.FILE_GROUPS[show][1], _PAGE, (page - 1) * _PAGE)
    return found.page(
        "arrived",
        status,
        small=found.desk.gallery.small(each.recording for each in seen if each.recording),
        here="/arrived",
        notice=found.site.notice(),
        rows=[_row(found, each) for each in seen],
        groups=groups,
        show=show,
        page=page,
        pages=pages,
        problem=problem,
        nobodys=len(found.site.hand.files()) if found.desk.role is Role.SUPERVISOR else 0,
    )


def _row(found: Visitor, seen: Seen) -> dict[str, object]:
    recording = seen.recording
    return {
        "wanting": "" if recording is None else found.desk.tray.wanting(recording),
        "became": seen.became,
        "file": seen.file,
        "recording": recording,
        "why": _why(found.site, seen),
        "file_again": seen.became == ATTENTION and seen.file.reason != NOBODY,
        "nobodys": seen.became == ATTENTION and seen.file.reason == NOBODY,
        "again": recording is not None and _can_be_tried_again(recording),
        "cancel": recording is not None and recording.state in _WORKED_ON,
    }


def _why(here: Site, seen: Seen) -> str:
    """Why it needs somebody, or what it waits for."""
    waits = words.WAITS.get(seen.file.reason or "", "")
    if seen.recording is not None and seen.recording.reason:
        return " ".join(filter(None, (here.explain(seen.recording.reason), waits)))
    if seen.became in (ATTENTION, LEFT_OUT):
        return seen.file.sentence or here.explain(seen.file.reason or "")
    return waits


def _can_be_tried_again(recording: Recording) -> bool:
    waiting = recording.state in _WORKED_ON and recording.attempts > 0
    return waiting or (recording.state == QUARANTINED and recording.reason != WITHDRAWN)
