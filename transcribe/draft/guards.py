"""What no weight may overrule: what is never left out, and what never stands as who, when and where."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transcribe.draft import cues, event_cues, header_cues, lists
from transcribe.draft.actions import may_be
from transcribe.draft.cast import Kind
from transcribe.draft.checks import harm
from transcribe.draft.dates import dates
from transcribe.draft.due import due_day
from transcribe.draft.opening import is_turn, names_speaker
from transcribe.draft.task_cues import DELEGATES
from transcribe.draft.times import times
from transcribe.draft.wording import plain, without_lead, words

if TYPE_CHECKING:
    from transcribe.draft.cast import Cast, Mention
    from transcribe.draft.opening import Place
    from transcribe.draft.reading import Reading

_ASIDE = 3  # words of its own that an aside may have
_EARLY = 4  # sentences that may stand before the one that says when
_SHORTEST = 5  # words beside the names in "And it was just with Kofi"
_WHERE_ONLY = 9  # words of a sentence that only says where
_BRIEF = 24  # words of a sentence that only says when and where
_SHORT = 4  # sentences; each of so few was meant to be recorded
_TAKES_LEAVE = re.compile(r"(?:okay|ok|right|alright|anyway|well)\b")
_OTHERS = re.compile(r"\b(?:he|she|him|her|his|hers|they|them|their)\b")
_OF_WORKER = re.compile(r"(?:i|i've|i'd|i'm|i'll)\b")
_REPORTS = re.compile(  # "Reports no contact since": nobody says who, and the note is about one
    r"^(?:(?:also|then|has|had|was) )*(?:says?|saying|said|told|reports?|reported|express(?:es|ed)|disclose[sd]|state[sd]|explain(?:s|ed)"
    r"|describe[sd]|denie[sd]|admit(?:s|ted)|mention(?:s|ed)|ask(?:s|ed)|wants|wanted|feels|felt|thinks|thought|hope[sd])\b"
    r"|\b(?:was|were|is|kept) (?:saying|telling)\b"
)
_WITH = re.compile(r"(?:(?:and|it was|just|only|also) )*(?:with|me and)\b")
_PROMISES = re.compile(
    r"\b(?:agreed|promised|said)(?: that)? (?!that\b|this\b|it\b|there\b)[a-z]+(?:'d| would)\b(?! (?:like|rather|love|been|had|be|already|never|always)\b)"
    r"|\b(?:agreed|promised) to\b"
    r"|(?<=\w)'ll\b|\bwill\b|(?:(?<=\w)'(?:m|s|re)|\b(?:am|is|are)) going to(?= (?!(?:the|his|her|my|a)\b)\w)|\bneeds? to\b|\b(?:have|has|got) to\b"
    r"|\bappointment\b|\bcourt date\b"
)
_SOMEBODY = re.compile(
    r"(?:i|we|he|she|they|(?:his|her|their|my|the) [\w']+|[a-z]+(?= (?:said|told|\w+ed|was|is|has|had|goes|went|came)\b))(?:'|\b)(?!')"
)
_WHOSE = re.compile(r"(?:(?:his|her|their|the|a|my|and|but|so|then|um)[, ]+)*(?:[\w']+ )?")
_WHERE = re.compile(
    r"(?:(?:and|so|then) )*(?:we (?:just )?(?:met|walked|sat|were|did it|had it),? ?(?:up )?(?:round|around|in|at|by|outside|near|over)"
    r"|(?:it|this) was (?:at|outside))\b(?!.*\b(?:when|because|that|who)\b)"
)
# What only a worker has, where "you" or "I" is said: a course, leave, a check by the employer.
_OF_ONES_OWN = re.compile(
    r"\b(?:you|you're|you've|you'd|your|yours|i|i'm|i've|i'd|i'll|my|mine)\b(?:.*\b)?(?:refreshers?|appraisal|annual leave|(?:carer's|compassionate|sick|study) leave"
    r"|leave (?:left|owing|to take)|days' leave|time off in lieu|lieu days?|toil|occupational health|clinical supervision|asye|social work england|payslip|mileage|expenses"
    r"|phased return|flu jab|compressed hours|duty shifts?|lone working training|safeguarding training)\b"
    r"|\b(?:your|my)(?: [\w']+){0,2} (?:dbs|first aid|annual review|probation(?:ary)? review)\b"
)
_NEXT = re.compile(r"^(?:the |our |your )?next supervision\b")
_YES_OR_NO = re.compile(r"\b(?:yes|yeah|yep|yup|no|nope|nah)\b")
_SURELY_OPENS = (header_cues.KIND_OF_NOTE, header_cues.ALONE, header_cues.HOURS)
_MAY_OPEN = (header_cues.PRESENCE, header_cues.MET)


def tells(reading: Reading, place: Place) -> bool:
    """Whether it says something: that is never left out for saying nothing.

    An empty sentence that stands in a note costs a glance. A true one that is missing may cost more
    than can be put right. So only an aside may go, and only while it is short and speaks of nobody
    and of no harm.
    """
    left = _own_words(reading)
    if reading.quotes or (left and not _aside(reading, place)):
        return True
    return len(left) > _ASIDE or (bool(left) and _somebody(reading, place)) or _harm(reading)


def _aside(reading: Reading, place: Place) -> bool:
    """Whether it may be said to oneself, asked, or, at either end of a note, "Right, lunch"."""
    if cues.THINKING_ALOUD.search(reading.bare) or reading.text.rstrip().endswith("?"):
        return True
    at_an_end = place.total > _SHORT and place.index in {0, place.total - 1}
    return at_an_end and _TAKES_LEAVE.match(plain(reading.text)) is not None


def answers(reading: Reading, before: Reading) -> bool:
    """Whether it says yes or no to somebody else's question: "Did he hurt you?" "No."."""
    asked = before.text.rstrip().endswith("?") and not cues.THINKING_ALOUD.search(before.bare)
    other = reading.utterance.speaker != before.utterance.speaker
    return asked and other and _YES_OR_NO.search(plain(reading.text)) is not None


def empty(reading: Reading) -> bool:
    """Whether it is thinking aloud and nothing else."""
    return not reading.quotes and not _own_words(reading)


def opens(reading: Reading, place: Place) -> bool:
    """Whether it can be of who, when and where.

    Where it speaks of harm, a day, a name or "I saw" is not enough for that.
    """
    if any(rule.search(reading.bare) for rule in _SURELY_OPENS) or times(reading.text):
        return True
    if is_turn(reading, place) or names_speaker(reading, place):
        return True
    return _may_open(reading, place) and not _harm(reading)


def says_when(reading: Reading, place: Place) -> bool:
    """Whether it can be nothing but when and where: "I saw him at the hostel in Mitcham at four".

    Only early in a note about one contact, and only where nobody's account, no reason and no harm
    stands in it.
    """
    if place.kind == "supervision" or place.index > _EARLY or not times(reading.text):
        return False
    plainly = header_cues.MEETS.match(reading.bare) and len(words(reading.bare)) <= _BRIEF
    more = reading.account or reading.quotes or header_cues.WHY.search(reading.bare)
    return bool(plainly) and not more and not harm.found(reading.text)


def says_where(reading: Reading, place: Place) -> bool:
    """Whether it only says where: "We walked round Tooting Common."."""
    early = place.kind != "supervision" and place.index <= _EARLY
    short = len(words(reading.bare)) <= _WHERE_ONLY and not reading.account and not reading.quotes
    return early and short and _WHERE.match(reading.bare) is not None and not _harm(reading)


def says_with_whom(reading: Reading, place: Place) -> bool:
    """Whether it only says who was there: "With Kofi.", "Just me and his mum."."""
    named = list(place.cast.mentions(reading.text))
    short = len(words(reading.bare)) <= _SHORTEST + len(named)
    return place.index <= _EARLY and short and bool(named) and _WITH.match(reading.bare) is not None


def lies_ahead(reading: Reading, place: Place) -> bool:
    """Whether it is something to be done, by a day to come or as an order to oneself: "Chase CAMHS".

    That did not happen, and is no reason for a visit.
    """
    if place.kind != "supervision" and lists.ORDER.match(without_lead(plain(reading.text))):
        return True
    source = plain(reading.text)
    promised = _PROMISES.search(source) or DELEGATES.search(source)
    return promised is not None and due_day(reading.text, place.recorded) is not None


def only_tells(reading: Reading, place: Place) -> bool:
    """Whether somebody does or did something, and nothing shows that it is still to be done.

    Nor is what somebody begins a recording with: "Right then, I'm doing this in the car".
    """
    begins = place.index == 0 and place.total >= _SHORT
    told = begins or _SOMEBODY.match(reading.bare) is not None
    return told and not may_be(reading.text, place.recorded)


def _may_open(reading: Reading, place: Place) -> bool:
    named = {one.kind for one in place.cast.mentions(reading.text)}
    if named & {Kind.YOUNG, Kind.OTHER} or dates(reading.text, place.recorded, "past"):
        return True
    return any(rule.search(reading.bare) for rule in _MAY_OPEN)


def reports_young(reading: Reading) -> bool:
    """Whether it may give a young person's account. Until one does, nothing is their words."""
    by = {one.kind for one in reading.reports} & {Kind.YOUNG, Kind.PRONOUN}
    own = reading.quotes_young or reading.role == "young_person"
    return bool(by) or own or _REPORTS.search(reading.bare) is not None


def told_by_another(reading: Reading) -> bool:
    """Whether somebody else, by name or role, begins it as theirs: "Her key worker thinks that"."""
    account = reading.account
    young = reading.quotes_young or any(one.kind is Kind.YOUNG for one in reading.reports)
    if reading.quotes and not young:
        return True
    if account is None or account.kind is not Kind.OTHER or young:
        return False
    if account.by.kind is Kind.PRONOUN:  # "I rang mum and she said"
        return True
    return _WHOSE.fullmatch(plain(reading.text)[: account.by.start]) is not None


def only_worker_says(reading: Reading) -> bool:
    """Whether it is what the worker said or did, and nothing that the young person told."""
    if reading.quotes_young or any(one.kind is Kind.YOUNG for one in reading.reports):
        return False
    own = _OF_WORKER.match(reading.bare) is not None and _OTHERS.search(reading.bare) is None
    return reading.speaks or (own and reading.role == "worker")


def names_young(reading: Reading, place: Place) -> bool:
    """Whether it may be about a young person, or somebody of theirs."""
    return _OTHERS.search(reading.bare) is not None or any(
        one.kind is Kind.YOUNG or _theirs(reading.text, one, place.cast)
        for one in place.cast.mentions(reading.text)
    )


def of_worker(reading: Reading, place: Place) -> bool:
    """Whether it can be nothing but the worker's own matter: "And your DBS renewal is due"."""
    return _OF_ONES_OWN.search(reading.bare) is not None and not names_young(reading, place)


def of_both(reading: Reading) -> bool:
    """Whether it sets the next supervision: that is nobody's own matter, whatever stands around it."""
    return _NEXT.search(reading.bare) is not None


def _theirs(text: str, mention: Mention, cast: Cast) -> bool:
    """Whether it is somebody whom the case knows and who is no worker; "my mum" is the worker's."""
    if mention.kind is not Kind.OTHER or plain(text[: mention.start]).endswith("my "):
        return False
    known = {person.name for person in cast.people} - {*cast.practitioners, *cast.supervisors}
    return mention.word in known or cast.name_of(mention.word) in known


def _own_words(reading: Reading) -> list[str]:
    """The words that are neither thinking aloud nor empty."""
    said = words(cues.THINKING_ALOUD.sub(" ", reading.bare))
    return [word for word in said if word not in cues.EMPTY]


def _somebody(reading: Reading, place: Place) -> bool:
    named = (one.kind for one in place.cast.mentions(reading.text))
    return names_young(reading, place) or Kind.OTHER in named


def _harm(reading: Reading) -> bool:
    return event_cues.RISK.search(reading.bare) is not None or bool(harm.found(reading.text))
