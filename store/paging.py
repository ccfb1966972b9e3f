"""Lists that run from the newest to the oldest, read from behind a mark: no page costs more than another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in such a list."""

    at: int  # ms
    id: str


def behind(
    query: Select[Any], moment: ColumnElement[int], key: ColumnElement[str], before: Mark | None
) -> Select[Any]:
    """`query` in that order, and from behind `before` if there is one."""
    if before is not None:
        same = (moment == before.at) & (key < before.id)
        query = query.where((moment < before.at) | same)
    return query.order_by(moment.desc(), key.desc())
