"""People and teams: who sees whose work."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from recorder.errors import StateError, UnknownError
from recorder.review.states import Role
from recorder.review.web.problems import told
from recorder.review.web.session import Form, NoAccountError, Visitor, go, text, visitor

router = APIRouter()

_LOOKS = {Role.SUPERVISOR, Role.ADMINISTRATOR, Role.DATA_PROTECTION}
_CHANGES = {Role.SUPERVISOR, Role.ADMINISTRATOR}


def looker(found: Annotated[Visitor, Depends(visitor)]) -> Visitor:
    """Whoever may see teams; to anybody else there is no such page. NoAccountError as staff."""
    return _one_of(found, _LOOKS)


def changer(found: Annotated[Visitor, Depends(visitor)]) -> Visitor:
    """Whoever may change teams; likewise."""
    return _one_of(found, _CHANGES)


def administrator(found: Annotated[Visitor, Depends(visitor)]) -> Visitor:
    """An administrator; likewise."""
    return _one_of(found, {Role.ADMINISTRATOR})


def _one_of(found: Visitor, roles: set[Role]) -> Visitor:
    if found.desk.role not in roles:
        raise UnknownError
    if found.site.by_account and not found.site.accounts.has_one(found.person):
        raise NoAccountError
    return found


Looker = Annotated[Visitor, Depends(looker)]
Changer = Annotated[Visitor, Depends(changer)]
Administrator = Annotated[Visitor, Depends(administrator)]


@router.get("/people")
def people_page(found: Looker) -> Response:
    """Teams and who is in them, as far as this person sees them."""
    return _show(found)


@router.post("/people/join")
def join(found: Changer, form: Form) -> Response:
    """Put somebody into a team."""
    team, person = text(form, "team"), text(form, "person")
    try:
        found.desk.teams.join(team, person)
    except StateError as error:
        at = f"person-{team}" if error.field else ""
        return _show(found, 422, problem=error.sentence, wrong=at, chosen=person)
    return go("/people")


@router.post("/people/leave")
def leave(found: Changer, form: Form) -> Response:
    """Take somebody out of a team; asks first."""
    team, person = text(form, "team"), text(form, "person")
    try:
        row = found.desk.teams.one(team)
        who = next((each for each in row.people if each.id == person), None)
        if who is not None and text(form, "sure") != "yes":
            return found.page("leaving", here="/people", row=row, who=who)
        found.desk.teams.leave(team, person)
    except StateError as error:
        return _show(found, 422, **told(error))
    return go("/people")


@router.post("/people/teams")
def add(found: Administrator, form: Form) -> Response:
    """Add a team."""
    typed = text(form, "text-name")
    try:
        found.desk.teams.add(typed)
    except StateError as error:
        return _show(found, 422, typed=typed, **told(error))
    return go("/people")


@router.post("/people/teams/remove")
def remove(found: Administrator, form: Form) -> Response:
    """Remove a team that nobody is in, or the last one; asks first."""
    team = text(form, "team")
    try:
        row = found.desk.teams.one(team)
        if text(form, "sure") != "yes":
            return found.page("leaving", here="/people", row=row, who=None)
        found.desk.teams.remove(team)
    except StateError as error:
        return _show(found, 422, **told(error))
    return go("/people")


def _show(found: Visitor, status: int = 200, **problem: object) -> Response:
    return found.page("people", status, here="/people", people=found.desk.teams.all(), **problem)
