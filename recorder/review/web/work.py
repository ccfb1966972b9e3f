"""What needs doing: a practitioner's work, or everybody's for a supervisor."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date as Date  # noqa: N812 - as the values it speaks of call it

from fastapi import APIRouter
from starlette.responses import Response

from recorder import workdays
from recorder.clock import day_of
from recorder.errors import UnknownError
from recorder.review.due import due
from recorder.review.following import Coming
from recorder.review.lists import (
    DRAFT,
    OWN,
    REPLIES,
    RETURNED,
    SENT_BACK,
    SUBMITTED,
    TO_READ,
    UNASSIGNED,
    Group,
)
from recorder.review.model import NoteRow
from recorder.review.tray import Arrivals
from recorder.review.web import words
from recorder.review.web.recording_here import on_their_way
from recorder.review.web.session import AnyStaff, Form, Visitor, go, mark, whole
from store.journal import ARRIVING, ATTENTION, SETTLING
from store.session import now_ms
from templates import note_type

router = APIRouter()

_FIRST = 6  # of each group where all are on one page
_PAGE = 25
_PARTS = {REPLIES: "#replies", TO_READ: "/release", SENT_BACK: "/share"}  # what its rows lead to
_APPROVED, _COMING = "approved", "coming"

HEADINGS = {
    REPLIES: "Young people have written back",
    TO_READ: "Summaries to read before the young person does",
    SENT_BACK: "Summaries that came back to be changed",
    RETURNED: "Came back to be changed",
    UNASSIGNED: "Not linked to a young person",
    DRAFT: "Drafts to check",
    OWN: "Supervision to finish and sign",
    SUBMITTED: "With a supervisor",
    _APPROVED: "Recently approved",
}


@router.get("/work")
def work(found: AnyStaff, show: str = "", page: str = "1", after: str = "") -> Response:
    """What needs somebody, first what does most; or all of one group."""
    if show == _APPROVED:
        return _approved(found, after)
    if show == _COMING:
        return found.page("coming", here="/work", coming=_coming(found))
    if show:
        return _one(found, show, whole(page) or 1)
    coming = _coming(found)
    groups, arrivals = found.desk.lists.groups(_FIRST), found.desk.tray.arrivals()
    approved, taken_back = found.desk.lists.approved(_FIRST), found.desk.consent.taken_back()
    rows = [row for group in groups.values() for row in group.rows] + [*approved.rows]
    return found.page(
        "work",
        200,
        here="/work",
        notice=found.site.notice(),
        stories=len(found.desk.successes.waiting()),
        coming=coming[:_FIRST],
        all_coming=len(coming),
        groups=groups,
        approved=approved,
        sending=on_their_way(found),
        unsaved=found.desk.unsaved.new(),
        taken_back=taken_back,
        to_wipe=found.desk.wiping.waiting(),
        headings=HEADINGS,
        suggestions=found.desk.contacts.suggestions(row.note for row in groups[UNASSIGNED].rows),
        arrivals=_explained(found, arrivals),
        small=found.desk.gallery.small(arrivals.set_aside[:_FIRST]),
        nothing=not (rows or arrivals.on_the_way or arrivals.unagreed or taken_back)
        and not (arrivals.set_aside or arrivals.files),
        **said(found, rows),
    )


@router.post("/work/wiped")
def wiped(found: AnyStaff, form: Form) -> Response:
    """They wiped what they say from the card or the phone."""
    found.desk.wiping.done([each for each in form.getlist("recording") if isinstance(each, str)])
    return go("/work")


def said(found: Visitor, rows: Sequence[NoteRow]) -> dict[str, object]:
    """What a list says beside names: clocks, days, and times where two rows would read the same."""
    zone, now = found.site.timezone, now_ms()
    today = day_of(now, zone)
    return {
        "clocks": _clocks(zone, rows, now),
        "dues": {row.note.id: each for row in rows if (each := _due(found, row, today))},
        "alike": _alike(zone, rows),
    }


def _coming(found: Visitor) -> list[Coming]:
    return found.desk.supervision.coming(day_of(now_ms(), found.site.timezone))


def _one(found: Visitor, name: str, page: int) -> Response:
    if name not in HEADINGS:
        raise UnknownError
    group = found.desk.lists.group(name, _PAGE, (max(page, 1) - 1) * _PAGE)
    pages = max(1, math.ceil(group.count / _PAGE))
    if page > pages:
        return go(f"/work?show={name}&page={pages}")
    unassigned = [row.note for row in group.rows if name == UNASSIGNED]
    return _list(
        found,
        name,
        group,
        suggestions=found.desk.contacts.suggestions(unassigned),
        before=f"/work?show={name}&page={page - 1}" if page > 1 else "",
        behind=f"/work?show={name}&page={page + 1}" if page < pages else "",
        place=f"Page {page} of {pages}",
    )


def _approved(found: Visitor, after: str) -> Response:
    shown = found.desk.lists.approved(_PAGE, mark(after))
    on = shown.further
    return _list(
        found,
        _APPROVED,
        Group(shown.rows, 0),
        before=f"/work?show={_APPROVED}" if after else "",
        behind=f"/work?show={_APPROVED}&after={on.at}-{on.id}" if on else "",
        place="",
    )


def _list(found: Visitor, name: str, group: Group, **more: object) -> Response:
    at = _PARTS.get(name, "")
    known = {"suggestions": {}, "at": at, **more, **said(found, group.rows)}
    return found.page("notes", 200, here="/work", group=group, heading=HEADINGS[name], **known)


def _due(found: Visitor, row: NoteRow, today: Date) -> Mapping[str, object]:
    awaited = row.expected
    if row.waits_since is not None:
        said = day_of(row.waits_since, found.site.timezone)
        day = workdays.after(said, found.site.answer_days)
        return {"words": words.by_when("Answer", day, today), "late": today > day}
    return (
        {"words": words.expected(awaited, today), "late": awaited.is_late(today)} if awaited else {}
    )


def _alike(timezone: str, rows: Iterable[NoteRow]) -> set[str]:
    """Notes that read like another one in the list but for their time."""
    reads = {
        row.note.id: (
            row.note.case_id,
            row.note.kind,
            words.short_day(row.note.contact_at, timezone),
        )
        for row in rows
    }
    counted = Counter(reads.values())
    return {note_id for note_id, read in reads.items() if counted[read] > 1}


def _clocks(timezone: str, rows: Iterable[NoteRow], now: int) -> dict[str, str]:
    """How contacts that have a clock stand to it, in words, by note."""
    found = {
        row.note.id: due(note_type(row.note.kind), row.contact, timezone)
        for row in rows
        if row.contact is not None
    }
    return {note_id: words.due(each, now) for note_id, each in found.items() if each is not None}


def _explained(visitor: Visitor, found: Arrivals) -> dict[str, dict[str, object]]:
    """The first arrivals of each sort, with a sentence for every reason, and how many there are."""

    def why(code: str | None) -> str:
        return visitor.site.explain(code) if code else ""

    def some(rows: Sequence[dict[str, object]], count: int) -> dict[str, object]:
        return {"rows": rows, "count": count}

    need = [f for f in found.files if f.state == ATTENTION]
    coming = [f for f in found.files if f.state in (ARRIVING, SETTLING)]
    return {
        "unagreed": some(
            [{"recording": r, "why": ""} for r in found.unagreed[:_FIRST]], len(found.unagreed)
        ),
        "on_the_way": some(
            [
                {
                    "recording": each.recording,
                    "why": why(each.recording.reason),
                    "heard_ms": each.heard_ms,
                    "so_far": words.so_far(each.figures),
                    "wanting": visitor.desk.tray.wanting(each.recording),
                }
                for each in found.on_the_way[:_FIRST]
            ],
            len(found.on_the_way),
        ),
        "set_aside": some(
            [{"recording": r, "why": why(r.reason)} for r in found.set_aside[:_FIRST]],
            len(found.set_aside),
        ),
        "files": some(
            [{"file": f, "why": f.sentence or why(f.reason)} for f in need[:_FIRST]], len(need)
        ),
        "arriving": some(
            [{"file": f, "why": words.WAITS.get(f.reason or "", "")} for f in coming[:_FIRST]],
            len(coming),
        ),
    }
