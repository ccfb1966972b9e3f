"""A sentence of a note written to the young person, where a rule is sure what it then says.

A name for the young person becomes "you" and the worker's becomes "I", with the verb that goes with
it. Where a rule is not sure (who "he" is, whose verb it is) the sentence stays as it was written,
word for word: better stiff than untrue. Quotations are never touched.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

from recorder.review.kept import untrue

_TOKEN = re.compile(r"[^\W\d_][\w'’-]*|\d[\d:.,]*|[^\w\s]|\s+")
_QUOTED = re.compile(r"(“[^”]*”|\"[^\"]*\")")
_MARKS = re.compile(r"[“”\"]|(?<!\w)['‘]")
_THIRD = re.compile(
    r"\b(?:he|she|they|him|her|his|hers|them|their|theirs|himself|herself|themselves"
    r"|(?:he|she|they)['’]\w+)\b",
    re.IGNORECASE,
)
_BE = {"is": "are", "was": "were", "isn't": "aren't", "wasn't": "weren't"}
_HAVE = {"has": "have", "does": "do", "hasn't": "haven't", "doesn't": "don't"}
_BASE = {"goes": "go", "tries": "try", "worries": "worry", "watches": "watch", "misses": "miss"}
_S_VERBS = frozenset(
    "wants says likes loves feels thinks needs lives knows plays looks seems gets hopes plans "
    "agrees tells finds sleeps eats enjoys hates wishes asks uses takes makes keeps starts stops "
    "works walks talks spends trusts understands believes remembers comes sees hears brings".split()
)
_YOU = _BE | _HAVE | _BASE | {word: word[:-1] for word in _S_VERBS} | {"wishes": "wish"}
_I = _YOU | {"is": "am", "was": "was", "isn't": "am not", "wasn't": "wasn't"}
_PAST = frozenset(
    "said told met went rang saw gave took made had did came spoke wrote drove sent got left "
    "found thought felt knew will can could would should must may might won't can't couldn't "
    "wouldn't shouldn't didn't hadn't brought kept heard sat ran bought read let put".split()
)
_BETWEEN = frozenset("also still now always often never really just only usually already".split())
_PREPOSITIONS = frozenset(
    "with to for of from by about near behind like than beside without around against".split()
)
_JOINS = frozenset({"and", "or", "nor"})
_BEFORE_OBJECT = frozenset(
    "with to for from by about told asked rang met saw texted called messaged gave phoned let "
    "showed helped thanked".split()
)
_BEFORE_SUBJECT = frozenset(
    {"", ",", ";", ".", "!", "?", ":", "and", "but", "that", "because", "when", "so", "then"}
)
_THINGS = frozenset(
    "nan mum mam dad gran grandad brother sister brothers sisters family carer aunt uncle cousin "
    "school teacher tutor college house home flat room phone birthday friend friends bike idea "
    "plan plans words football team dog cat bag coat drawing picture music job key keys".split()
)
_YOUNG, _WORKER = "\1", "\2"  # stand for their names
_TOGETHER = re.compile(r"^(?:You and I|I and you)\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Two:
    """The two who met."""

    young: tuple[str, ...]  # what the young person is called, whole names and parts
    worker: tuple[str, ...]  # likewise
    shared: frozenset[str] = frozenset()  # folded: what somebody else is called, too


class _UnsureError(Exception):
    """No rule says what this would mean."""


def names_of(whole: Collection[str]) -> tuple[str, ...]:
    """Whole names and their first parts, the longest first."""
    found = {name for each in whole if each.split() for name in (each, each.split()[0])}
    return tuple(sorted(found, key=lambda name: (-len(name), name)))


def written_to(text: str, two: Two, speaker: str | None = None) -> str:
    """The sentence as it is said to the young person, or as it is.

    `speaker`: whose words it is.
    """
    try:
        made = _quote(text) if speaker in two.young else _reworded(text, two, speaker)
    except _UnsureError:
        return text
    return text if untrue(made, text) else made


def _quote(text: str) -> str:
    """Their own words, as their words."""
    if _MARKS.search(text):
        raise _UnsureError
    return f"You said: “{text}”"


def _reworded(text: str, two: Two, speaker: str | None) -> str:
    pieces = _QUOTED.split(text)
    outside = pieces[::2]
    if any(_MARKS.search(piece) for piece in outside):
        raise _UnsureError  # a quotation that does not end
    whole = " ".join(outside)
    if _THIRD.search(whole):
        raise _UnsureError
    if speaker not in two.worker and re.search(r"\b(?:I|me|my|we|us|our)\b", whole):
        raise _UnsureError  # somebody else's "I"
    made = "".join(
        piece if at % 2 else _Piece(piece, two, first=at == 0).made()
        for at, piece in enumerate(pieces)
    )
    return _TOGETHER.sub("We", made)


class _Piece:
    """A stretch outside of quotations, word by word."""

    def __init__(self, text: str, two: Two, *, first: bool) -> None:
        self._two = two
        self._first = first
        marked = self._marked(text, two.young, _YOUNG)
        self._tokens = [
            part
            for piece in re.split(r"([\1\2])", self._marked(marked, two.worker, _WORKER))
            for part in ([piece] if piece in (_YOUNG, _WORKER) else _TOKEN.findall(piece))
            if part
        ]

    def _marked(self, text: str, names: Collection[str], sign: str) -> str:
        for name in names:
            rule = re.compile(rf"(?<![\w'’-]){re.escape(name)}(?![\w-])")
            if name.casefold() in self._two.shared and rule.search(text):
                raise _UnsureError
            text = rule.sub(sign, text)
        return text

    def made(self) -> str:
        for at, word in enumerate(self._tokens):
            if word in (_YOUNG, _WORKER):
                self._tokens[at] = self._put(at, you=word == _YOUNG)
        return "".join(self._tokens)

    def _put(self, at: int, *, you: bool) -> str:
        if (at + 1 < len(self._tokens)) and self._tokens[at + 1] in ("'", "’"):
            return self._whose(at, you=you)
        before, after = self._near(at, -1), self._near(at, 1)
        if before in ("the", "a", "an", "another", "was", "is", "does", "has", "did"):
            raise _UnsureError
        if after[:1].isupper() and after != "I":
            raise _UnsureError  # part of a longer name
        acts = self._agree(at, before, _YOU if you else _I)
        if you:
            return "You" if self._starts(at) else "you"
        return self._worker(before, after, acts=acts)

    def _worker(self, before: str, after: str, *, acts: bool) -> str:
        if before in _BEFORE_OBJECT and not acts:
            return "me"
        if before in _BEFORE_SUBJECT and (acts or after in _JOINS | {_YOUNG}):
            return "I"
        if before in _JOINS and acts:
            return "I"
        raise _UnsureError

    def _agree(self, at: int, before: str, forms: dict[str, str]) -> bool:
        """Put the verb behind right; whether there is one."""
        place = self._behind(at)
        verb = self._tokens[place].replace("’", "'") if place is not None else ""
        if verb in _PAST or re.fullmatch(r"[a-z]+ed", verb):
            return True
        if verb not in forms:
            if re.fullmatch(r"[a-z]{3,}s", verb) and verb not in ("always", "sometimes", "this"):
                raise _UnsureError  # perhaps a verb
            return False
        if before in _PREPOSITIONS | _JOINS - {"and"} or place is None or self._joined(at):
            raise _UnsureError  # somebody else's verb
        self._tokens[place] = forms[verb]
        self._later(place)
        return True

    def _joined(self, at: int) -> bool:
        """Whether this is the last of several who do it."""
        if self._near(at, -1) != "and":
            return False
        before = [t for t in self._tokens[:at] if not t.isspace()][:-1]
        return bool(before) and not any(t in _YOU or t in _PAST or t.endswith("ed") for t in before)

    def _later(self, place: int) -> None:
        """A second verb further on would have to agree, too, and nobody knows whose it is."""
        words = [t for t in self._tokens[place + 1 :] if not t.isspace()]
        for first, second in pairwise(words):
            if first in _JOINS | _BETWEEN | {"but", "then", ","} and second in _YOU:
                raise _UnsureError

    def _whose(self, at: int, *, you: bool) -> str:
        """A name's 's: of a thing, and not "is" or "has"."""
        end = at + 2
        if end >= len(self._tokens) or self._tokens[end] != "s":
            raise _UnsureError
        if self._near(end, 1) not in _THINGS:
            raise _UnsureError
        del self._tokens[at + 1 : at + 3]
        self._tokens[at + 1 : at + 1] = ["", ""]
        said = "your" if you else "my"
        return said.capitalize() if self._starts(at) else said

    def _near(self, at: int, step: int) -> str:
        at += step
        while 0 <= at < len(self._tokens) and not self._tokens[at].strip(" \n\t"):
            at += step
        if not 0 <= at < len(self._tokens):
            return ""
        return self._tokens[at] if step > 0 else self._tokens[at].lower()

    def _behind(self, at: int) -> int | None:
        """Where the next word is that may be the verb."""
        at += 1
        while at < len(self._tokens):
            if self._tokens[at].strip() and self._tokens[at] not in _BETWEEN:
                return at
            at += 1
        return None

    def _starts(self, at: int) -> bool:
        before = self._near(at, -1)
        return (before == "" and self._first) or before in (".", "!", "?")
