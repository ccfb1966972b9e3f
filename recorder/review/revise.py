"""Changes to a draft: pure, each giving a new draft that is consistent with itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from recorder.errors import StateError, UnknownError
from recorder.joining import free
from store.people import Member
from transcribe.model import Action, Described, Draft, Origin, Removed, Statement

MAX_TEXT = 20_000
"""Characters in one statement, reason or reply."""

NO_REASON = "say why it is taken out: the reason is kept with the note"

MAX_CAPTION, MAX_NAME = 1000, 100
"""Characters in what is said of a picture, and in who drew it."""

_NO_CAPTION = "that is too long to stand under a picture: say the rest in the note"


def revise(draft: Draft, edits: Mapping[str, str], origin: Origin) -> Draft:
    """Statements with new words.

    A changed statement is from then on the editor's; its sources stay, so a reader can still hear
    what was said. UnknownError for a statement that is not in the draft.
    """
    _require(draft, edits)
    made = [
        _changed(statement, edits[statement.id], origin) if statement.id in edits else statement
        for statement in draft.statements
    ]
    return _with(draft, {each.id: each for each in made})


def take_out(draft: Draft, reasons: Mapping[str, str], by: Member, at: int) -> Draft:
    """The draft without the statements of `reasons`, which are kept beside it with who and why.

    `at`: when (ms). UnknownError as `revise`; StateError where a reason says nothing.
    """
    _require(draft, reasons)
    if not all(map(str.strip, reasons.values())):
        raise StateError(NO_REASON)
    gone = [
        Removed(each, by.id, by.name, clean(reasons[each.id], f"why-{each.id}"), at)
        for each in draft.statements
        if each.id in reasons
    ]
    left = {each.id: each for each in draft.statements if each.id not in reasons}
    return replace(_with(draft, left), removed=(*draft.removed, *gone))


def _require(draft: Draft, ids: Iterable[str]) -> None:
    if set(ids) - {statement.id for statement in draft.statements}:
        raise UnknownError


def _with(draft: Draft, made: Mapping[str, Statement]) -> Draft:
    """The draft with these of its statements, by id, as they are now."""
    there = [each for each in draft.statements if each.id in made]
    touched = [
        each for each in draft.statements if made.get(each.id) != each and _has_task(draft, each)
    ]
    return _consistent(replace(draft, statements=tuple(made[each.id] for each in there)), touched)


def _has_task(draft: Draft, statement: Statement) -> bool:
    own = (action for action in draft.actions if action.private)
    return statement.section == "action" or any(action.said_in(statement) for action in own)


def add(draft: Draft, statement: Statement) -> Draft:
    """The draft with one statement more, at the end of its section, under an id of its own."""
    taken = {each.id for each in draft.statements}  # by what came from another note, too
    statement = replace(statement, id=free(statement.id, taken))
    grown = replace(draft, statements=(*draft.statements, statement))
    if statement.section != "action":
        return grown
    action = Action(what=statement.text, who=None, due=None, sources=statement.sources)
    return replace(grown, actions=(*draft.actions, action))


def describe(draft: Draft, described: Described) -> Draft:
    """The draft with what is said of one picture in place of what was."""
    for field, said in (("title", described.title), ("caption", described.caption)):
        if len(said) > MAX_CAPTION:
            raise StateError(_NO_CAPTION, field=field)
    if len(described.drawn_by) > MAX_NAME:
        raise StateError("that is too long for a name", field="drawn")
    others = tuple(each for each in draft.pictures if each.recording != described.recording)
    own = () if described == Described(described.recording) else (described,)
    return replace(draft, pictures=(*others, *own))


def clean(text: str, field: str = "") -> str:
    """One paragraph without stray white space; StateError for `field` when empty or too long."""
    cleaned = " ".join(text.split())
    if not cleaned:
        raise StateError("write something first", field=field)
    if len(cleaned) > MAX_TEXT:
        raise StateError("that is too long for one sentence: split it", field=field)
    return cleaned


def _changed(statement: Statement, text: str, origin: Origin) -> Statement:
    cleaned = clean(text, statement.id)
    if cleaned == " ".join(statement.text.split()):
        return statement  # a form may have changed its white space; that makes nobody its author
    # What was flagged on the old words need not hold for the new ones.
    return replace(statement, text=cleaned, origin=origin, checks=())


def _consistent(draft: Draft, touched: Sequence[Statement]) -> Draft:
    """Facts drawn from a sentence must not outlive it: a stale date is worse than none."""
    texts = [statement.text for statement in draft.statements]
    quotes = tuple(quote for quote in draft.quotes if any(quote in text for text in texts))
    gone = [action for action in draft.actions if any(map(action.said_in, touched))]
    stale = {action.sources for action in gone if action.heard}
    ids = {statement.id for statement in touched}
    actions = [action for action in draft.actions if action not in gone]
    private = {statement.id for statement in touched if statement.section != "action"}
    actions += [
        Action(statement.text, None, None, statement.sources, private=statement.id in private)
        for statement in draft.statements
        if statement.id in ids or (statement.section == "action" and statement.sources in stale)
    ]
    return replace(draft, quotes=quotes, actions=tuple(actions))
