"""What in a text speaks of somebody else: marked for whoever decides, never taken out by a machine.

Names are looked for as for a young person's summary, but family is marked too: to whom a record is
handed over is somebody else than who hears a sentence of it. Names of staff usually stay.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from recorder.access.model import Entry, Line, Span
from recorder.review.named import Around
from recorder.review.recognising import recognised
from recorder.review.states import Role
from store.cases import Around as Near
from store.cases import Case
from store.store import Store

_NOT_STAFF = Role.YOUNG_PERSON.value
_STAFF = "practitioner"
_OTHER = "other"
RISK = "risk"

Mark = Callable[[Entry], Entry]


def marking(store: Store, case: Case, risky: frozenset[str]) -> Mark:
    """What marks an entry of a case and names its lines; `risky`: sentences that could put someone at risk."""
    around = _around(store, case)

    def mark(entry: Entry) -> Entry:
        return entry.saying(
            tuple(_marked(_named(entry, line), around, risky) for line in entry.lines)
        )

    return mark


def _around(store: Store, case: Case) -> Around:
    staff = [Near(each.name, _STAFF) for each in store.people.all() if each.role != _NOT_STAFF]
    near = [Near(each.name, _OTHER) for each in case.details.people]
    details = replace(case.details, people=(*near, *staff))
    others = [each.details for each in store.cases.all() if each.id != case.id]
    return Around.of(details, store.people.get(case.practitioner_id).name, others, recognised)


def _named(entry: Entry, line: Line) -> Line:
    """With its key, from what it says and where: no number, for those change as more happens."""
    said = "\0".join((str(entry.at), entry.title, line.heading, line.label, line.text))
    return replace(line, key=hashlib.sha256(said.encode()).hexdigest()[:32])


def _marked(line: Line, around: Around, risky: frozenset[str]) -> Line:
    if line.ours:
        return line
    whole = (Span(0, len(line.text), RISK),) if line.text in risky else ()
    spans = whole or _in(line.text, around)
    return replace(line, spans=spans, label_spans=_in(line.label, around))


def _in(text: str, around: Around) -> tuple[Span, ...]:
    found = around.found(text)
    return _apart(span for each in found for span in _places(text, each.words, each.why))


def _places(text: str, words: str, why: str) -> Iterable[Span]:
    rule = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.IGNORECASE)
    return (Span(hit.start(), hit.end(), why) for hit in rule.finditer(text))


def _apart(spans: Iterable[Span]) -> tuple[Span, ...]:
    """In order, those that overlap made one."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if found and span.start < found[-1].end:
            found[-1] = replace(found[-1], end=max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)
