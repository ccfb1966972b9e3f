"""The staff's page to invite a young person, and to hand them this very device."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from recorder.errors import StateError
from recorder.review.inviting import HERE
from recorder.review.web.doors import door
from recorder.review.web.problems import told
from recorder.review.web.render import render
from recorder.review.web.session import (
    YOUNG_LIFE,
    AnyStaff,
    Form,
    Visitor,
    go,
    text,
    with_session,
)
from recorder.signin import codes

router = APIRouter()

WHERE = "/r"
"""Where an invitation leads: short, because somebody may have to type it."""


@router.get("/cases/{case_id}/invite")
def invite_page(found: AnyStaff, case_id: str) -> Response:
    """How the invitation stands, and the form for a new one."""
    return _show(found, case_id)


@router.post("/cases/{case_id}/invite")
def invite(request: Request, found: AnyStaff, case_id: str, form: Form) -> Response:
    """A new invitation. What it is made of is on this page, once, and nowhere else."""
    lifetime = text(form, "lifetime")
    try:
        new = found.desk.inviting.invite(case_id, lifetime)
    except StateError as error:
        return _show(found, case_id, 422, **told(error))
    link = f"{door(request).origin}{WHERE}#{new.secret}"
    picture = codes.picture(link) if lifetime == HERE else None
    return _show(found, case_id, new=new, link=link, picture=picture)


@router.post("/cases/{case_id}/invite/cancel")
def cancel(found: AnyStaff, case_id: str, _form: Form) -> Response:
    """End it, and whatever was opened by it."""
    found.desk.inviting.cancel(case_id)
    return go(f"/cases/{case_id}/invite")


@router.post("/cases/{case_id}/together")
def together(found: AnyStaff, case_id: str, _form: Form) -> Response:
    """Hand this device over: the worker is signed out on it before the young person is in."""
    token = found.desk.inviting.together(case_id, YOUNG_LIFE)
    here = found.site
    here.store.access.sign_out(found.token)
    return with_session(here, token, HTMLResponse(render(here.templates, "handed_over", {})))


def _show(found: Visitor, case_id: str, status: int = 200, **values: object) -> Response:
    known: dict[str, object] = {"new": None}
    stands = found.desk.inviting.of(case_id)
    return found.page("invite", status, stands=stands, **known | values)
