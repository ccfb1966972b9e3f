"""What waits for a supervisor, and how the team's work stands."""

from __future__ import annotations

import math
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from recorder.review.lists import REPLIES
from recorder.review.queue import Choice
from recorder.review.web.session import AnyStaff, go, whole
from recorder.review.web.work import said

router = APIRouter()

_PAGE = 15
_FEW = 6  # notes with something that waits for an answer
_TEAM = 40  # practitioners
_YES = "yes"


@router.get("/queue")
def queue(
    found: AnyStaff,
    kind: str = "",
    by: str = "",
    late: str = "",
    harm: str = "",
    page: str = "1",
) -> Response:
    """Notes waiting for a supervisor, what to look at first at the top."""
    choice = Choice(kind, by, late == _YES, harm == _YES)
    at = max(whole(page) or 1, 1)
    shown = found.desk.queues.page(choice, _PAGE, (at - 1) * _PAGE)
    pages = max(1, math.ceil(shown.count / _PAGE))
    asked = {"kind": kind, "by": by, "late": late, "harm": harm}
    where = "/queue?" + urlencode({name: value for name, value in asked.items() if value})
    if at > pages:
        return go(f"{where}&page={pages}")
    rows = [each.row for each in shown.rows]
    unanswered = found.desk.lists.group(REPLIES, _FEW, 0)
    to_read = found.desk.lists.to_read(_FEW)
    return found.page(
        "queue",
        200,
        here="/queue",
        queue=shown,
        stories=len(found.desk.successes.waiting()),
        choice=choice,
        narrowed=choice != Choice(),
        at=at,
        pages=pages,
        where=where,
        unanswered=unanswered,
        to_read=to_read,
        **said(found, [*rows, *unanswered.rows, *to_read.rows]),
    )


@router.get("/team")
def team(found: AnyStaff, page: str = "1") -> Response:
    """What is open with each practitioner, and how much of it is late."""
    loads = found.desk.queues.loads()
    pages = max(1, math.ceil(len(loads) / _TEAM))
    at = min(max(whole(page) or 1, 1), pages)
    shown = loads[(at - 1) * _TEAM : at * _TEAM]
    thought = found.desk.opinions.counts()
    return found.page("team", here="/queue", loads=shown, at=at, pages=pages, thought=thought)
