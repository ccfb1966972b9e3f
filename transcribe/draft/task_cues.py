"""What shows that a sentence sets a task, and the clauses that each hold one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transcribe.draft import lists
from transcribe.draft.wording import pattern, plain, without_lead

if TYPE_CHECKING:
    from collections.abc import Iterator

MODAL = re.compile(
    r"(?:(?<=\w)'ll|\bwill|\bshall|(?:(?<=\w)'(?:m|s|re)|\bam|\bis|\bare) (?:also |both |now |just )?going to(?= (?!(?:the|his|her|my|a)\b)\w)"
    r"|\bgonna|\bneeds? to|(?:(?<=\w)'(?:ve|s) |\bhas |\bhave )?\bgot to|\b(?:have|has) (?:also |still )?to|(?<=\w)'ve (?:also |still )?to|\bmust|\bshould"
    r"|(?:(?<=\w)'(?:s|ve) |\b(?:has|have) )?\b(?:agreed|promised|offered|planned|plans) to|\b(?:is|am|are) to"
    r"|(?<=\w)'(?:m|s|re) to|(?<=\w)'d like you to|\bwants? (?:me |you )?to|\bbooked(?: in)? to|(?:(?<=\w)'ve|\bhave) said(?: (?:that )?(?:i|we)'d)?"
    r"|(?<=said i)'d|(?<=said we)'d|\b(?:agreed|promised|said)(?: that)? (?P<pledged>(?!that\b|this\b|it\b|there\b)[a-z]+)(?:'d| would)\b(?! (?:like|rather|love|been|had)\b)|^going to|(?:^|(?<=, ))(?P<named>(?:(?:mr|mrs|ms|miss|dr|pc|his|her|their|my|the) )?[a-z]+(?: and [a-z]+)?) to(?= (?!(?:the|a|his|her|my|their|\d)\b)[a-z])"
    r"|(?:(?<=\w)'(?:m|s|re)|\bam|\bis|\bare)(?= (?:also |be )*(?!being|during|doing this|recording|dictating|sitting|standing|driving|morning|evening|nothing|something|anything|going to(?! (?:the|his|her|my|a)\b))(?:\w+ing|back)\b))(?=\s|$)(?: (?:also|then|be|just))*"
)
"""What says that something is to be done."""
ASKED = re.compile(
    r"\b(?:please )?(?:can|could|would|will) you(?: please| also| just)*\s+|\b(?:and )?please\s+(?=\w)|\bmake sure (?:you )?|\blet's\s"
)
"""What asks somebody for it."""
MEETING = pattern(
    r"(?:the )?next (?:supervision|session|visit|meeting|appointment|group|review|call|one to one|one|contact|home visit)|(?:the )?next (?:catch[-\s]up|check[-\s]in|keywork|session with \w+)|same time|(?:meet|see|speak|talk) (?:\w+ )?again|we're next in|next time|back here|we're back"
)
"""A meeting that is set."""
_BREAK = re.compile(
    r",? (?:and|then|but|so)(?: then| also)? (?=(?!it\b|that\b|it'|that')(?:i|we|he|she|they|you|[\w'-]+)(?:'ll|'m going|'s going| want you to|'d like you to| will| is going| am going|'s offered|'s agreed|'s promised| has agreed| has offered| needs? to|'ve got to)\b)"
    r"|,? and (?=(?:i|we|he|she|they)'(?:m|re|s) (?!being|not\b|going)\w+ing\b)|, (?=(?:i'll|i'm going to|i need to|i have to|we'll|i've said i'd)\b)|, (?:and )?(?=please\b)"
)
_CONDITION = re.compile(
    r"^(?P<condition>(?:if|once|when|unless)\b[^,]*?)(?:,\s+|\s+(?=(?:i|we|he|she|they)(?:'ll|'m| will| am| need)\b))"
)
_CHAINED = re.compile(
    r"^\s*(?:(?:need|have|try|got) (?:to|and)|also|then|just|hopefully|definitely)\s+"
)
DELEGATES = re.compile(r"\bi(?:'ve| have)? (?:asked|told|got) (?!to\b)(?P<whom>[\w' ]+?) to (?=\w)")
"""That the worker has given a task to somebody."""


def clauses(text: str) -> Iterator[str]:
    """The clauses that each hold a task, with what leads up to them."""
    start = 0
    source = plain(text)
    if lists.is_list(source):
        yield from lists.items(text)
        return
    for gap in _BREAK.finditer(source):
        left, right = source[start : gap.start()], source[gap.end() :]
        if has_task(left) and has_task(right) and not _restarts(left, right):
            yield text[start : gap.start()]
            start = gap.end()
        elif has_task(left) and _restarts(left, right):
            start = gap.end()  # "I'm going to do it, no, I can't, I'm going to ask Lynn"
    yield text[start:]


def has_task(source: str) -> bool:
    """Whether anything in a plain text sets a task."""
    return any(rule.search(source) for rule in (MODAL, ASKED, MEETING))


def _restarts(left: str, right: str) -> bool:
    took_back = re.search(r"\bno,? |\bi can't\b|\bactually\b|\bi mean\b|\bscratch that\b", left)
    return took_back is not None and right.split()[:1] == without_lead(left).split()[:1]


def condition(source: str) -> tuple[str, int]:
    """What a clause begins with ("if he isn't back by ten"), and how much comes before its task."""
    rest = without_lead(source)
    found = _CONDITION.match(rest)
    opened = len(source) - len(rest)
    return (found["condition"], opened + found.end()) if found else ("", opened)


def after_modal(clause: str, modal: re.Match[str]) -> str:
    """What is to be done, behind what says so."""
    return _CHAINED.sub(" ", clause[modal.end() :])
