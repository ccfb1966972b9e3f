"""What in a story could tell whose it is: names, places, dates, ages and the like, each to be taken out.

Nothing of it may be let stand by a tick, as in a summary it may: a wall is read by people who know each
other's work. So everybody's names count here, the young person's own and the worker's among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from recorder.codec import decode_draft
from recorder.review.named import Around, Recognised
from recorder.review.naming import Cleared
from recorder.review.plain import Two
from recorder.review.plainer import is_ordinary
from store.cases import Case
from store.store import Store

_WORD = re.compile(r"[^\W\d_][\w'’]*")
_STARTS = re.compile(r"(?:^|[.!?:]\s+|[\"“‘]\s*)$")
_FAMILY = frozenset(
    "mum mummy mam mom dad daddy nan nana gran granny grandma grandad grandpa step foster the and of".split()
)
_NOBODY = _FAMILY | frozenset(
    "somebody someone everybody everyone nobody something everything people things friends family "
    "college school work gcse gcses tv cv pe maths english christmas i".split()
)
# Words that people are called by, too, as a sentence starts with them.
_CALLED = frozenset(
    "america angel april art august autumn baker bay bell berry bill bird black blue bob bridge brook "
    "brown bud bush candy cash chance charm chase cherry chip clay cliff colt cook cross daisy dawn "
    "dolly drew eve faith field forest fox grace gray green guy hill honey hope hunter ivy jay joy judge "
    "june king lane leaf liberty lily little long love mark may mill misty moss oak ocean page pansy park "
    "pat pearl penny prince queen ray rich robin rock rocky rose royal rusty sandy sharp short skip sky "
    "star stone storm summer sunny tiger violet west white will willow win winter wise wolf wood woods "
    "young".split()
)
_DOES = re.compile(
    r"\s+(?:was|is|said|says|has|had|did|does|told|came|went|wants|asked|gave|took|rang|and|who)\b"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATE = re.compile(
    rf"\b\d{{1,4}}[./-]\d{{1,2}}(?:[./-]\d{{1,4}})?\b|\b\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH}\b"
    rf"|\b{_MONTH}\s+\d{{1,4}}(?:st|nd|rd|th)?\b|\b(?:19|20)\d\d\b",
    re.IGNORECASE,
)
_COUNT = r"(?:\d{1,2}|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen)"
_AGE = re.compile(
    rf"\b(?:aged?|turn(?:ed|s|ing)?)\s+{_COUNT}\b|\b{_COUNT}[- ]years?[- ]olds?\b"
    rf"|\b{_COUNT}(?:st|nd|rd|th)?\s+birthday\b|\bborn\b",
    re.IGNORECASE,
)
_NO_TWO = Two((), ())


@dataclass(frozen=True, slots=True)
class Trace:
    """Something to take out."""

    words: str  # as they stand in the story
    why: str  # name, reach, intelligence, date, age or known


def traces(store: Store, case: Case, text: str, recognise: Recognised) -> tuple[Trace, ...]:
    """All that could tell whose story this is, each once."""
    others = _everybody(store, case)
    near = Around(_NO_TWO, Cleared.of((), others), recognise)
    found = [
        Trace(each.words, each.why)
        for each in near.found(text)
        if each.why != "name" or not _is_nobody(each.words, text, others)
    ]
    told = _parts(*(each.words for each in found))
    found += [Trace(words, "known") for words in _known_in(store, case, text, others, told)]
    found += [Trace(hit.group(), "date") for hit in _DATE.finditer(text)]
    found += [Trace(hit.group(), "age") for hit in _AGE.finditer(text)]
    return tuple(dict.fromkeys(found))


def _everybody(store: Store, case: Case) -> frozenset[str]:
    """Parts of the names of all who are around them, of their worker's young people and of the staff."""
    details = case.details
    near = store.cases.near(case.practitioner_id, (case.id,)).cases.values()
    staff = store.people.all("practitioner", "supervisor")
    names = [details.ref, details.name, *details.known_as, *(p.name for p in details.people)]
    names += [name for each in near for name in (each.details.name, *each.details.known_as)]
    names += [each.name for each in staff]
    young = store.people.of_case(case.id)
    return _parts(*names, "" if young is None else young.name) - _FAMILY


def _known_in(
    store: Store, case: Case, text: str, others: frozenset[str], told: frozenset[str]
) -> Iterator[str]:
    """Names and places of this case's notes, however they are written here."""
    source = text.casefold()
    for phrase in {*_spoken_of(store, case, others), case.details.ref.casefold()}:
        if not phrase or _parts(phrase) <= told:
            continue
        hit = re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", source)
        if hit is not None:
            yield text[hit.start() : hit.end()]


def _spoken_of(store: Store, case: Case, others: frozenset[str]) -> set[str]:
    """What stands with a capital in the case's notes, and where they say that somebody was met."""
    names, found = Cleared.of((), ()), set[str]()
    notes = store.notes.all(case_id=case.id)
    for payload in store.listing.current(notes).values():
        draft = decode_draft(payload)
        place = (draft.contact.place or "").casefold().removeprefix("the ").strip()
        if any(not is_ordinary(word) for word in _parts(place)):
            found.add(place)
        for text in (each.text for each in draft.statements):
            runs = (run for run in names.named_in(text) if not _is_nobody(run, text, others))
            found |= {run.casefold() for run in runs}
    return {each for each in found if len(each) > 2}  # noqa: PLR2004 - letters of a name


def _is_nobody(run: str, text: str, others: frozenset[str]) -> bool:
    """Whether words with a capital are surely no name: an ordinary word, wherever a sentence starts."""
    parts = _parts(run)
    if parts & others:
        return False
    if parts <= _NOBODY:
        return True
    if len(parts) != 1 or not all(is_ordinary(part, _CALLED) for part in parts):
        return False
    hits = list(re.finditer(rf"(?<!\w){re.escape(run)}(?!\w)", text))
    return all(_STARTS.search(text[: h.start()]) and not _DOES.match(text[h.end() :]) for h in hits)


def _parts(*names: str) -> frozenset[str]:
    words = (word.casefold() for name in names for word in _WORD.findall(name))
    return frozenset(re.sub(r"['’]s$", "", word) for word in words)
