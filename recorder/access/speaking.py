"""What is held, said in lines that somebody reads who never saw the program."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from recorder.access.model import Line
from recorder.clock import local
from recorder.codec import decode_returned
from recorder.errors import sentence_for
from recorder.export.text import long_date, long_moment
from recorder.review import saying as said_so
from recorder.review.saying import Said
from store.agreements import GIVEN, Agreement
from store.calls import UNSAFE, Call
from store.cases import CaseDetails
from store.feedback import Feedback
from store.invitations import Invitation
from store.notes import Entry, Note, Version
from store.records import (
    AGREEMENT_NEEDED,
    CHAPTER,
    DRAFTED,
    GATHERING,
    PROBED,
    QUARANTINED,
    RECEIVED,
    TRANSCRIBED,
    Recording,
)
from templates import NoteTypeError, note_type
from transcribe.model import Contact, Draft, Origin, Segment, Statement, Transcript, Word

UNREAD = (
    "What is said in it is not written down, so nobody can say whether it is about others: it is not in a"
    " record that is redacted. A person listens to it, and hands it over by itself."
)
KINDS = {"audio": "Sound recording", "video": "Film", "picture": "Picture"}

_WROTE = {
    Origin.MACHINE: "filed by the machine",
    Origin.PRACTITIONER: "written by the practitioner",
    Origin.SUPERVISOR: "written by the supervisor",
    Origin.YOUNG_PERSON: "the young person's own",
}
_STANDS = {
    RECEIVED: "Taken in",
    PROBED: "Waits to be written down",
    TRANSCRIBED: "Written down, and in no note yet",
    DRAFTED: "In a note",
    AGREEMENT_NEEDED: "Waits until somebody agrees to it",
    GATHERING: "A film of which more files may come",
    CHAPTER: "Part of a film",
    QUARANTINED: "Set aside",
}
_SAYS = {
    said_so.RIGHT: "They say: that's right",
    said_so.NOT_RIGHT: "They see it differently",
    said_so.ADD: "They add",
    said_so.KEEP_BACK: "They ask that this is not shared",
}
_YES = {True: "yes", False: "no", None: "not said"}

Name = Callable[[str], str]
"""Takes the id of a person; gives what they are called."""


def of_case(details: CaseDetails) -> Iterator[Line]:
    """Who it is about."""
    yield _said("Reference", details.ref)
    yield _said("Name", details.name)
    if details.known_as:
        yield _said("Also known as", ", ".join(details.known_as))
    if details.born:
        yield _said("Date of birth", details.born)
    if details.mosaic_id:
        yield _said("Mosaic person id", details.mosaic_id)
    for each in details.people:
        yield _said("In their life", f"{each.name} ({each.role})")


def title_of(note: Note) -> str:
    """What kind of note it is; its own key where its file is gone."""
    try:
        return note_type(note.kind).title
    except NoteTypeError:
        return note.kind


def of_note(note: Note, draft: Draft) -> Iterator[Line]:
    """What a note says at its newest version."""
    yield _said("State", f"{note.state}, version {note.number}")
    yield from of_contact(draft.contact)
    for each in draft.statements:
        speaker = f"{each.speaker}'s words" if each.speaker else ""
        yield Line(speaker, each.text, heading=_heading(note.kind, each))
    for quote in draft.quotes:
        yield _said("Their words", quote)
    for action in draft.actions:
        due = f", by {long_date(action.due)}" if action.due else ""
        yield _said("Action", f"{action.what} ({action.who or 'nobody named'}{due})")
    for gone in draft.removed:
        yield Line(f"{gone.name}: {gone.why}", gone.statement.text, heading="Taken out")
    for left in draft.left_out:
        yield _said("Said, and not filed", left.text)
    for picture in draft.pictures:
        told = (picture.title, picture.caption, picture.drawn_by)
        yield _said("Said of a picture", "; ".join(each for each in told if each))


def of_contact(contact: Contact) -> Iterator[Line]:
    """The facts of a contact, those that were said."""
    told = (
        ("Date", contact.date and long_date(contact.date)),
        ("From", contact.start_time),
        ("To", contact.end_time),
        ("How", contact.method),
        ("Where", contact.place),
        ("Who was there", ", ".join(contact.present)),
        ("Seen", _YES[contact.seen]),
        ("Seen alone", _YES[contact.seen_alone]),
        ("Significant event", "yes" if contact.significant else ""),
    )
    return (_said(label, value) for label, value in told if value)


def earlier(version: Version, statement: Statement, name: Name, zone: str) -> Line:
    """A sentence of an older version that no later one has."""
    by = "the machine" if version.author_id is None else name(version.author_id)
    when = long_moment(local(version.created_at, zone))
    heading = f"Said in version {version.number} alone"
    return Line(f"{by}, {when}", statement.text, heading=heading)


def gone(version: Version, name: Name, zone: str) -> Line:
    """A draft of which a rule left who wrote it and when."""
    by = "the machine" if version.author_id is None else name(version.author_id)
    when = long_moment(local(version.created_at, zone))
    return _said(f"Version {version.number}", f"what it said was erased by a rule ({by}, {when})")


def of_decision(decision: Entry, name: Name, zone: str) -> Line:
    """What somebody decided of a note; why, where a note was returned."""
    when = long_moment(local(decision.created_at, zone))
    who = f"{name(decision.actor_id)}, {when}, version {decision.number}"
    why = decode_returned(decision.payload).reason if decision.kind == "returned" else ""
    return _said(f"Decided: {decision.kind}", f"{who}. {why}".strip())


def of_saying(said: Said, draft: Draft, name: Name, zone: str) -> Iterator[Line]:
    """What the young person says of a note, with every version of it and every answer."""
    texts = {each.id: each.text for each in draft.statements}
    about = texts.get(said.saying.statement, "")
    when = long_moment(local(said.at, zone))
    back = "; taken back" if said.taken_back else ""
    label = f"{_SAYS.get(said.saying.kind, said.saying.kind)} ({when}{back})"
    yield _said(label, said.saying.words or "(no words, or in a recording of their own)")
    if about:
        yield _said("About this sentence", about)
    for at, words in said.earlier:
        yield _said(f"As they said it before ({long_moment(local(at, zone))})", words)
    for answer in said.answers:
        told = f"{name(answer.actor_id)}, {long_moment(local(answer.at, zone))}"
        yield Line(told, answer.words, heading="Answered")


def of_feedback(given: Feedback) -> Line:
    """What they think of a summary."""
    answers = given.answers
    told = (
        f"sounds like them: {answers.sounds or 'not said'}; helped: {answers.helped or 'not said'}"
    )
    return _said("What they think of the summary", told)


def of_call(call: Call, name: Name, zone: str) -> Iterator[Line]:
    """That they asked for somebody."""
    yield _said("They do not feel safe" if call.kind == UNSAFE else "They want to talk", call.words)
    if call.seen_by and call.seen_at:
        yield _said("Seen to", f"{name(call.seen_by)}, {long_moment(local(call.seen_at, zone))}")


def of_invitation(invited: Invitation, name: Name, zone: str) -> Iterator[Line]:
    """That they were let in to their own pages."""
    until = long_moment(local(invited.expires_at, zone))
    yield _said("Invited by", f"{name(invited.actor_id)}, until {until}")
    if invited.used_at:
        yield _said("Came in", long_moment(local(invited.used_at, zone)))
    if invited.ending:
        yield _said("Ended", invited.ending)


def of_recording(recording: Recording, zone: str) -> Iterator[Line]:
    """How a recording came and how it stands."""
    yield _said("Made", long_moment(local(recording.recorded_at, zone)))
    yield _said("Taken in", long_moment(local(recording.received_at, zone)))
    stands = _STANDS.get(recording.state, recording.state)
    aside = sentence_for(recording.reason or "") if recording.state == QUARANTINED else ""
    yield _ours("State", f"{stands}. {aside}".strip())
    if recording.gone_at is not None:
        moment = long_moment(local(recording.gone_at, zone))
        yield _said("Erased", f"{moment}, by the rule “{recording.gone_by}”")


def of_agreement(agreement: Agreement, name: Name, zone: str) -> Line:
    """That somebody agreed to a recording, or took it back."""
    said = agreement.said
    told = f"{said.who}, {said.how}, {said.when}"
    kept = f"written down by {name(agreement.actor_id)}, {long_moment(local(agreement.at, zone))}"
    label = "Agreed" if agreement.kind == GIVEN else "Taken back"
    return _said(label, f"{told}; {kept}")


def of_transcript(stands: Transcript, heard: Transcript, recording_id: str) -> Iterator[Line]:
    """What was said, as people left it; and as it was first written down, where that was otherwise."""
    yield _said("Written down by", f"a machine ({heard.model}), which may be wrong")
    for now, first in zip(stands.segments, heard.segments, strict=True):
        yield _spoken(now, recording_id)
        if now.text.split() != first.text.split():
            yield _spoken(first, recording_id, "As the machine wrote it, before it was put right")


def unwritten() -> Line:
    """That nobody can read what is said in a recording."""
    return _ours("Written down", UNREAD)


def _spoken(segment: Segment, recording_id: str, heading: str = "") -> Line:
    """Words with when each was said; of a stretch as a whole, where no more is known."""
    words = segment.words
    if not words and segment.start_ms is not None and segment.end_ms is not None:
        words = (Word(segment.start_ms, segment.end_ms, segment.text, 0.0),)
    said, text = _when(segment), segment.text
    return Line(said, text, heading=heading, recording=recording_id, words=words)


def _said(heading: str, text: str) -> Line:
    """Under words of our own, which name nobody."""
    return Line("", text, heading=heading)


def _ours(heading: str, text: str) -> Line:
    """Likewise, and the text as well."""
    return Line("", text, heading=heading, ours=True)


def _heading(kind: str, statement: Statement) -> str:
    try:
        found = {each.key: each.heading for each in note_type(kind).sections}
    except NoteTypeError:
        found = {}
    return f"{found.get(statement.section, statement.section)} ({_WROTE[statement.origin]})"


def _when(segment: Segment) -> str:
    if segment.start_ms is None:
        return segment.speaker or "Typed"
    minutes, seconds = divmod(segment.start_ms // 1000, 60)
    return f"{minutes}:{seconds:02}" + (f", {segment.speaker}" if segment.speaker else "")
