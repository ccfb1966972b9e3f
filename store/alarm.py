"""Tampering is told wherever it is found: whoever opens a thing need not remember to.

What is found inside a transaction is told once that has ended. Before, on a database with one
writer, the alarm would wait for the very lock that it stands under, and be undone with the rest.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from store.errors import TamperedError

Tell = Callable[[TamperedError], None]


class Alarm:
    """Passes on each TamperedError that leaves a watched block, once."""

    def __init__(self) -> None:
        self._tell: Tell | None = None
        self._here = threading.local()

    def connect(self, tell: Tell) -> None:
        """From now on, `tell` is called with what is found."""
        self._tell = tell

    def tell(self, error: Exception) -> None:
        """Tell of what was found by somebody who goes on without it."""
        with suppress(TamperedError), self.watch():
            if isinstance(error, TamperedError):
                raise error

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
