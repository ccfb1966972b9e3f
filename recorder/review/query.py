"""What somebody looks for: words and quoted phrases, whatever their case and accents.

Folding goes character by character, so that a folded text is its folded characters in a row. That
is what lets a `Sieve` look at a payload before anything in it is decoded.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from recorder.errors import StateError

MAX_LENGTH = 200
"""Characters in one search."""

_APOSTROPHES = "‘’‛ʼʹ´`′＇"  # noqa: RUF001 - the look-alikes are meant
_QUOTES = dict.fromkeys(map(ord, "“”„‟«»＂"), '"')  # noqa: RUF001 - likewise
# Letters in names that Unicode does not take apart: Søren, Łukasz, Đặng.
_DOTLESS = "\N{LATIN SMALL LETTER DOTLESS I}"
_LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "æ": "ae", "œ": "oe", _DOTLESS: "i"}
_EDGES = ".,;:!?()[]…'"
_TERM = re.compile(r'"([^"]*)"|([^\s"]+)')

_ASCII = bytes(range(128))
# What JSON writes in another form than it stands for, and what stands between words.
_ESCAPED = re.compile(r'[\x00-\x20"\\\x7f]+')
_ESCAPE = b"\\u"


@dataclass(frozen=True, slots=True)
class Query:
    """Folded words and phrases, all of which must occur."""

    terms: tuple[str, ...]

    def beside(self, text: str) -> Query:
        """What is still to be found beside `text`, which was squeezed."""
        return Query(tuple(term for term in self.terms if term not in text))


def parse(text: str) -> Query:
    """The query that somebody typed; StateError when there is nothing to look for, or too much."""
    if len(text) > MAX_LENGTH:
        raise StateError("that is too much to look for at once: a few words are enough")
    found = _TERM.findall(text.translate(_QUOTES))
    # A mark such as ¨ comes apart into an accent and a space, which may then stand at an edge.
    terms = [squeeze(phrase) or squeeze(word).strip(f"{_EDGES} ") for phrase, word in found]
    kept = tuple(dict.fromkeys(term for term in terms if term))
    if not kept:
        raise StateError("type a word to look for")
    return Query(kept)


class Sieve:
    """Tells from the bytes of a JSON document whether it could hold every term of a query.

    It may say yes in vain, and never no in vain. A note of 2 kB takes it about 15 µs; decoding and
    folding every sentence would take ten times as long.
    """

    def __init__(self, query: Query) -> None:
        pieces = {piece for term in query.terms for piece in _ESCAPED.split(term) if piece}
        # The longest first: it is the likeliest to be missing.
        longest = sorted(pieces, key=len, reverse=True)
        self._pieces = [piece.encode("utf-8", "surrogatepass") for piece in longest]
        self._characters = frozenset("".join(pieces))

    def may_match(self, payload: bytes) -> bool:
        """Whether every term could be in the strings of `payload`."""
        if self._in(payload.lower()):
            return True
        if payload.isascii():
            return _ESCAPE in payload  # a character in a form that was not looked at
        try:
            if self._without_effect(payload.translate(None, _ASCII).decode()):
                return _ESCAPE in payload
            return self._in(_folded(payload.decode())) or _ESCAPE in payload
        except UnicodeDecodeError:
            return True  # no JSON: whoever decodes it will say so

    def _in(self, folded: bytes) -> bool:
        return all(piece in folded for piece in self._pieces)

    def _without_effect(self, others: str) -> bool:
        """Whether none of these can be part of a term: nor fold to nothing in the midst of one."""
        folded = map(fold_character, set(others))
        return all(each and self._characters.isdisjoint(each) for each in folded)


def fold(text: str) -> str:
    """`text` without case, accents and kinds of apostrophe."""
    return text.lower() if text.isascii() else _folded(text).decode("utf-8", "surrogatepass")


def squeeze(text: str) -> str:
    """`text` folded, with one space for each stretch of white space, and none at its ends."""
    return " ".join(fold(text).split())


@lru_cache(maxsize=4096)
def fold_character(character: str) -> str:
    """One character folded: none, one or several characters."""
    if character.isascii():
        return character.lower()
    if character in _APOSTROPHES:  # before the rest: some would come apart
        return "'"
    parts = unicodedata.normalize("NFKD", character).casefold()
    kept = (_LETTERS.get(c, c) for c in unicodedata.normalize("NFKD", parts) if not _silent(c))
    return "".join(" " if c.isspace() else c for c in kept)


def _silent(character: str) -> bool:
    """Accents, and what is not seen: joiners, soft hyphens, variation selectors."""
    unseen = unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f"
    return unseen or unicodedata.combining(character) != 0


def _folded(text: str) -> bytes:
    # The codec runs over plain text at the speed of a copy and stops at the rest alone.
    # str.translate, which asks for every character, takes twenty times as long.
    return text.encode("ascii", _handler()).lower()


@cache
def _handler() -> str:
    """The name under which the codec finds `_fold_run`."""
    name = "recorder.review.query"
    codecs.register_error(name, _fold_run)
    return name


def _fold_run(error: UnicodeError) -> tuple[bytes, int]:
    """What stands for a stretch of characters that are not ASCII, and where to go on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    run = error.object[error.start : error.end]
    return "".join(map(fold_character, run)).encode("utf-8", "surrogatepass"), error.end
