"""What became of notes, chronology events and summaries on their way into the council's system."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table

from store.columns import BOUND as _BOUND
from store.columns import numbered_columns as _numbered
from store.tables.base import metadata


def _kind() -> Column[str]:
    return Column("kind", String(20), nullable=False, info=_BOUND)


passages = Table(
    "passages",  # of a note
    metadata,
    *_numbered("note_id"),
    _kind(),  # begun, let be, left, appended, received
    Index("passages_kind", "kind", "note_id"),
)

offers = Table(
    "offers",  # of a case: its chronology events and its living summary
    metadata,
    *_numbered("case_id"),
    _kind(),  # event, summary, made sure
    Index("offers_kind", "kind", "case_id"),
)

redactions = Table(
    "redactions",  # of a case that is handed over
    metadata,
    *_numbered("case_id"),
    _kind(),  # opened, ruled
)
