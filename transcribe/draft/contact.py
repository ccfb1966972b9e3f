"""The facts of a contact as they were said: when, how, where, who, seen, seen alone."""

from __future__ import annotations

import re
from datetime import time
from typing import TYPE_CHECKING

from transcribe.draft.corrections import cleaned
from transcribe.draft.dates import dates
from transcribe.draft.place import place_of
from transcribe.draft.present import people_present
from transcribe.draft.seen import seen_alone, tells_alone, was_seen
from transcribe.draft.times import ends_at, times
from transcribe.draft.wording import plain
from transcribe.model import Contact

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from transcribe.draft.cast import Cast
    from transcribe.draft.times import SpokenTime

_RECORDING = re.compile(
    r"\b(?:recording|recorded|dictating|writing) (?:this |it )?(?:on|up)?,? ?(?:\w+ )?$"
)
_MEETING = re.compile(
    r"\b(?:saw|met|meet|visited|visit|went|rang|spoke|seen|got there|arrived|call(?:ed)?|came)\b"
)
_RANGE = re.compile(
    r"^,?\s*(?:till|until|to|through to|(?:right |up |through )+(?:to|till|until)|-|–|or so till|and(?: (?:we|i|it))?(?: (?:finished|ended|left|leave|finish|wrapped up|stopped|went on|was done|(?:was|were) (?:on|there|together|in there)(?: with (?:him|her))?|(?:was|were) with (?:him|her|them))(?: (?:at|by|till|until))?)?),?"
    r"(?: (?:i want to say|i'd say|i think|let me think|let's say|call it|say),?)?\s+(?:about |around |nearly |just after |just before )?(?:a )?$"
)
_LATE = re.compile(
    r"\b(?:last night|tonight|(?:evening|afternoon)(?! before)|(?:mon|tues|wednes|thurs|fri|satur|sun)day night)\b"
)
_EARLY = re.compile(r"\bmorning\b(?! before)")
_WHEN_RECORDED = re.compile(r"\b(?:recording|recorded|dictating|writing)\b[^,]*")
_BESIDES = re.compile(
    r"^(?!.*\b(?:cancel\w*|instead|planned|missed|booked|arranged|refused|declined|no answer|failed|attempted)\b)"
    r".*(?:\bvisit\b.* and a (?:phone )?call\b|\bcall\b.* and a (?:home )?visit\b)"
)
_SPOKEN = frozenset(("phone", "video call"))
_ENDS = re.compile(r"\b(?:till|until|finished(?: at)?|ended(?: at)?)(?: about| around| nearly)? $")
_FINISHED = re.compile(
    r"\b(?:we|i|it) (?:finished|ended|left|wrapped up|was done)(?: (?:at|by|about|around|just after))*,? $"
)
_PLANNED = re.compile(r"\b(?:supposed|meant|due|going) to\b[^,]*$")
_OUTDOORS = re.compile(
    r"\b(?:outdoors|outside|park|river|(?:in|on) the street|common|walk|bench|estate|playground|pitch)\b"
)
_FAMILY = r"(?:mum|dad|nan|nana|gran|grandma|grandmother|grandad|auntie|aunty|aunt|uncle|cousin|sister|brother|carer|foster carer)"
_NO_HOME = r"(?! (?:work|shop|school|church|salon|club|office)\b)"
_METHODS = (
    (
        "video call",
        re.compile(
            r"\b(?:video ?(?:call|supervision)|on video|on teams|on zoom|facetime|over teams)\b"
        ),
    ),
    (
        "phone",
        re.compile(
            r"\b(?:phone ?call|phone supervision|by phone|telephone|over the phone|on the phone|rang me|call (?:with|from|to)|phoned)\b"
        ),
    ),
    ("text", re.compile(r"\b(?:by text|text message|whatsapp(?:ed)?|texted)\b")),
    ("group session, in person", re.compile(r"\bgroup (?:session|work)\b")),
    (
        "school meeting",
        re.compile(
            r"\b(?:meeting|review|conference|pep|ehcp)\b.*\b(?<!from )(?<!from the )(?:school|college)\b|\b(?<!from )(?<!from the )(?:school|college)\b.*\b(?:meeting|review|conference)\b"
        ),
    ),
    (
        "home visit",
        re.compile(
            r"\b(?:home visit|at home|at [a-z]+'s (?:house|flat|home(?=[,.]| in\b|$))|at (?:hers|theirs|his(?= in\b| ?[,.]|$))"
            rf"|(?:at|in|to|round) (?:(?:his|her|their|the) )?(?:\w+ )?{_FAMILY}'s{_NO_HOME}|(?:mum|nan|dad|gran)'s{_NO_HOME}"
            r"|(?:at|to) (?:the |his |her |their )(?:(?:family|new|own|council|temporary|foster) )?(?:house|flat|home|place|address)"
            r"|at (?:the|his|her|their) (?:(?:foster|residential|semi[- ]independent|supported) )?placement)\b"
        ),
    ),
    ("hospital visit", re.compile(r"\b(?:hospital|a and e|a&e|the ward)\b")),
    (
        "school visit",
        re.compile(
            r"\b(?<!from )(?<!from the )(?<!gone to )(?<!off to )(?<!left for )(?:school|college)\b"
        ),
    ),
    ("police station", re.compile(r"\b(?:police station|custody)\b")),
    ("in person, outdoors", _OUTDOORS),
    (
        "in person",
        re.compile(
            r"\b(?:met|saw|sat|seen|in person|face to face|one to one|visit|room|(?:bumped|ran) into|caught (?:him|her|up)|came (?:in\b|to (?:us|me|the office|see))|popped|went round|return(?: home)? interview|picked (?:him|her) up|picked \w+ up)\b"
        ),
    ),
)
_REVIEW = re.compile(r"\b(?:review|conference|pep|ehcp|reintegration)\b")


def contact(
    headers: Sequence[str],
    purposes: Sequence[str],
    kind: str,
    cast: Cast,
    recorded: datetime,
    told: Sequence[str] = (),
) -> Contact:
    """The contact that the header sentences describe; None where nothing was said.

    Args:
        headers: the sentences that say who, when and where, as they were spoken.
        purposes: the sentences that say why.
        kind: note type.
        cast: the people of the note.
        recorded: when it was recorded, naive London time.
        told: all that the recording tells, where it may be said later on that they were alone.
    """
    if kind == "young_person_annotation":
        return Contact(date=recorded.date(), method="voice annotation", present=cast.young[:1])
    said = [cleaned(text) for text in headers]
    on = _date(said, recorded.date())
    start, end = _times(said, on, recorded)
    method = _method(said, purposes, kind, cast)
    seen = was_seen(said, kind, method, cast)
    place = place_of(said, [one.name for one in cast.people if one.name.strip()]) or (
        "home" if method == "home visit" else None
    )
    return Contact(
        date=on,
        start_time=start,
        end_time=end,
        method=method,
        place=None if method in {"phone", "video call", "text"} else place,
        present=people_present(said, kind, cast, seen=seen, spoken=method in _SPOKEN),
        seen=seen,
        seen_alone=seen_alone([*said, *filter(tells_alone, told)], cast) if seen else None,
    )


def _date(said: Sequence[str], recorded: date) -> date | None:
    """The day of the contact: a day beside a meeting verb, and not the day of the recording."""
    ranked: list[tuple[int, int, date]] = []
    for order, text in enumerate(said):
        for found in dates(text, recorded, "past"):
            before = plain(text)[: found.start]
            if _RECORDING.search(before):
                rank = 0
            elif _MEETING.search(before) or "yesterday" in before:
                rank = 3 if found.exact else 2
            else:
                rank = 2 if found.exact else 1
            ranked.append((-rank, order, found.on))
    return min(ranked)[2] if ranked else None


def _times(
    said: Sequence[str], on: date | None, recorded: datetime
) -> tuple[str | None, str | None]:
    latest = recorded.time() if on == recorded.date() else None
    start, end = _span(said, latest)
    if start and not end:
        end = next(filter(None, (_finished(text, start) for text in said)), None)
    return start, end


def _finished(text: str, start: str) -> str | None:
    """When it ended, where that is said by itself: "We finished at five past five"."""
    source = plain(text)
    last = next((one for one in times(text) if _FINISHED.search(source[: one.start])), None)
    if last is None:
        return None
    end = last.on_clock(time.fromisoformat("23:59"))
    other = last.in_half(late=False).on_clock()
    return next((one for one in sorted({end, other}) if one > start), None)


def _span(said: Sequence[str], latest: time | None) -> tuple[str | None, str | None]:
    for text in said:
        found = times(text)
        if len(found) > 1 and _PLANNED.search(plain(text)[: found[0].start]):
            found = found[1:]  # "due to meet at three but it was more like twenty past"
        if found and _ENDS.search(plain(text)[: found[0].start]):
            return None, _in_half(text, found[0]).on_clock(latest)
        if found:
            return _range(text, found, latest)
    return None, None


def _range(text: str, found: tuple[SpokenTime, ...], latest: time | None) -> tuple[str, str | None]:
    first, *others = (_in_half(text, one) for one in found)
    start = first.on_clock(latest)
    soon = ends_at(text, found[0], start)
    if soon:
        return start, soon
    if not others or not _RANGE.match(plain(text)[found[0].end : found[1].start]):
        return start, None
    last = others[0]
    end = last.on_clock(latest)
    if last.certain and not first.certain:  # "six till ten to seven in the evening"
        start = first.on_clock(time.fromisoformat(end))
    elif end < start and not last.certain:  # "seven till quarter past eight", said of an evening
        end = last.in_half(late=True).on_clock()
    return start, end


def _in_half(text: str, one: SpokenTime) -> SpokenTime:
    """The time in the half of the day that its sentence names: "last night, from eight"."""
    source = _WHEN_RECORDED.sub("", plain(text))
    late, early = _LATE.search(source), _EARLY.search(source)
    if one.certain or (late is None) == (early is None):
        return one
    return one.in_half(late=late is not None)


def _method(said: Sequence[str], purposes: Sequence[str], kind: str, cast: Cast) -> str | None:
    # In supervision the young people's own visits are told later on, under the same heading.
    text = plain(" ".join(said[:1] if kind == "supervision" else said))
    if _BESIDES.search(text):  # the visit is where somebody was seen
        text = re.sub(r"\b(?:phone )?call\b", "", text)
    if kind == "phone_call":
        return "video call" if "video" in text else "phone"
    if kind == "attempted_contact":
        return _attempted(text)
    if kind == "group_session":
        return "group session, in person"
    if _REVIEW.search(plain(" ".join(purposes))) and re.search(r"\b(?:school|college)\b", text):
        return "school meeting"
    found = next((name for name, rule in _METHODS if rule.search(text)), None)
    if found is None and seen_alone(
        said, cast
    ):  # "I had half an hour alone with her": wherever it was
        found = "in person"
    if kind in {"supervision", "return_home_interview"} and found not in {
        "video call",
        "phone",
        "home visit",
    }:
        return "in person" if said else None
    return found


def _attempted(text: str) -> str:
    if re.search(r"\bphone|\bcall\b|\brang\b", text) and "visit" not in text:
        return "attempted call"
    if re.search(r"\bschool\b", text):
        return "attempted school visit"
    home = re.search(r"\bhome\b|\bflat\b|\bhouse\b|'s\b(?! not)", text)
    return "attempted home visit" if home else "attempted visit"
