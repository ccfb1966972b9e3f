"""`chronology.csv` and `summaries.csv`: what was let go beside notes, a row each. Of the form of `case_notes.csv`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from recorder.export.csv_rows import table_bytes
from recorder.export.offers import Ready
from recorder.export.text import local
from store.outward import EVENT, SUMMARY
from store.store import Store

_EVENTS = "chronology.csv"
_SUMMARIES = "summaries.csv"
_EVENT = ("person_id", "date", "category", "title", "source", "description", "analysis")
_SUMMARY = ("person_id", "date", "summary")
_BOTH = ("recorder_case", "recorder_key", "approved_by", "approved_on")


def files(store: Store, found: Sequence[Ready]) -> dict[str, bytes]:
    """By name; none where there is nothing for it. The analysis is empty: it is a person's, in Mosaic."""
    events = [_event(each) + _last(store, each) for each in found if each.offer.kind == EVENT]
    sums = [_summary(each) + _last(store, each) for each in found if each.offer.kind == SUMMARY]
    made = {_EVENTS: (_EVENT, events), _SUMMARIES: (_SUMMARY, sums)}
    return {
        name: table_bytes((*columns, *_BOTH), rows)
        for name, (columns, rows) in made.items()
        if rows
    }


def _event(ready: Ready) -> tuple[str, ...]:
    what = ready.offer.offering
    there = ready.case.details.mosaic_id
    return (there, what.day, what.category, what.title, what.source, what.text, "")


def _summary(ready: Ready) -> tuple[str, ...]:
    day = _moment(ready).date().isoformat()
    return (ready.case.details.mosaic_id, day, ready.offer.offering.text)


def _last(store: Store, ready: Ready) -> tuple[str, ...]:
    who = store.people.get(ready.offer.actor_id).name
    case, key = ready.case.details.ref, ready.offer.offering.key
    return (case, key, who, _moment(ready).isoformat(timespec="seconds"))


def _moment(ready: Ready) -> datetime:
    return local(datetime.fromtimestamp(ready.offer.at / 1000, UTC))
