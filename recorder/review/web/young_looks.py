"""How a young person wants their pages, what to call them, and asking for somebody."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from recorder.errors import StateError
from recorder.review.web import young
from recorder.review.web.session import Form, Visitor, YoungPerson, go, text
from templates.tongues import tongues

router = APIRouter()


@router.get("/summary/view")
def view_page(request: Request, found: YoungPerson) -> Response:
    """Size, colours, language, name."""
    return _view(request, found)


@router.post("/summary/view")
def view(request: Request, found: YoungPerson, form: Form) -> Response:
    """Show all pages like that from now on."""
    dark = text(form, "colours") == "dark"
    young.looks(request).choose(found.csrf, text(form, "tongue"), text(form, "size"), dark=dark)
    return go("/summary")


@router.post("/summary/name")
def name(request: Request, found: YoungPerson, form: Form) -> Response:
    """What they want to be called."""
    said = text(form, "text-name")
    try:
        found.desk.their_say.be_called(said)
    except StateError as error:
        problem = young.problem(request, found, error.sentence)
        return _view(request, found, 422, problem=problem, typed=said)
    return go("/summary")


@router.get("/summary/more")
def more_page(request: Request, found: YoungPerson, about: str = "") -> Response:
    """How to reach somebody; nothing on it says whether they did."""
    return young.page(request, found, "young_more", about=about)


@router.post("/summary/more")
def more(request: Request, found: YoungPerson, form: Form) -> Response:
    """Tell their people at once. What follows looks like any other page."""
    words = text(form, "text-words")
    try:
        found.desk.their_say.call(
            text(form, "talk") or text(form, "unsafe"), words, text(form, "about")
        )
    except StateError as error:
        problem = young.problem(request, found, error.sentence)
        values = {"about": text(form, "about"), "problem": problem, "typed": words}
        return young.page(request, found, "young_more", 422, **values)
    young.looks(request).tell(found.csrf)
    return go("/summary")


def _view(request: Request, found: Visitor, status: int = 200, **more: object) -> Response:
    return young.page(request, found, "young_view", status, tongues=tongues(), **more)
