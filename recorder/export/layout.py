"""What a reader of a note meets, in order: the one source of the plain text and the document."""

from __future__ import annotations

from dataclasses import dataclass

from recorder.export.model import Answered, Appendment, Approved, Reply
from recorder.export.text import local, long_date, long_moment, plain_lines
from recorder.review.saying import ADD, KEEP_BACK, NOT_RIGHT, RIGHT
from templates import Section, note_type
from transcribe.model import Action, Origin, Statement

HEADER = "header"
ACTION = "action"
_ANALYSIS = "analysis"
_WORDS = "young_person_words"
_DOES = {
    ADD: "{name}'s reply",
    RIGHT: "{name} says that this is right",
    NOT_RIGHT: "{name} sees this differently, in their words",
    KEEP_BACK: "{name} asks that this is not shared",
}
_ANSWERED = "What {name} said was answered"
_OTHER = Section(key="", heading="Other", purpose="", prompt="")


@dataclass(frozen=True, slots=True)
class Line:
    """One statement as it is read."""

    text: str
    attribution: str  # "Dictated by Sam Okoye"; empty where the worker reports as usual
    beside: tuple[str, ...] = ()  # how the young person sees it, where they see it differently


@dataclass(frozen=True, slots=True)
class Block:
    """One heading with what stands under it."""

    key: str
    heading: str
    lines: tuple[Line, ...]
    quotes: tuple[str, ...] = ()  # the young person's words that no line holds already
    actions: tuple[Action, ...] = ()


def facts(note: Approved) -> tuple[tuple[str, str], ...]:
    """The facts of the contact as (label, value), only those that were said.

    Whether the young person was seen, and seen alone, is always answered. Of an appendment: what it
    adds to, and who changed the note when.
    """
    if note.appendment:
        return _of_appendment(note, note.appendment)
    return contact_facts(note)


def contact_facts(note: Approved) -> tuple[tuple[str, str], ...]:
    """Those of the contact, whether the note leaves whole or not."""
    contact = note.draft.contact
    times = " to ".join(time for time in (contact.start_time, contact.end_time) if time)
    said = (
        ("Date", long_date(note.contact_date) if note.contact_date else ""),
        ("Time", times),
        ("Method", contact.method or ""),
        ("Place", contact.place or ""),
        ("Present", ", ".join(contact.present)),
        ("Seen", _answer(value=contact.seen)),
        ("Seen alone", _answer(value=contact.seen_alone)),
    )
    return tuple((label, value) for label, value in said if value)


def _of_appendment(note: Approved, added: Appendment) -> tuple[tuple[str, str], ...]:
    of = f" of {long_date(note.contact_date)}" if note.contact_date else ""
    left = f"version {added.version}, which left on {long_moment(added.left_at)}"
    by = ", ".join(added.changed_by)
    changed = f"{by}, {long_moment(added.changed_at)}" if added.changed_at else ""
    said = (
        ("Appendment", f"{added.number}, to the note{of}, {left}. Nothing in it is replaced."),
        ("Mosaic note", added.to),
        ("Changed by", changed),
    )
    return tuple((label, value) for label, value in said if value)


def _answer(*, value: bool | None) -> str:
    if value is None:
        return "not recorded"
    return "yes" if value else "no"


def blocks(note: Approved) -> tuple[Block, ...]:
    """The sections of the note type that hold something, in its order.

    What stands under a heading that the note type does not have comes last: nothing that was
    approved is lost because a template changed.

    Raises:
        KeyError: there is no note type of this kind.
    """
    if note.appendment:
        return tuple(
            Block("changed", each.heading, tuple(Line(line, "") for line in each.lines))
            for each in note.appendment.changes
        )
    found = (_block(note, section) for section in _sections(note))
    return tuple(block for block in found if block.lines or block.quotes or block.actions)


def said(note: Approved) -> dict[str, tuple[str, str]]:
    """Heading and text of each statement, with whose words it is, by its id, in the note's order."""
    found = {}
    sections = {each.key: each for each in _sections(note)}
    for each in note.draft.statements:
        section = sections.get(each.section, _OTHER)
        whose = attribution(note, section, each)
        text = plain_lines(each.text)
        found[each.id] = section.heading, f"{text} ({whose})" if whose else text
    return found


def _sections(note: Approved) -> tuple[Section, ...]:
    sections = note_type(note.kind).sections
    keys = {section.key for section in sections}
    added: list[Section] = []
    if _WORDS not in keys and note.draft.quotes:
        added.append(Section(key=_WORDS, heading="Young person's words", purpose="", prompt=""))
    if ACTION not in keys:
        added.append(Section(key=ACTION, heading="Actions", purpose="", prompt=""))
    return (*sections, *added, _OTHER)


def _block(note: Approved, section: Section) -> Block:
    known = {known.key for known in _sections(note)}
    statements = tuple(
        statement
        for statement in note.draft.statements
        if statement.section == section.key
        or (section is _OTHER and statement.section not in known)
    )
    return Block(
        key=section.key,
        heading=section.heading,
        lines=tuple(_line(note, section, statement) for statement in statements),
        quotes=_quotes(note) if section.key == _WORDS else (),
        actions=note.draft.actions if section.key == ACTION else (),
    )


def _line(note: Approved, section: Section, statement: Statement) -> Line:
    differs = (each for each in note.replies if each.disagrees and each.statement == statement.id)
    said = tuple(reply_lines(each) for each in differs)
    return Line(plain_lines(statement.text), attribution(note, section, statement), said)


def _quotes(note: Approved) -> tuple[str, ...]:
    """The quotes to add; one that a statement holds word for word is not said twice."""
    texts = [statement.text for statement in note.draft.statements]
    quotes = dict.fromkeys(note.draft.quotes)
    return tuple(_in_quotes(quote) for quote in quotes if not any(quote in text for text in texts))


def _in_quotes(quote: str) -> str:
    quote = plain_lines(quote)
    return quote if quote.startswith(("“", '"')) else f"“{quote}”"


def attribution(note: Approved, section: Section, statement: Statement) -> str:
    """Whose words a statement is, where a reader could take them for somebody else's.

    Judgement always carries its author. Elsewhere the worker's own report needs no mark; the
    words of anybody else do.
    """
    if section.dictated_only or section.key == _ANALYSIS:
        return _author(note, statement)
    if statement.origin is Origin.SUPERVISOR:
        return f"Added by {statement.speaker or 'the supervisor'}"
    if statement.origin is Origin.YOUNG_PERSON:
        return f"Added by {statement.speaker or note.person_name}"
    if statement.speaker and not _is_worker(note, statement.speaker):
        return f"Said by {statement.speaker}"
    return ""


def _author(note: Approved, statement: Statement) -> str:
    speaker = statement.speaker
    if speaker and _is_worker(note, speaker):
        speaker = note.worker_name
    if statement.origin is Origin.MACHINE:
        return f"Dictated by {speaker}" if speaker else "Dictated, speaker not recorded"
    typed = {
        Origin.PRACTITIONER: note.worker_name,
        Origin.SUPERVISOR: "the supervisor",
        Origin.YOUNG_PERSON: note.person_name,
    }
    return f"Written by {speaker or typed[statement.origin]}"


def _is_worker(note: Approved, speaker: str) -> bool:
    """Whether a speaker's name, in full or the first name alone, is the worker's and only theirs."""
    spoken = speaker.casefold().split()
    worker = note.worker_name.casefold().split()
    person = note.person_name.casefold().split()
    return spoken == worker or (spoken == worker[:1] and spoken != person[:1])


def action_parts(action: Action) -> tuple[str, str, str]:
    """An action as (what, who, day it is due) for a reader."""
    due = long_date(action.due) if action.due else "no date recorded"
    return plain_lines(action.what), action.who or "who not recorded", due


def other_replies(note: Approved) -> tuple[Reply, ...]:
    """What the young person says that stands next to no sentence."""
    return tuple(each for each in note.replies if not each.disagrees)


def reply_lines(reply: Reply) -> str:
    """What the young person says and was answered, under its heading, a line each."""
    heading, text = reply_heading(reply), reply_text(reply)
    return f"{heading}: {text}" if text else f"{heading}."


def reply_heading(reply: Reply) -> str:
    """The words over a reply: "Jordan's reply, 6 November 2026"."""
    about = f" (about: “{plain_lines(reply.about)}”)" if reply.about and not reply.disagrees else ""
    does = _ANSWERED if reply.gone else _DOES[reply.kind]
    return f"{does.format(name=reply.name)}{about}, {long_date(local(reply.at))}"


def reply_text(reply: Reply) -> str:
    """Their words, and what they were answered."""
    lines = [plain_lines(reply.text)] if reply.text else []
    return "\n".join([*lines, *map(_answer_line, reply.answers)])


def _answer_line(answer: Answered) -> str:
    day = long_date(local(answer.at))
    return f"Answered by {answer.name}, {day}: {plain_lines(answer.text)}"


def approval(note: Approved) -> str:
    """Which version was approved by whom, and when (UK time)."""
    return f"Version {note.version} approved by {note.approved_by}, {long_moment(note.approved_at)}"
