"""Whose desk a command works at. Apart from the rest: it is long in loading, and few commands need it."""

from __future__ import annotations

from recorder.commands.options import member
from recorder.home import Home
from recorder.review.desk import Desk


def desk(home: Home, handle: str) -> Desk:
    """The desk of the person called `handle`."""
    return Desk(home.store, member(home, handle), home.settings.timezone)
