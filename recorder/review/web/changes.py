"""What somebody did on the edit page, against the version that was on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from recorder.review.unsaved import Kept
from templates import type_of
from transcribe.model import Draft

TEXT = "text-"
"""What the name of every box that words are typed into begins with."""

_WHY, _NEW = "text-why-", "text-new-"


@dataclass(frozen=True, slots=True)
class Changes:
    """All that differs from that version."""

    texts: dict[str, str]  # new words by statement id, changed ones only
    removed: dict[str, str]  # why each goes that is taken out, by statement id
    added: dict[str, str]  # words by section key

    @property
    def boxes(self) -> dict[str, str]:
        """The same by the name of the box that each stands in."""
        groups = ((TEXT, self.texts), (_WHY, self.removed), (_NEW, self.added))
        return {f"{prefix}{key}": said for prefix, each in groups for key, said in each.items()}


REASON, MARK = "text-reason", "text-mark-"
"""The boxes for why a note is sent back: of the whole, and before the id of a sentence."""


def is_of_return(name: str) -> bool:
    """Whether a box is one of those that say why a note is sent back."""
    return name == REASON or name.startswith(MARK)


def returning(form: Mapping[str, object]) -> dict[str, str]:
    """What somebody wrote to send a note back, by the name of its box."""
    said = {name: typed for name, typed in form.items() if isinstance(typed, str)}
    return {name: typed for name, typed in said.items() if is_of_return(name) and typed.strip()}


NOTHING = Changes({}, {}, {})


def changes_in(form: Mapping[str, object], base: Draft) -> Changes:
    """Only what differs from the version on the page: the rest of a form is not an edit."""
    said = {name: typed for name, typed in form.items() if isinstance(typed, str)}
    texts = {}
    for statement in base.statements:
        typed = said.get(f"{TEXT}{statement.id}")
        if typed is not None and typed.split() != statement.text.split():
            texts[statement.id] = typed
    reasons = {s.id: said.get(f"{_WHY}{s.id}", "") for s in base.statements}
    removed = {key: why for key, why in reasons.items() if why.strip()}
    sections = [section.key for section in type_of(base.kind).sections]
    added = {key: words for key in sections if (words := said.get(f"{_NEW}{key}", "")).strip()}
    return Changes(texts, removed, added)


def restored(
    kept: Kept, draft_at: Callable[[int], Draft], newest: Draft
) -> tuple[Changes, frozenset[str]]:
    """What was typed and is not in the newest version; and which of it others changed since, by id."""
    there = {each.id: each.text for each in newest.statements}
    written = {(each.section, *each.text.split()) for each in newest.statements}
    gone = {each.statement.id for each in newest.removed}
    found, overtaken = Changes({}, {}, {}), set()
    for number in sorted({each.number for each in kept.fields.values()}):
        base = draft_at(number)
        before = {each.id: each.text for each in base.statements}
        form = {name: each.text for name, each in kept.fields.items() if each.number == number}
        made = changes_in(form, base)
        for key, words in made.texts.items():
            if there.get(key, "").split() != words.split():
                found.texts[key] = words
                overtaken |= {key} if there.get(key) != before[key] else set()
        found.removed.update({k: why for k, why in made.removed.items() if k not in gone})
        found.added.update(
            {k: words for k, words in made.added.items() if (k, *words.split()) not in written}
        )
    return found, frozenset(overtaken)


def restored_new(kept: Kept | None) -> dict[str, str]:
    """What was typed into a note that does not exist yet, by the names of its fields."""
    fields = {} if kept is None else kept.fields
    return {name.removeprefix(TEXT): each.text for name, each in fields.items()}


def boxes_new(typed: Mapping[str, str]) -> dict[str, str]:
    """The same by the name of the box that each stands in."""
    return {f"{TEXT}{name}": each for name, each in typed.items()}
