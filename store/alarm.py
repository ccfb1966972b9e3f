"""Tampering is told wherever it is found: whoever opens a thing need not remember to.

What is found inside a transaction is told once that has ended. Before, on a database with one
writer, the alarm would wait for the very lock that it stands under, and be undone with the rest.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from sqlalchemy import Row

from store.errors import NotFoundError, TamperedError

T = TypeVar("T")
Tell = Callable[[TamperedError], None]


class Alarm:
    """Passes on each TamperedError that leaves a watched block, once."""

    def __init__(self) -> None:
        self._tell: Tell | None = None
        self._here = threading.local()
        self._damaged: dict[str, int] = {}  # how each row stood, by its id

    def connect(self, tell: Tell) -> None:
        """From now on, `tell` is called with what is found."""
        self._tell = tell

    def tell(self, error: Exception) -> None:
        """Tell of what was found by somebody who goes on without it."""
        with suppress(TamperedError), self.watch():
            if isinstance(error, TamperedError):
                raise error

    @property
    def damaged(self) -> list[str]:
        """Ids of rows that did not open when this process last looked at them."""
        return sorted(self._damaged)

    def whole(self, rows: Iterable[Row[Any]], opened: Callable[[Row[Any]], T]) -> list[T]:
        """What rows hold; one that does not open as it was written hides no other, and is told of."""
        found: list[T] = []
        told: set[str] = set()  # a key that several need is told of once
        for row in rows:
            try:
                with self.noting(row, once=True):
                    found.append(opened(row))
            except TamperedError as error:
                error.told = error.told or error.object_id in told
                told.add(error.object_id)
                self.tell(error)
            except NotFoundError:
                continue
        return found

    @contextmanager
    def noting(self, row: Row[Any], *, once: bool = False) -> Iterator[None]:
        """Remember whether a row opens in this block. Its first column is its id.

        `once`: who looks again and again does not tell again of what stayed as it was.
        """
        try:
            yield
        except (TamperedError, NotFoundError) as error:
            now = hash(tuple(row))
            if once and isinstance(error, TamperedError) and self._damaged.get(row[0]) == now:
                error.told = True
            self._damaged[row[0]] = now
            raise
        self._damaged.pop(row[0], None)

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Tell of a TamperedError that leaves this block, unless a transaction is under way."""
        try:
            yield
        except TamperedError as error:
            if not self._writing:
                self._pass_on(error)
            raise

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Likewise, around a transaction that writes."""
        outer, self._here.writing = self._writing, True
        try:
            yield
        except TamperedError as error:
            self._here.writing = outer
            if not outer:
                self._pass_on(error)
            raise
        finally:
            self._here.writing = outer

    @property
    def _writing(self) -> bool:
        return getattr(self._here, "writing", False)

    def _pass_on(self, error: TamperedError) -> None:
        if self._tell is not None and not error.told:
            error.told = True
            self._tell(error)
