"""One transaction of somebody's change to notes: of two people at once, the second is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from recorder.errors import StateError
from recorder.review.states import OVERTAKEN
from store.errors import ConflictError
from store.session import Connection
from store.store import Store


@contextmanager
def writing(store: Store) -> Iterator[Connection]:
    """A transaction that writes; StateError, and nothing is changed, if a note was changed before."""
    try:
        with store.database.write() as connection:
            yield connection
    except ConflictError as error:
        raise StateError(OVERTAKEN) from error
