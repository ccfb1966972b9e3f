"""Preparing what the young person is shown of an approved note, and letting it go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from recorder.errors import StateError
from recorder.review import prepared, summary
from recorder.review.plainer import MEANT_FOR
from recorder.review.prepared import Prepared
from recorder.review.preparing import CLEAR_FIRST, Choice, Looked, Page
from recorder.review.summary import Offered
from recorder.review.web.session import AnyStaff, Form, Visitor, go, number, text
from templates import note_type
from transcribe.model import Described

router = APIRouter()

_NAMES = "what stands under the picture may name somebody or somewhere else"
_KIND = "young_person_summary"


@dataclass(frozen=True, slots=True)
class _Box:
    """A sentence as the page offers it."""

    offered: Offered
    text: str
    chosen: bool
    cleared: frozenset[str]
    looked: Looked | None  # None until somebody asked
    wrong: tuple[str, ...]  # what has to be put right first
    unclear: bool  # whether something has still to be looked at


@router.get("/notes/{note_id}/share")
def share_page(found: AnyStaff, note_id: str) -> Response:
    """What may be prepared, for somebody to choose from and write; what may not, and why."""
    page = found.desk.preparing.page(note_id)
    return _show(found, page, _before(page, found.site.kept_for))


@router.post("/notes/{note_id}/share")
def share(found: AnyStaff, note_id: str, form: Form) -> Response:
    """Look at what was written, or hand it to a second person."""
    page = found.desk.preparing.page(note_id)
    choice = _chosen(form, page)
    if text(form, "do") == "look":
        return _show(found, page, choice, looks=True)
    if not choice.texts and not choice.pictures:
        return _show(found, page, choice, 422, looks=True, none_chosen=True)
    try:
        found.desk.preparing.prepare(note_id, number(form), choice)
    except StateError as error:
        status = 422 if error.field else 409
        return _show(
            found, page, choice, status, looks=True, problem=error.sentence, wrong=error.field
        )
    return go(f"/notes/{note_id}")


@router.post("/notes/{note_id}/unshare")
def unshare(found: AnyStaff, note_id: str, form: Form) -> Response:
    """Take it away again."""
    found.desk.preparing.stop(note_id, number(form))
    return go(f"/notes/{note_id}")


@router.get("/notes/{note_id}/release")
def release_page(found: AnyStaff, note_id: str) -> Response:
    """Exactly what the young person is going to see, for a second person to let go."""
    return _to_release(found, note_id)


@router.post("/notes/{note_id}/release")
def release(found: AnyStaff, note_id: str, form: Form) -> Response:
    """Let it go, or send it back."""
    preparing, entry = found.desk.preparing, text(form, "prepared")
    why = text(form, "text-why")
    try:
        if text(form, "do") == "back":
            preparing.send_back(note_id, number(form), entry, why)
        else:
            preparing.release(note_id, number(form), entry)
    except StateError as error:
        return _to_release(
            found,
            note_id,
            422 if error.field else 409,
            problem=error.sentence,
            wrong=error.field,
            why=why,
        )
    return go(f"/notes/{note_id}")


@router.get("/notes/{note_id}/risk")
def risk_page(found: AnyStaff, note_id: str) -> Response:
    """Every sentence, to say which could put someone at risk."""
    page = found.desk.read(note_id)
    return found.page("risk", 200, page=page, ticked=page.at_risk)


@router.post("/notes/{note_id}/risk")
def risk(found: AnyStaff, note_id: str, form: Form) -> Response:
    """Keep which they are: those the young person is never shown."""
    found.desk.preparing.mark(note_id, _values(form, "line"))
    return go(f"/notes/{note_id}")


def _chosen(form: FormData, page: Page) -> Choice:
    chosen = _values(form, "line")
    drafted = {each.id: each.drafted for each in page.offered.lines}
    prefix = summary.key_of("")
    lines = [key for key in chosen if not key.startswith(prefix)]
    return Choice(
        {k: text(form, b) if (b := f"text-{k}") in form else drafted.get(k, "") for k in lines},
        {key: frozenset(_values(form, f"clear-{key}")) for key in lines},
        [key.removeprefix(prefix) for key in chosen if key.startswith(prefix)],
        text(form, "text-seen-by"),
        text(form, "text-kept-for"),
    )


def _values(form: FormData, name: str) -> list[str]:
    return [value for value in form.getlist(name) if isinstance(value, str)]


def _before(page: Page, kept_for: str) -> Choice:
    """What was prepared before; else nothing, and what the team says of all its records."""
    made = page.before
    if made is None:
        return Choice({}, kept_for=kept_for)
    return Choice(
        {each.id: each.text for each in made.lines},
        {each.id: frozenset(each.cleared) for each in made.lines},
        made.pictures,
        made.seen_by,
        made.kept_for,
    )


def _show(
    found: Visitor,
    page: Page,
    choice: Choice,
    status: int = 200,
    *,
    looks: bool = False,
    **problem: object,
) -> Response:
    known = {each.id for each in page.offered.lines}
    texts = {key: words for key, words in choice.texts.items() if key in known}
    looked = found.desk.preparing.look(page.note.id, texts) if looks or page.before else {}
    boxes = [_box(each, choice, looked) for each in page.offered.lines]
    chosen = [each.looked for each in boxes if each.looked]
    return found.page(
        "share",
        status,
        page=page,
        plain=[each for each in boxes if not each.offered.found],
        naming=[each for each in boxes if each.offered.found],
        choice=choice,
        pictures=[(summary.key_of(each.recording), each) for each in page.offered.pictures],
        ticked={summary.key_of(each) for each in choice.pictures},
        held_back=_held_back(page),
        meant_for=MEANT_FOR,
        age=max((each.reads.age for each in chosen), default=None),
        why=prepared.reason(page.sent_back) if page.sent_back else "",
        readers=_readers(found, page),
        clear_first=CLEAR_FIRST,
        **{"looks": looks} | problem,
    )


def _box(line: Offered, choice: Choice, looked: Mapping[str, Looked]) -> _Box:
    mine = looked.get(line.id)
    cleared = frozenset(choice.cleared.get(line.id, ()))
    return _Box(
        line,
        choice.texts.get(line.id, line.drafted),
        line.id in choice.texts,
        cleared,
        mine,
        mine.untrue if mine else (),
        bool(mine and mine.uncleared(cleared)),
    )


def _held_back(page: Page) -> list[tuple[str, str]]:
    return [
        *((page.texts[key], why) for key, why in page.offered.held_back),
        *((_under(each), _NAMES) for each in page.offered.pictures_held_back),
    ]


def _readers(found: Visitor, page: Page) -> int:
    """How many on the staff see the record, beside its practitioner."""
    return len(found.desk.who_sees.of(page.case.id).readers)


def _to_release(found: Visitor, note_id: str, status: int = 200, **problem: object) -> Response:
    waits = found.desk.preparing.release_page(note_id)
    sections = note_type(_KIND).sections
    parts = [
        (each.heading, [line for line in waits.shown.lines if line.section in each.draws_on])
        for each in sections
    ]
    return found.page(
        "release",
        status,
        waits=waits,
        parts=[(heading, lines) for heading, lines in parts if lines],
        changed=[each for each in waits.prepared.lines if each.text != each.drafted],
        cleared=_cleared(waits.prepared),
        **problem,
    )


def _cleared(made: Prepared) -> list[tuple[str, str]]:
    """Each name that was let stand, with its sentence."""
    return [(name, line.text) for line in made.lines for name in line.cleared]


def _under(picture: Described) -> str:
    said = (picture.title, picture.caption, picture.drawn_by)
    return f"Picture: {', '.join(each for each in said if each)}"
