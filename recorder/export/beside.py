"""`chronology` and `summaries`: what was let go beside notes, as CSV of the form of `case_notes.csv`, and as JSON.

`schema/chronology.schema.json` and `schema/summaries.schema.json` are made from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from recorder.export.csv_rows import Day, Row, Signed, Written, fits, moment, table_bytes
from recorder.export.json_note import PersonId, Title
from recorder.export.offers import Ready
from recorder.export.text import local
from store.outward import EVENT
from store.store import Store


class EventRow(Row, frozen=True):
    """A chronology event."""

    person_id: PersonId
    date: Day
    category: Written
    title: Title
    source: Written
    description: Written
    analysis: Literal[""]  # a person's, in Mosaic
    recorder_case: Written
    recorder_key: Written  # the same for the same event
    approved_by: Written
    approved_on: Signed


class SummaryRow(Row, frozen=True):
    """A living summary, as it is from a day on."""

    person_id: PersonId
    date: Day
    summary: Written
    recorder_case: Written
    recorder_key: Annotated[str, Meta(pattern="^[1-9][0-9]*$")]  # its version
    approved_by: Written
    approved_on: Signed


_KINDS: dict[str, type[Row]] = {"chronology": EventRow, "summaries": SummaryRow}


def files(store: Store, found: Sequence[Ready]) -> dict[str, bytes]:
    """By name; none where there is nothing for it."""
    rows = [row_of(store, each) for each in found]
    made: dict[str, bytes] = {}
    for name, kind in _KINDS.items():
        if mine := [each for each in rows if isinstance(each, kind)]:
            made[f"{name}.csv"] = table_bytes(kind, mine)
            made[f"{name}.json"] = msgspec.json.format(msgspec.json.encode(mine), indent=2) + b"\n"
    return made


def can_leave(store: Store, ready: Ready) -> bool:
    """Whether it is as the schema says; it waits where it is not."""
    return fits(row_of(store, ready))


def row_of(store: Store, ready: Ready) -> Row:
    """Its row."""
    what, case = ready.offer.offering, ready.case.details
    let_go = datetime.fromtimestamp(ready.offer.at / 1000, UTC)
    last = (case.ref, what.key, store.people.get(ready.offer.actor_id).name, moment(let_go))
    if ready.offer.kind == EVENT:
        said = (what.day, what.category, what.title, what.source, what.text)
        return EventRow(case.mosaic_id, *said, "", *last)
    return SummaryRow(case.mosaic_id, local(let_go).date().isoformat(), what.text, *last)
