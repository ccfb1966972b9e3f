"""What a young person says, beside a note: with what was merged into it, each at the sentence it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from recorder.codec import decode_draft
from recorder.review.saying import TAKEN_BACK, Said, said
from store.errors import TamperedError
from store.notes import Note
from store.store import Store
from transcribe.model import Draft, Statement


@dataclass(frozen=True, slots=True)
class Theirs:
    """One thing they say, and where it stands."""

    said: Said
    about: str = ""  # the sentence as it stood in the version they were shown; empty for all of it
    statement: str = (
        ""  # its id in the draft at hand; empty where it is not there, or for all of it
    )


def of_note(store: Store, note_id: str) -> list[Said]:
    """What they say of one note, oldest first. TamperedError."""
    replies = store.notes.replies(note_id)
    found = said(replies, store.notes.decisions(note_id)) if replies else []
    return [each for each in found if each.saying.kind != TAKEN_BACK]


def beside(store: Store, note: Note, draft: Draft) -> list[Theirs]:
    """What they say of a note at one of its versions, oldest first.

    Of notes that were merged into it everything; of one that it was split from what is about a
    sentence that went along. TamperedError.
    """

    @cache
    def shown(note_id: str, number: int) -> Mapping[str, Statement]:
        known = decode_draft(store.notes.version(note_id, number).payload)
        return {each.id: each for each in known.statements}

    return sorted(_placed(store, note, draft, shown), key=lambda each: each.said.at)


def _placed(
    store: Store, note: Note, draft: Draft, shown: Callable[[str, int], Mapping[str, Statement]]
) -> Iterator[Theirs]:
    whole = {note.id} | {each.note for each in draft.earlier if each.whole}
    part = {each.note for each in draft.earlier} - whole
    near = {each for each in part if store.notes.get(each).case_id == note.case_id}
    for note_id in sorted(whole | near):
        for each in of_note(store, note_id):
            about = each.saying.statement
            old = shown(note_id, each.number).get(about) if about else None
            here = "" if old is None else _here(draft, old, same=note_id == note.id)
            if note_id in whole or here:
                yield Theirs(each, "" if old is None else old.text, here)


def _here(draft: Draft, old: Statement, *, same: bool) -> str:
    """The id in `draft` of a sentence of an earlier version or another note; empty if it is not there."""
    if same:
        return old.id if any(each.id == old.id for each in draft.statements) else ""
    # A merge may give it another id.
    like = [each for each in draft.statements if each.sources == old.sources]
    found = [each.id for each in like if each.text == old.text]
    return (found or [each.id for each in like if each.id == old.id] or [""])[0]


def disagreements(found: Iterable[Theirs]) -> dict[str, Sequence[Theirs]]:
    """What has to stand next to a sentence wherever that is shown, by the sentence's id."""
    by_id: dict[str, list[Theirs]] = {}
    for each in found:
        if each.said.disagrees and each.statement:
            by_id.setdefault(each.statement, []).append(each)
    return dict(by_id)


def of_several(store: Store, notes: Iterable[Note]) -> dict[str, Mapping[str, Sequence[Theirs]]]:
    """What has to stand next to sentences of these notes as they are now, by note.

    What does not open is told of by the alarm, and hides nothing else.
    """
    known = {each.id: each for each in notes}
    found: dict[str, Mapping[str, Sequence[Theirs]]] = {}
    drafts = {}
    for note_id, payload in store.listing.current(known.values()).items():
        with suppress(TamperedError):
            drafts[note_id] = decode_draft(payload)
    from_ = {key: {key} | {each.note for each in draft.earlier} for key, draft in drafts.items()}
    said_of = store.listing.replies({note_id for ids in from_.values() for note_id in ids})
    for note_id in (key for key, ids in from_.items() if ids & said_of.keys()):
        with suppress(TamperedError):
            found[note_id] = disagreements(beside(store, known[note_id], drafts[note_id]))
    return found
