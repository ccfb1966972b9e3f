"""A summary prepared by one person and let go by another, for tests of what comes after."""

from __future__ import annotations

from collections.abc import Sequence

from recorder.review.desk import Desk
from recorder.review.preparing import Choice
from recorder.review.summary import key_of
from store.people import Member
from store.store import Store


def prepare(desk: Desk, note_id: str, number: int, keys: Sequence[str]) -> None:
    """These sentences and pictures as a rule writes them, with all in them cleared."""
    offered = {each.id: each for each in desk.preparing.offered(note_id).lines}
    prefix = key_of("")
    chosen = [key for key in keys if not key.startswith(prefix)]
    choice = Choice(
        {key: offered[key].drafted if key in offered else "" for key in chosen},
        {key: {each.words for each in offered[key].found} for key in chosen if key in offered},
        [key.removeprefix(prefix) for key in keys if key.startswith(prefix)],
    )
    desk.preparing.prepare(note_id, number, choice)


def release(store: Store, desk: Desk, note_id: str, number: int) -> None:
    """Let go what was prepared, by a supervisor who did not prepare it."""
    second = next(each for each in store.people.all("supervisor") if each != desk.person)
    reader = Desk(store, second)
    reader.preparing.release(note_id, number, reader.preparing.release_page(note_id).entry.id)


def show_them(store: Store, desk: Desk, note_id: str, number: int, keys: Sequence[str]) -> None:
    """Both."""
    prepare(desk, note_id, number, keys)
    release(store, desk, note_id, number)


def second_reader(store: Store) -> Member:
    """A supervisor where there was none."""
    return store.people.add(Member("", "supervisor", "second", "Sam Reed", None), "test")
