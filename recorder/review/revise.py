"""Changes to a draft: pure, each giving a new draft that is consistent with itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from recorder.errors import StateError, UnknownError
from recorder.joining import free
from transcribe.model import Action, Described, Draft, Origin, Statement

MAX_TEXT = 20_000
"""Characters in one statement, reason or reply."""

MAX_CAPTION, MAX_NAME = 1000, 100
"""Characters in what is said of a picture, and in who drew it."""


def revise(draft: Draft, edits: Mapping[str, str | None], origin: Origin) -> Draft:
    """Statements with new words, or without those whose edit is None.

    A changed statement is from then on the editor's; its sources stay, so a reader can still hear
    what was said. UnknownError for a statement that is not in the draft.
    """
    if edits.keys() - {statement.id for statement in draft.statements}:
        raise UnknownError
    kept: list[Statement] = []
    touched: list[Statement] = []  # as they were
    for statement in draft.statements:
        changed = (
            _changed(statement, edits[statement.id], origin) if statement.id in edits else statement
        )
        if changed != statement and _has_task(draft, statement):
            touched.append(statement)
        if changed is not None:
            kept.append(changed)
    return _consistent(replace(draft, statements=tuple(kept)), touched)


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
    if any(len(each) > MAX_CAPTION for each in (described.title, described.caption)):
        raise StateError("that is too long to stand under a picture: say the rest in the note")
    if len(described.drawn_by) > MAX_NAME:
        raise StateError("that is too long for a name")
    others = tuple(each for each in draft.pictures if each.recording != described.recording)
    said = () if described == Described(described.recording) else (described,)
    return replace(draft, pictures=(*others, *said))


def clean(text: str) -> str:
    """One paragraph without stray white space; StateError when empty or too long."""
    cleaned = " ".join(text.split())
    if not cleaned:
        raise StateError("write something first")
    if len(cleaned) > MAX_TEXT:
        raise StateError("that is too long for one sentence: split it")
    return cleaned


def _changed(statement: Statement, text: str | None, origin: Origin) -> Statement | None:
    if text is None:
        return None
    cleaned = clean(text)
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
