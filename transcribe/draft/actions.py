"""Tasks and appointments ahead: what, who and by when, one for each clause that names one."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from transcribe.draft import lists
from transcribe.draft.attribution import resolve
from transcribe.draft.cast import Cast, Kind, Mention
from transcribe.draft.corrections import cleaned
from transcribe.draft.due import due_day, later_today
from transcribe.draft.phrase import SHORT, capital, names_nothing, phrase
from transcribe.draft.task_cues import (
    ASKED,
    DELEGATES,
    MEETING,
    MODAL,
    after_modal,
    clauses,
    condition,
    has_task,
)
from transcribe.draft.times import times
from transcribe.draft.wording import plain, without_lead, words
from transcribe.model import Action

if TYPE_CHECKING:
    from datetime import date, datetime

    from transcribe.draft.reading import Reading

_AGREES = re.compile(
    r"^(?:(?:yes|yeah|yep|okay|ok),? )?(?:will|can) do[,.]? (?:and )?", re.IGNORECASE
)
_APPOINTMENT = re.compile(
    r"[\w']+(?: \w+)?(?:'s| has| have)(?: also| then)? (?:(?:got|called|arranged|set up|booked|fixed) )?(?:a|an|the|his|her|their)\b[\w' -]*\b(?:appointment|interview|court|hearing|exam|assessment|dentist|doctor|nurse|session|meeting|review|trial|induction)"
)
_LIMIT = re.compile(r"(?:by|before|until|till|on)\b")
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
    found = [_task(clause, text, cast, voices, recorded) for clause in clauses(text)]
    for task in (one for one in found if one is not None):
        if names_nothing(task.what):
            tasks = _joined(tasks, task, text)
        else:
            tasks.append(task)
    if not any(found):
        who = _attends(text, cast, voices) or _told(cast, voices)
        tasks = [_Task(phrase(text, recorded), who, due_day(text, recorded))]
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
    modal = MODAL.search(source)
    return modal is not None and names_nothing(phrase(after_modal(source, modal), recorded))


def may_be(text: str, recorded: date) -> bool:
    """Whether anything in a sentence shows that something is still to be done."""
    source = plain(text)
    signs = has_task(source) or lists.BEGINS.match(without_lead(source)) or times(text)
    return bool(signs) or due_day(text, recorded) is not None


def _told(cast: Cast, voices: Voices) -> str | None:
    """Whose task it is when nobody is named: a supervisor's "Send me the dates" is the other's."""
    return voices.listener if voices.speaker in cast.supervisors else voices.speaker


def _task(clause: str, text: str, cast: Cast, voices: Voices, recorded: date) -> _Task | None:
    source = plain(clause)
    due = due_day(clause, recorded)
    modal = _modal(clause, cast)
    meeting, asked = MEETING.search(source), ASKED.search(source)
    delegated = DELEGATES.search(source)
    if meeting and cast.supervisors and not _names_young(clause, cast):
        return _meeting(clause[meeting.start() :], due, cast, voices, recorded)
    if delegated:
        who = _who(clause[: delegated.end("whom")], cast, voices)
        return _Task(phrase(clause[delegated.end() :], recorded), who, due)
    if asked and not (modal and modal.start() < asked.start()):
        return _Task(phrase(clause[asked.end() :], recorded), voices.listener, due)
    if modal:
        return _promised(clause, modal, text, cast, voices, recorded)
    if meeting:
        return _meeting(clause[meeting.start() :], due, cast, voices, recorded)
    begins = lists.BEGINS.match(source)
    return begins and _Task(phrase(clause[begins.end() :], recorded), _told(cast, voices), due)


def _modal(clause: str, cast: Cast) -> re.Match[str] | None:
    """What says that something is to be done."""
    source = plain(clause)
    found = MODAL.search(source, condition(source)[1])
    named = found and found["named"] and next(cast.mentions(found["named"]), None)
    if found and found["named"] and named is None:
        return MODAL.search(source, found.end())
    return found


def _promised(
    clause: str, modal: re.Match[str], text: str, cast: Cast, voices: Voices, recorded: date
) -> _Task:
    due = _own_day(clause, modal, recorded) or due_day(clause, recorded)
    what = phrase(after_modal(clause, modal), recorded, due)
    first, _ = condition(plain(clause))
    if first:
        what = f"{capital(first)}, {what[:1].lower()}{what[1:]}"
    if modal.group().endswith("you to"):
        return _Task(what, voices.listener, due)
    told = text[: text.find(clause)]  # "Lorna will fit the chain, and she'll ring me"
    who = _who(modal["named"] or told + _before(clause, modal, cast), cast, voices)
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


def _meeting(said: str, due: date | None, cast: Cast, voices: Voices, recorded: date) -> _Task:
    both = [name for name in (*cast.supervisors[:1], *cast.practitioners[:1]) if name]
    if not cast.supervisors:
        return _Task(phrase(said, recorded), voices.speaker, due)
    named = "" if "supervision" in plain(said) else "Next supervision: "
    return _Task(named + phrase(said, recorded), " and ".join(both), due)


def _arranged(text: str, voices: Voices, recorded: date) -> _Task | None:
    """One appointment out of "she wants to meet again, so I've said Monday"."""
    source = plain(text)
    said = re.search(r"'ve said\b|\bi said\b|\bwe said\b", source)
    wish = re.search(r"\bwants? to\s+", source)
    if said is None or wish is None:
        return None
    what = text[wish.end() : said.start()].rsplit(",", 1)[0]
    return _Task(
        phrase(f"{what} {text[said.end() :]}", recorded), voices.speaker, due_day(text, recorded)
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


def _joined(tasks: list[_Task], task: _Task, text: str) -> list[_Task]:
    """A task that only points back ("I'll do that today") dates the one before, or names it."""
    if tasks:
        return [*tasks[:-1], replace(tasks[-1], due=task.due or tasks[-1].due)]
    before = re.split(
        r",? (?:so |and )?(?=i'll\b|i'm\b|i will\b)", text, maxsplit=1, flags=re.IGNORECASE
    )[0]
    what = _ASKED_FOR.sub("", before) if _ASKED_FOR.match(before) else before
    if len(words(plain(without_lead(plain(what))))) < SHORT:
        return []  # "Yes, I'll sort that": the task was named by whoever asked
    return [replace(task, what=capital(what.strip(" ,")))]
