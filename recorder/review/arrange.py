"""Where a sentence stands in a note: pure, each change giving a new draft with the same words."""

from __future__ import annotations

from dataclasses import replace

from recorder.errors import StateError, UnknownError
from templates import Section, type_of
from transcribe.model import Action, Draft, Origin, Statement

_ACTION = "action"

STAYS = (
    "this is the worker's own and goes on no young person's record, so it stays under its "
    "heading. Write anew what a young person's record needs"
)
THEIR_WORDS = (
    "these are the young person's own words: they cannot stand as what somebody else thinks or "
    "decided"
)
A_PICTURE = "nobody has said what this picture means: write it as your own sentence"


def found(draft: Draft, statement_id: str) -> Statement:
    """A sentence of the draft; UnknownError if it is not there."""
    for statement in draft.statements:
        if statement.id == statement_id:
            return statement
    raise UnknownError


def headings(draft: Draft) -> dict[str, Section]:
    """The headings that its kind has, by key."""
    return {section.key: section for section in type_of(draft.kind).sections}


def refusal(draft: Draft, statement: Statement, section: str) -> str | None:
    """Why a sentence may not stand under a heading; None if it may. UnknownError for no heading."""
    known = headings(draft)
    if section not in known:
        raise UnknownError
    before, to = known.get(statement.section), known[section]
    if before is not None and before.staff_only and not to.staff_only:
        return STAYS
    if not to.dictated_only:
        return None
    quoted = any(quote in statement.text for quote in draft.quotes)
    if quoted or statement.origin is Origin.YOUNG_PERSON:
        return THEIR_WORDS
    return A_PICTURE if statement.tells_of_picture else None


def under(draft: Draft, statement_id: str, section: str) -> Draft:
    """The draft with a sentence under another heading, among its sentences as they were said.

    StateError where a rule forbids it, UnknownError for a sentence or heading that is not there.
    """
    statement = found(draft, statement_id)
    why = refusal(draft, statement, section)
    if why is not None:
        raise StateError(why)
    if section == statement.section:
        return draft
    moved = replace(statement, section=section)
    statements = tuple(moved if each is statement else each for each in draft.statements)
    return _with_tasks(replace(draft, statements=statements), statement, moved)


def shifted(draft: Draft, statement_id: str, *, up: bool) -> Draft:
    """The draft with a sentence before or after its neighbour under the same heading.

    The same draft where there is no neighbour on that side. UnknownError as `under`.
    """
    statement = found(draft, statement_id)
    order = list(draft.statements)
    here = order.index(statement)
    beyond = range(here - 1, -1, -1) if up else range(here + 1, len(order))
    there = next((n for n in beyond if order[n].section == statement.section), None)
    if there is None:
        return draft
    order.insert(there, order.pop(here))
    return replace(draft, statements=tuple(order))


def _with_tasks(draft: Draft, before: Statement, after: Statement) -> Draft:
    """What stands under the heading for what happens next is listed as a task, and nothing else."""
    actions = draft.actions
    if before.section == _ACTION:
        others = [each for each in draft.statements if each.section == _ACTION]
        actions = tuple(
            each for each in actions if not each.said_in(before) or any(map(each.said_in, others))
        )
    if after.section == _ACTION:
        actions = (*actions, Action(after.text, None, None, after.sources))
    return replace(draft, actions=actions)
