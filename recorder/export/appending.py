"""What a newer version of a note says otherwise, as text to be added to the older one in Mosaic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from recorder.export.layout import action_parts, contact_facts, said
from recorder.export.model import Approved, Change
from recorder.export.text import plain_lines
from transcribe.model import Described


def changes(before: Approved, after: Approved) -> tuple[Change, ...]:
    """What differs for a reader, in the order of the note; empty if nothing does.

    `before` and `after` are two versions of one note. Each thing is given as it was and as it is
    now, word for word.
    """
    found = (
        Change("Put right", tuple(chain(_facts(before, after), _reworded(before, after)))),
        Change("Added", tuple(chain(_more(before, after), _lists(before, after)))),
        Change("Taken out", tuple(chain(_gone(before, after), _lists(after, before)))),
    )
    return tuple(each for each in found if each.lines)


def _facts(before: Approved, after: Approved) -> Iterator[str]:
    old, new = (dict((*contact_facts(each), _significant(each))) for each in (before, after))
    for label in dict.fromkeys((*old, *new)):
        if old.get(label) != new.get(label):
            yield _turned(label, old.get(label, ""), new.get(label, ""))
    pictures = dict.fromkeys(
        each.recording for each in (*before.draft.pictures, *after.draft.pictures)
    )
    for recording in pictures:
        was, now = (_under(each.draft.described(recording)) for each in (before, after))
        if was != now:
            yield _turned("Under a picture", was, now)


def _significant(note: Approved) -> tuple[str, str]:
    """A field of its own in Mosaic, and so no line of the note's text."""
    return "Significant event", "yes" if note.significant_event else "no"


def _reworded(before: Approved, after: Approved) -> Iterator[str]:
    old = said(before)
    for key, (heading, text) in said(after).items():
        if key in old and old[key] != (heading, text):
            was, words = old[key]
            moved = f" (it stood under {was})" if was != heading else ""
            yield _turned(f"{heading}{moved}", words, text)


def _more(before: Approved, after: Approved) -> Iterator[str]:
    old = said(before)
    for key, (heading, text) in said(after).items():
        if key not in old:
            yield f"{heading}: {text}"


def _gone(before: Approved, after: Approved) -> Iterator[str]:
    new = said(after)
    why = {each.statement.id: each for each in after.draft.removed}
    for key, (heading, text) in said(before).items():
        if key not in new:
            reason = why.get(key)
            told = f" ({reason.name}: {plain_lines(reason.why)})" if reason else ""
            yield f"{heading}: “{text}”{told}"


def _lists(before: Approved, after: Approved) -> Iterator[str]:
    """Actions and quotations of the second that the first does not have."""
    yield from (f"Action: {line}" for line in _without(_actions(after), _actions(before)))
    old, new = ([plain_lines(q) for q in each.draft.quotes] for each in (before, after))
    yield from (f"Their words: “{line}”" for line in _without(new, old))


def _actions(note: Approved) -> list[str]:
    return [" — ".join(action_parts(each)) for each in note.draft.actions]


def _without(lines: Iterable[str], known: Iterable[str]) -> list[str]:
    held = set(known)
    return [line for line in lines if line not in held]


def _turned(what: str, was: str, now: str) -> str:
    return f"{what}. Before: “{was}”. Now: “{now}”."


def _under(described: Described) -> str:
    said_of = (described.title, described.caption, described.drawn_by)
    return plain_lines(", ".join(each for each in said_of if each))
