"""Tasks and appointments ahead: what, who and by when, one for each clause that names one."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from transcribe.draft import lists
from transcribe.draft.attribution import resolve
from transcribe.draft.cast import Cast, Kind, Mention
from transcribe.draft.corrections import cleaned
from transcribe.draft.dates import dates
from transcribe.draft.due import REASON, due_day, later_today
from transcribe.draft.times import times
from transcribe.draft.wording import pattern, plain, without_lead, words
from transcribe.model import Action

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from transcribe.draft.reading import Reading

_MODAL = re.compile(
    r"(?:(?<=\w)'ll|\bwill|\bshall|(?:(?<=\w)'(?:m|s|re)|\bam|\bis|\bare) (?:also |both |now |just )?going to(?= (?!(?:the|his|her|my|a)\b)\w)"
    r"|\bgonna|\bneeds? to|(?:(?<=\w)'(?:ve|s) |\bhas |\bhave )?\bgot to|\b(?:have|has) to|\bmust|\bshould"
    r"|(?:(?<=\w)'(?:s|ve) |\b(?:has|have) )?\b(?:agreed|promised|offered|planned|plans) to|\b(?:is|am|are) to"
    r"|(?<=\w)'(?:m|s|re) to|(?<=\w)'d like you to|\bwants? (?:me |you )?to|\bbooked(?: in)? to|(?:(?<=\w)'ve|\bhave) said"
    r"|(?<=said i)'d|(?<=said we)'d|\b(?:agreed|promised|said)(?: that)? (?P<pledged>(?!that\b|this\b|it\b|there\b)[a-z]+)(?:'d| would)\b(?! (?:like|rather|love|been|had)\b)|^going to|(?:^|(?<=, ))(?P<named>(?:(?:mr|mrs|ms|miss|dr|pc|his|her|their|my|the) )?[a-z]+(?: and [a-z]+)?) to(?= (?!(?:the|a|his|her|my|their|\d)\b)[a-z])"
    r"|(?:(?<=\w)'(?:m|s|re)|\bam|\bis|\bare)(?= (?:also |be )*(?!being|during|doing this|recording|dictating|sitting|standing|driving|morning|evening|nothing|something|anything|going to)(?:\w+ing|back)\b))(?=\s|$)(?: (?:also|then|be|just))*"
)
_ASKED = re.compile(
    r"\b(?:please )?(?:can|could|would|will) you(?: please| also| just)*\s+|\b(?:and )?please\s+(?=\w)|\bmake sure (?:you )?|\blet's\s"
)
_MEETING = pattern(
    r"(?:the )?next (?:supervision|session|visit|meeting|appointment|group|review|call|one to one|one|contact|home visit)|(?:the )?next (?:catch[-\s]up|check[-\s]in|keywork|session with \w+)|same time|(?:meet|see|speak|talk) (?:\w+ )?again|we're next in|next time|back here|we're back"
)
_BREAK = re.compile(
    r",? (?:and|then|but|so)(?: then| also)? (?=(?!it\b|that\b|it'|that')(?:i|we|he|she|they|you|[\w'-]+)(?:'ll|'m going|'s going| want you to|'d like you to| will| is going| am going|'s offered|'s agreed|'s promised| has agreed| has offered| needs? to|'ve got to)\b)"
    r"|,? and (?=(?:i|we|he|she|they)'(?:m|re|s) (?!being|not\b|going)\w+ing\b)|, (?=(?:i'll|i'm going to|i need to|i have to|we'll)\b)|, (?:and )?(?=please\b)"
)
_CONDITION = re.compile(
    r"^(?P<condition>(?:if|once|when|unless)\b[^,]*?)(?:,\s+|\s+(?=(?:i|we|he|she|they)(?:'ll|'m| will| am| need)\b))"
)
_EMPTY = frozenset(
    (
        "in",
        "out",
        "put",
        "will",
        "take",
        "leave",
        "change",
        "then",
        "do",
        "it",
        "that",
        "this",
        "them",
        "ask",
        "him",
        "her",
        "sort",
        "get",
        "over",
        "to",
        "by",
        "be",
        "so",
        "one",
        "those",
    )
)
_AGREES = re.compile(
    r"^(?:(?:yes|yeah|yep|okay|ok),? )?(?:will|can) do[,.]? (?:and )?", re.IGNORECASE
)
_CHAINED = re.compile(
    r"^\s*(?:(?:need|have|try|got) (?:to|and)|also|then|just|hopefully|definitely)\s+"
)
DELEGATES = re.compile(r"\bi(?:'ve| have)? (?:asked|told|got) (?!to\b)(?P<whom>[\w' ]+?) to (?=\w)")
"""That the worker has given a task to somebody."""
_APPOINTMENT = re.compile(
    r"[\w']+(?: \w+)?(?:'s| has| have)(?: also| then)? (?:(?:got|called|arranged|set up|booked|fixed) )?(?:a|an|the|his|her|their)\b[\w' -]*\b(?:appointment|interview|court|hearing|exam|assessment|dentist|doctor|nurse|session|meeting|review|trial|induction)"
)
_SHORT = 4  # words in a task that may only point back ("do that today")
_WITH = re.compile(r"(?<=\bthat out) with [\w' ]+$|(?<=\bthat) (?:out )?with [\w' ]+$")
_LIMIT = re.compile(r"(?:by|before|until|till|on)\b")
_LINK = re.compile(  # what goes with a day: "Ring mum [by Friday]", "Next visit [is on Friday]"
    r"(?:,?\s+(?:and )?(?:that's|it's)(?=\s)|(?:(?<=supervision)|(?<=session)|(?<=visit)|(?<=meeting)|(?<=appointment)|(?<=review)|(?<=one))\s+(?:is|will be)(?=\s))?"
    r"(?:(?:^|\s+)(?:by|before|on|until|till|from|at|for|starting)\b(?:\s+(?:about|around))?)?\s*$"
)
_ASKED_FOR = re.compile(
    r"^(?P<who>[\w']+(?: [\w']+)?) (?:has |have )?(?:asked|asks|wants|needs|wanted|needed)(?: me| us)? (?:for|to|if i could|if i can)\s+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Task:
    """One clause with a task in it."""

    what: str
    who: str | None
    due: date | None


@dataclass(frozen=True, slots=True)
class Voices:
    """Who "I", "you" and "he" are in one sentence."""

    speaker: str | None
    listener: str | None
    young: str | None


def actions(
    reading: Reading, cast: Cast, voices: Voices, recorded_at: datetime
) -> tuple[Action, ...]:
    """The tasks in one sentence that was filed as an action.

    Args:
        reading: the sentence.
        cast: the people of the note.
        voices: who speaks, who listens and which young person it is about.
        recorded_at: when it was said, naive London time.
    """
    recorded = recorded_at.date()
    text = _AGREES.sub("", cleaned(reading.text).rstrip(" .!?"))
    tasks: list[_Task] = []
    found = [_task(clause, text, cast, voices, recorded) for clause in _clauses(text)]
    for task in (one for one in found if one is not None):
        if _points_back(task.what):
            tasks = _joined(tasks, task, text)
        else:
            tasks.append(task)
    if not any(found):
        who = _attends(text, cast, voices) or _told(cast, voices)
        tasks = [_Task(_phrase(text, recorded), who, due_day(text, recorded))]
    if not any(task.due for task in tasks) and later_today(text, recorded_at):
        tasks = [replace(task, due=recorded) for task in tasks]
    sources = (reading.utterance.source,)
    return tuple(Action(task.what, task.who, task.due, sources) for task in tasks if task.what)


def _attends(text: str, cast: Cast, voices: Voices) -> str | None:
    """Whose appointment it is: "He's got the dentist on Monday" is no task of the worker's."""
    found = _APPOINTMENT.match(without_lead(plain(text)))
    if found is None:
        return None
    first = next(iter(cast.mentions(text)), None)
    return _name(text, first, cast, voices) if first else None


def points_back(text: str, recorded: date) -> bool:
    """Whether a sentence only goes on about a task that was named before: "And I'll do that today"."""
    source = plain(text.rstrip(" .!?"))
    modal = _MODAL.search(source)
    return modal is not None and _points_back(_phrase(_after_modal(source, modal), recorded))


def may_be(text: str, recorded: date) -> bool:
    """Whether anything in a sentence shows that something is still to be done."""
    source = plain(text)
    signs = _has_task(source) or lists.BEGINS.match(without_lead(source)) or times(text)
    return bool(signs) or due_day(text, recorded) is not None


def _told(cast: Cast, voices: Voices) -> str | None:
    """Whose task it is when nobody is named: a supervisor's "Send me the dates" is the other's."""
    return voices.listener if voices.speaker in cast.supervisors else voices.speaker


def _clauses(text: str) -> Iterator[str]:
    """The clauses that each hold a task, with what leads up to them."""
    start = 0
    source = plain(text)
    if lists.is_list(source):
        yield from lists.items(text)
        return
    for gap in _BREAK.finditer(source):
        left, right = source[start : gap.start()], source[gap.end() :]
        if _has_task(left) and _has_task(right) and not _restarts(left, right):
            yield text[start : gap.start()]
            start = gap.end()
        elif _has_task(left) and _restarts(left, right):
            start = gap.end()  # "I'm going to do it, no, I can't, I'm going to ask Lynn"
    yield text[start:]


def _has_task(source: str) -> bool:
    return any(rule.search(source) for rule in (_MODAL, _ASKED, _MEETING))


def _restarts(left: str, right: str) -> bool:
    took_back = re.search(r"\bno,? |\bi can't\b|\bactually\b|\bi mean\b|\bscratch that\b", left)
    return took_back is not None and right.split()[:1] == without_lead(left).split()[:1]


def _task(clause: str, text: str, cast: Cast, voices: Voices, recorded: date) -> _Task | None:
    source = plain(clause)
    due = due_day(clause, recorded)
    modal = _modal(clause, cast)
    meeting, asked = _MEETING.search(source), _ASKED.search(source)
    delegated = DELEGATES.search(source)
    if meeting and cast.supervisors and not _names_young(clause, cast):
        return _meeting(clause[meeting.start() :], due, cast, voices, recorded)
    if delegated:
        who = _who(clause[: delegated.end("whom")], cast, voices)
        return _Task(_phrase(clause[delegated.end() :], recorded), who, due)
    if asked and not (modal and modal.start() < asked.start()):
        return _Task(_phrase(clause[asked.end() :], recorded), voices.listener, due)
    if modal:
        return _promised(clause, modal, text, cast, voices, recorded)
    if meeting:
        return _meeting(clause[meeting.start() :], due, cast, voices, recorded)
    begins = lists.BEGINS.match(source)
    return begins and _Task(_phrase(clause[begins.end() :], recorded), _told(cast, voices), due)


def _condition(source: str) -> tuple[str, int]:
    """What a clause begins with ("if he isn't back by ten"), and how much comes before its task."""
    rest = without_lead(source)
    found = _CONDITION.match(rest)
    opened = len(source) - len(rest)
    return (found["condition"], opened + found.end()) if found else ("", opened)


def _modal(clause: str, cast: Cast) -> re.Match[str] | None:
    """What says that something is to be done."""
    source = plain(clause)
    found = _MODAL.search(source, _condition(source)[1])
    named = found and found["named"] and next(cast.mentions(found["named"]), None)
    if found and found["named"] and named is None:
        return _MODAL.search(source, found.end())
    return found


def _promised(
    clause: str, modal: re.Match[str], text: str, cast: Cast, voices: Voices, recorded: date
) -> _Task:
    due = _own_day(clause, modal, recorded) or due_day(clause, recorded)
    what = _phrase(_after_modal(clause, modal), recorded, due)
    condition, _ = _condition(plain(clause))
    if condition:
        what = f"{_capital(condition)}, {what[:1].lower()}{what[1:]}"
    if modal.group().endswith("you to"):
        return _Task(what, voices.listener, due)
    who = _who(modal["named"] or _before(clause, modal, cast), cast, voices)
    if modal.group().endswith(("said", "wants to")):
        return _arranged(text, voices, recorded) or _Task(what, who, due)
    return _Task(what, who, due)


def _before(clause: str, modal: re.Match[str], cast: Cast) -> str:
    """What names whose task it is: "Lynn said she'd ring" is Lynn's, "Mum said he'd ring" is not mum's."""
    if not modal["pledged"]:
        return clause[: modal.start()]
    teller = [one for one in cast.mentions(clause) if one.end <= modal.start()][-1:]
    own = [
        one
        for one in teller
        if one.kind is not Kind.SELF and one.gender in {None, modal["pledged"]}
    ]
    pronoun = modal["pledged"] in {"he", "she", "they"}
    return clause[: modal.start() if own and pronoun else modal.end("pledged")]


def _own_day(clause: str, modal: re.Match[str], recorded: date) -> date | None:
    """The day that is said with the task itself, and not of something that was spoken of before it.

    What opens the clause is said of all of it: "By Friday I'll ring about the review on Monday".
    """
    opened = without_lead(plain(clause[: modal.start()]))
    return None if _LIMIT.match(opened) else due_day(clause[modal.end() :], recorded)


def _names_young(text: str, cast: Cast) -> bool:
    return any(one.kind is Kind.YOUNG for one in cast.mentions(text))


def _after_modal(clause: str, modal: re.Match[str]) -> str:
    return _CHAINED.sub(" ", clause[modal.end() :])


def _meeting(said: str, due: date | None, cast: Cast, voices: Voices, recorded: date) -> _Task:
    both = [name for name in (*cast.supervisors[:1], *cast.practitioners[:1]) if name]
    if not cast.supervisors:
        return _Task(_phrase(said, recorded), voices.speaker, due)
    named = "" if "supervision" in plain(said) else "Next supervision: "
    return _Task(named + _phrase(said, recorded), " and ".join(both), due)


def _arranged(text: str, voices: Voices, recorded: date) -> _Task | None:
    """One appointment out of "she wants to meet again, so I've said Monday"."""
    source = plain(text)
    said = re.search(r"'ve said\b|\bi said\b|\bwe said\b", source)
    wish = re.search(r"\bwants? to\s+", source)
    if said is None or wish is None:
        return None
    what = text[wish.end() : said.start()].rsplit(",", 1)[0]
    return _Task(
        _phrase(f"{what} {text[said.end() :]}", recorded), voices.speaker, due_day(text, recorded)
    )


def _who(before: str, cast: Cast, voices: Voices) -> str | None:
    people = list(cast.mentions(before))
    if not people or len(before) - people[-1].end > len(" has also now "):
        return voices.speaker
    return _name(before, people[-1], cast, voices)


def _name(before: str, mention: Mention, cast: Cast, voices: Voices) -> str | None:
    if mention.kind is Kind.SELF:
        return voices.speaker
    if mention.kind is Kind.YOU:
        return voices.listener
    if mention.kind is not Kind.PRONOUN:
        return cast.called(mention)
    if resolve(before, mention, cast, None) is Kind.YOUNG:
        return voices.young
    people = cast.mentions(before)
    others = [one for one in people if one.kind is Kind.OTHER and one.end <= mention.start]
    return _name(before, others[-1], cast, voices) if others else None


def _points_back(what: str) -> bool:
    for one in reversed(times(what)):
        what = what[: one.start] + what[one.end :]
    said = words(_WITH.sub("", plain(what)))
    return len(said) <= _SHORT and all(word in _EMPTY for word in said)


def _joined(tasks: list[_Task], task: _Task, text: str) -> list[_Task]:
    """A task that only points back ("I'll do that today") dates the one before, or names it."""
    if tasks:
        return [*tasks[:-1], replace(tasks[-1], due=task.due or tasks[-1].due)]
    before = re.split(
        r",? (?:so |and )?(?=i'll\b|i'm\b|i will\b)", text, maxsplit=1, flags=re.IGNORECASE
    )[0]
    what = _ASKED_FOR.sub("", before) if _ASKED_FOR.match(before) else before
    if len(words(plain(without_lead(plain(what))))) < _SHORT:
        return []  # "Yes, I'll sort that": the task was named by whoever asked
    return [replace(task, what=_capital(what.strip(" ,")))]


def _phrase(text: str, recorded: date, due: date | None = None) -> str:
    """`text` without its due date, starting with a capital.

    Other days stay: "Write up Monday's visit", "on Monday or Tuesday".
    """
    due = due or due_day(text, recorded)
    spans = [(one.start, one.end) for one in dates(text, recorded, "future") if one.on == due]
    for start, end in sorted(spans, reverse=True):
        link = _LINK.search(plain(text)[:start])
        text = text[: link.start() if link else start] + text[end:]
    reason = REASON.search(plain(text), _SHORT)
    text = text[: reason.start()] if reason else text
    tidy = re.sub(r"\s+([,.;])", r"\1", re.sub(r"\s{2,}", " ", text))
    tidy = re.sub(r",? please$", "", tidy.strip(" ,.;"))
    return _capital(re.sub(r"(?:,\s*)+,", ",", tidy).strip(" ,.;"))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
