"""The search page. What is looked for is never in an address, a title or a log."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from threading import Lock

from fastapi import APIRouter, Request
from starlette.responses import Response

from recorder.errors import StateError
from recorder.review.finding import Hit
from recorder.review.query import parse
from recorder.review.web.session import AnyStaff, Form, Visitor, go, text, whole
from store.search import Damaged

router = APIRouter()

_PAGE = 20  # hits
_LAST = 500  # pages; whoever comes so far should look for more words


class Looking:
    """Remembers what each session looked for, so that a page of hits has an address of its own.

    Then a reload, the way back from a note and the next page work, and the address holds a number
    that says nothing. It is kept in memory only; after a restart people type the words again.
    """

    _MOST = 1000

    def __init__(self) -> None:
        self._words: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._lock = Lock()

    def keep(self, session: str, words: str) -> str:
        """The number under which this session finds `words` again."""
        number = secrets.token_hex(16)
        with self._lock:
            self._words[session, number] = words
            while len(self._words) > self._MOST:
                self._words.popitem(last=False)
        return number

    def get(self, session: str, number: str) -> str | None:
        """What this session looked for under `number`, while it is remembered."""
        with self._lock:
            return self._words.get((session, number))


@router.get("/search")
def search_page(found: AnyStaff) -> Response:
    """A field for words."""
    return _show(found, "")


@router.post("/search")
def search(request: Request, found: AnyStaff, form: Form) -> Response:
    """Take the words, and go to the hits."""
    words = text(form, "text-words")
    try:
        parse(words)
    except StateError as error:
        return _show(found, words, 422, problem=error.sentence)
    looking: Looking = request.app.state.looking
    return go(f"/search/{looking.keep(found.csrf, words)}")


@router.get("/search/{number}")
def hits_page(request: Request, found: AnyStaff, number: str, page: str = "1") -> Response:
    """A page of hits, newest contact first."""
    looking: Looking = request.app.state.looking
    words = looking.get(found.csrf, number)
    at = _page(page)
    if words is None or at is None:
        return go("/search")
    hits, damaged = _taken(found, words, at)
    shown = hits[(at - 1) * _PAGE : at * _PAGE]
    return _show(
        found,
        words,
        hits=shown,
        beside=found.desk.answering.beside(hit.note for hit in shown),
        damaged=damaged,
        page=at,
        before=f"/search/{number}?page={at - 1}" if at > 1 else "",
        after=f"/search/{number}?page={at + 1}" if len(hits) > at * _PAGE else "",
    )


def _taken(found: Visitor, words: str, page: int) -> tuple[list[Hit], list[Damaged]]:
    """Hits as far as `page` and one more, and what could not be read on the way."""
    hits: list[Hit] = []
    damaged: list[Damaged] = []
    for seen in found.desk.search(words):
        if isinstance(seen, Damaged):
            damaged.append(seen)
        else:
            hits.append(seen)
        if len(hits) > page * _PAGE:
            break
    return hits, damaged


def _page(said: str) -> int | None:
    number = whole(said) or 0
    return number if 1 <= number <= _LAST else None


def _show(found: Visitor, words: str, status: int = 200, **values: object) -> Response:
    # Not "words": that is what templates know the plain words for states by.
    return found.page("search", status, here="/search", looked_for=words, **values)
