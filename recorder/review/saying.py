"""What a young person says of what they were shown: beside the record, unaltered and dated.

Each thing they send is an entry of its own and stays for ever. Another version of their words, or taking
them back, is a further entry that names the one it stands for; a worker's answer is a decision on the note.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import msgspec

from store.notes import Entry
from store.payloads import decode, decode_text

RIGHT, NOT_RIGHT, ADD, KEEP_BACK = "right", "not right", "add", "keep back"
"""That's right; that's not how I see it; something more; don't share this bit."""

TAKEN_BACK = "taken back"
ANSWERED = "answered"
"""The kind of decision that answers them."""

CHANGED, BESIDE, APPENDED = "changed", "beside", "appended"
"""What came of it: the note was changed; their words stand beside it; they were added where it had gone."""

_BEGINS = b'{"saying":'
_MARK = 1


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing they sent."""

    kind: str  # RIGHT, NOT_RIGHT, ADD, KEEP_BACK or TAKEN_BACK
    words: str = ""
    statement: str = ""  # id of the sentence it is about; empty for all of it
    recording: str = ""  # id of what they said it in
    picture: str = ""  # id of what they drew
    instead_of: str = ""  # id of the first entry that this is a later version of


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody on the staff answered."""

    actor_id: str
    at: int  # ms
    words: str
    outcome: str = ""  # CHANGED, BESIDE or APPENDED; empty where nothing was said of that


@dataclass(frozen=True, slots=True)
class Said:
    """One thing they say, as it stands now."""

    id: str  # of its first entry
    note_id: str
    number: int  # of the version that they were shown
    person_id: str
    at: int  # ms: of its newest version
    saying: Saying
    earlier: tuple[tuple[int, str], ...] = ()  # when (ms), and the words before
    taken_back: int | None = None  # ms
    answers: tuple[Answer, ...] = ()

    @property
    def disagrees(self) -> bool:
        """Whether it stands next to the sentence wherever that is shown."""
        return self.saying.kind == NOT_RIGHT and self.taken_back is None

    @property
    def waits(self) -> bool:
        """Whether somebody has to answer."""
        new = not self.answers or self.answers[-1].at < self.at
        return new and self.taken_back is None and self.saying.kind != RIGHT


class _Kept(msgspec.Struct, frozen=True):
    saying: int
    kind: str
    words: str
    statement: str
    recording: str
    picture: str
    instead_of: str


class _Answer(msgspec.Struct, frozen=True):
    to: str
    words: str
    outcome: str = ""


def encode_saying(saying: Saying) -> bytes:
    """As it is kept: words that are simply something more, as they are."""
    plain = saying.words.encode()
    if saying == Saying(ADD, saying.words) and not plain.startswith(_BEGINS):
        return plain
    return encode_whole(saying)


def encode_whole(saying: Saying) -> bytes:
    """As it is kept, with all that it says of itself."""
    kept = _Kept(
        _MARK,
        saying.kind,
        saying.words,
        saying.statement,
        saying.recording,
        saying.picture,
        saying.instead_of,
    )
    return msgspec.json.encode(kept)


def made_in(kept: str, recording_id: str, kind: str) -> bytes:
    """What somebody began to say, as it is kept once the recording it was said or drawn in is there.

    `kept` is as `encode_saying` writes it; `kind` is the recording's.
    """
    said = msgspec.json.decode(kept, type=_Kept)
    field = "picture" if kind == "picture" else "recording"
    return msgspec.json.encode(msgspec.structs.replace(said, **{field: recording_id}))


def saying_of(entry: Entry) -> Saying:
    """What an entry says; words alone are something that they add. TamperedError."""
    if not entry.payload.startswith(_BEGINS):
        return Saying(ADD, decode_text(entry.payload, entry.note_id))
    kept = decode(entry.payload, _Kept, entry.note_id)
    return Saying(
        kept.kind, kept.words, kept.statement, kept.recording, kept.picture, kept.instead_of
    )


def encode_answer(to: str, words: str, outcome: str = "") -> bytes:
    """An answer to what they say, by the id of that, as it is kept with a decision."""
    return msgspec.json.encode(_Answer(to, words, outcome))


def said(replies: Iterable[Entry], decisions: Iterable[Entry]) -> list[Said]:
    """All that they say as it stands now, oldest first, with its answers. TamperedError."""
    found: dict[str, Said] = {}
    for entry in sorted(replies, key=lambda each: each.created_at):
        new = saying_of(entry)
        first = found.get(new.instead_of)
        if first is None or first.person_id != entry.actor_id:
            at, who = entry.created_at, entry.actor_id
            found[entry.id] = Said(entry.id, entry.note_id, entry.number, who, at, new)
        else:
            found[first.id] = _later(first, new, entry.created_at)
    answers = _answers(decisions)
    return [replace(each, answers=tuple(answers.get(each.id, ()))) for each in found.values()]


def _later(first: Said, new: Saying, at: int) -> Said:
    if new.kind == TAKEN_BACK:
        return replace(first, taken_back=at)
    before = (*first.earlier, (first.at, first.saying.words))
    return replace(first, at=at, saying=new, earlier=before, taken_back=None)


def _answers(decisions: Iterable[Entry]) -> dict[str, Sequence[Answer]]:
    found: dict[str, list[Answer]] = {}
    for entry in sorted(decisions, key=lambda each: each.created_at):
        if entry.kind == ANSWERED:
            kept = decode(entry.payload, _Answer, entry.note_id)
            found.setdefault(kept.to, []).append(
                Answer(entry.actor_id, entry.created_at, kept.words, kept.outcome)
            )
    return dict(found)
