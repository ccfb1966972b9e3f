"""Files that are nobody's yet: a supervisor says whose they are, or refuses them."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from recorder.errors import StateError
from recorder.review.unclaimed import Row, Unclaimed
from recorder.review.web.notes import choices
from recorder.review.web.problems import told
from recorder.review.web.session import AnyStaff, Form, Site, Visitor, go, text

router = APIRouter()

_ADDRESS = "/unclaimed"


@router.get(_ADDRESS)
def unclaimed(found: AnyStaff) -> Response:
    """All that wait for an owner."""
    return _show(found)


@router.post("/unclaimed/{file_id}/give")
def give(found: AnyStaff, file_id: str, form: Form) -> Response:
    """File one as somebody's, for a case of theirs or none yet."""
    chosen, said = (text(form, "maker"), text(form, "case")), text(form, "text-who").strip()
    try:
        maker, case_id = chosen
        _of(found).give(file_id, maker, found.desk.young_people.chosen(case_id, said))
    except StateError as error:
        return _show(found, 409, (file_id, *chosen), said=said, **told(error))
    return go(_ADDRESS)


@router.post("/unclaimed/{file_id}/refuse")
def refuse(found: AnyStaff, file_id: str, form: Form) -> Response:
    """Remove one for good; only with the box ticked that says so."""
    try:
        _of(found).refuse(file_id, sure=text(form, "sure") == "yes")
    except StateError as error:
        return _show(found, 409, (file_id, "", ""), **told(error))
    return go(_ADDRESS)


def _of(found: Visitor) -> Unclaimed:
    return Unclaimed(found.site.store, found.person, found.site.hand)


def _show(
    found: Visitor,
    status: int = 200,
    chosen: tuple[str, str, str] = ("", "", ""),
    **problem: object,
) -> Response:
    """The page; `chosen` is a file, and whose and about whom somebody said that it is."""
    files = _of(found)
    rows = files.rows()
    makers = {each.id: each.name for each in files.makers}
    return found.page(
        "unclaimed",
        status,
        here="/arrived",
        rows=[{"row": each, "why": _why(found.site, each)} for each in rows],
        makers=[{"value": key, "text": name} for key, name in makers.items()],
        case_choices=choices(found, found.person.id) if rows else [],
        many=bool(rows) and found.desk.young_people.many,
        chosen=chosen,
        **problem,
    )


def _why(here: Site, row: Row) -> str:
    """Why there is nothing to suggest, if there is not."""
    if row.claims:
        return ""
    if row.opening is None:
        return "Nobody can tell from it whose it is."
    if row.opening.words:
        return "Nobody on the team says in it that they are speaking."
    return (
        here.explain(row.opening.reason) if row.opening.reason else "It will be listened to soon."
    )
