"""Drawings and photos beside a supervision: pure changes, each giving a new draft.

They stand in the version itself, each with the fingerprint of its picture, so whoever signs a version
signs its pictures, their captions and their order, and a change to any of them is a new version.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date as Date  # noqa: N812 - as the values it speaks of call it

from recorder.errors import StateError, UnknownError
from transcribe.model import Draft, Drawing, DrawingRemoved, Source, Statement

MAX_CAPTION, MAX_NAME = 1000, 100
"""Characters in what is said of a drawing, and in who made it."""

_SECTION = "what_happened"  # where a young person's own note says that there is one
THERE_ALREADY = "this picture is in the gallery already"
_NO_CAPTION = "say in a few words what it shows: whoever cannot see it is told that instead"
_LONG = "that is too long to stand under a picture: say the rest in the record"
_NO_REASON = "say why it is taken out: the reason is kept with the record"


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says of a drawing."""

    caption: str
    photo: bool = False
    made_by: str = ""
    made_on: Date | None = None
    member: str | None = None  # id of a case


def checked(said: Said) -> Said:
    """The same without stray white space; StateError for the field that is missing or too long."""
    caption, made_by = (" ".join(each.split()) for each in (said.caption, said.made_by))
    if not caption:
        raise StateError(_NO_CAPTION, field="caption")
    if len(caption) > MAX_CAPTION:
        raise StateError(_LONG, field="caption")
    if len(made_by) > MAX_NAME:
        raise StateError("that is too long for a name", field="maker")
    return replace(said, caption=caption, made_by=made_by)


def put(draft: Draft, drawing: Drawing) -> Draft:
    """The draft with one drawing more, the last of them."""
    if any(each.recording == drawing.recording for each in draft.drawings):
        raise StateError(THERE_ALREADY)
    return replace(draft, drawings=(*draft.drawings, drawing))


def say(draft: Draft, recording: str, said: Said) -> Draft:
    """The draft with what is said of one drawing in place of what was; UnknownError, StateError."""
    new = checked(said)
    changed = replace(
        found(draft, recording),
        caption=new.caption,
        photo=new.photo,
        made_by=new.made_by,
        made_on=new.made_on,
        member=new.member,
    )
    others = (changed if each.recording == recording else each for each in draft.drawings)
    return replace(draft, drawings=tuple(others))


def shift(draft: Draft, recording: str, *, up: bool) -> Draft:
    """The draft with one drawing a place earlier or later; as it was, at the end; UnknownError."""
    order = list(draft.drawings)
    at = order.index(found(draft, recording))
    to = at - 1 if up else at + 1
    if 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]
    return replace(draft, drawings=tuple(order))


def take_out(draft: Draft, recording: str, removed: DrawingRemoved) -> Draft:
    """The draft without one drawing, which is kept beside it with who and why; StateError."""
    why = " ".join(removed.why.split())
    if not why:
        raise StateError(_NO_REASON, field="why")
    if len(why) > MAX_CAPTION:
        raise StateError("that is too long for a reason", field="why")
    left = tuple(each for each in draft.drawings if each.recording != recording)
    gone = (*draft.drawings_removed, replace(removed, why=why))
    return replace(draft, drawings=left, drawings_removed=gone)


def found(draft: Draft, recording: str) -> Drawing:
    """The drawing that is this picture; UnknownError where there is none."""
    for each in draft.drawings:
        if each.recording == recording:
            return each
    raise UnknownError


def described(drawing: Drawing) -> str:
    """Whose it is, as readers are told: "Drawing by Amara Cole, on 5 November 2025"."""
    kind = "Photo" if drawing.photo else "Drawing"
    maker = f" by {drawing.made_by}" if drawing.made_by else ""
    day = f", on {drawing.made_on:%-d %B %Y}" if drawing.made_on else ""
    return f"{kind}{maker}{day}"


def texts(draft: Draft) -> Iterator[str]:
    """All that people typed about drawings, those that were taken out among them."""
    for each in (*draft.drawings, *(gone.drawing for gone in draft.drawings_removed)):
        yield each.caption
        if each.made_by:
            yield each.made_by
    yield from (gone.why for gone in draft.drawings_removed)


def members(draft: Draft) -> frozenset[str]:
    """Ids of the cases of whom a drawing was said to be."""
    return frozenset(each.member for each in draft.drawings if each.member is not None)


def of_member(draft: Draft, case_id: str) -> tuple[Drawing, ...]:
    """Those that are one young person's."""
    return tuple(each for each in draft.drawings if each.member == case_id)


def as_sentence(drawing: Drawing) -> Statement:
    """What a young person's own note says of a drawing of theirs, in the words of who put it there."""
    return Statement(
        id=f"d{drawing.recording[:8]}",
        section=_SECTION,
        text=f"{described(drawing)}: {drawing.caption}",
        origin=drawing.origin,
        speaker=drawing.name,
        sources=(Source(recording=drawing.recording, typed_by=drawing.by),),
    )
