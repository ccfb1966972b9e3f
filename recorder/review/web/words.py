"""The plain words that pages use for states, people and times."""

from __future__ import annotations

from datetime import date as Date  # noqa: N812 - as the values it speaks of call it
from datetime import datetime

from recorder import workdays
from recorder.clock import local
from recorder.progress import Figures
from recorder.review.due import HOUR_MS, Due
from recorder.review.saying import (
    ADD,
    ANSWERED,
    APPENDED,
    BESIDE,
    CHANGED,
    KEEP_BACK,
    NOT_RIGHT,
    RIGHT,
)
from recorder.review.spoken import Line
from recorder.review.states import State
from recorder.review.timescale import Expected
from recorder.rulings import Outcome
from store.calls import TALK, UNSAFE
from store.files import UNASSIGNED
from store.journal import (
    ARRIVING,
    ATTENTION,
    DROPPED,
    DUPLICATE,
    GONE,
    LEFT_OUT,
    NOT_REMOVED,
    REMOVED,
    SEALED,
    SETTLING,
)
from store.listing import READ
from store.records import (
    AGREEMENT_NEEDED,
    CHAPTER,
    GATHERING,
    PROBED,
    QUARANTINED,
    RECEIVED,
    TRANSCRIBED,
)
from store.session import now_ms
from transcribe.model import Origin, Statement

STATES = {
    State.DRAFT.value: ("Draft", "govuk-tag--blue"),
    State.RETURNED.value: ("Returned", "govuk-tag--orange"),
    State.SUBMITTED.value: ("With a supervisor", "govuk-tag--yellow"),
    State.APPROVED.value: ("Approved", "govuk-tag--green"),
    State.SIGNED.value: ("Signed by one", "govuk-tag--yellow"),
    State.AGREED.value: ("Signed by both", "govuk-tag--green"),
    State.MERGED.value: ("Merged", "govuk-tag--grey"),
}
"""A note's state: what a reader sees, and the colour beside it."""

STAGES = {
    RECEIVED: "Waiting to be opened",
    GATHERING: "Waiting for the rest of the film",
    CHAPTER: "Part of a film in several files",
    AGREEMENT_NEEDED: "Agreement needed",
    PROBED: "Being written down",
    TRANSCRIBED: "Being put under headings",
}
"""What is happening to a recording that is on its way."""

FILES = {
    ARRIVING: "Still arriving",
    SETTLING: "Settling",
    ATTENTION: "Needs you",
    LEFT_OUT: "Left out",
    SEALED: "Kept safe; still in the folder",
    UNASSIGNED: "Kept safe; no young person yet",
    QUARANTINED: "Kept safe; set aside",
    DUPLICATE: "Kept safe already: a copy",
    REMOVED: "Kept safe; removed from the folder",
    GONE: "Taken away before it was whole",
    DROPPED: "Refused by a person",
}
"""What became of a file in the watched folder."""

FILE_GROUPS = {
    "all": ("All", ()),
    "needs": ("Need you", (ATTENTION, QUARANTINED)),
    "coming": ("On the way", (ARRIVING, SETTLING)),
    "unassigned": ("No young person yet", (UNASSIGNED,)),
    "safe": ("Kept safe", (SEALED, REMOVED, DUPLICATE)),
    "other": ("Not taken", (LEFT_OUT, GONE, DROPPED)),
}
"""What the list of files can be narrowed to: its name, and the states in it."""

WAITS = {
    "settling": "It lies still. Once it has for long enough, it is taken.",
    "queued": "It is whole, and its turn comes next.",
    "again": "It will be looked into again in a moment.",
    "as_it_is": "It will be taken as it is in a moment.",
    "in_use": "Another program still has it open.",
    "sparse": "Parts of it are not on the disk yet.",
    "incomplete": "Its end is not here yet.",
    "empty": "There is nothing in it yet.",
    "placeholder": "It is only in the cloud so far.",
    NOT_REMOVED: "It is kept safe, but could not be removed from the folder: ask IT to let Recorder "
    "remove files there, or remove it by hand.",
    "busy": "The computer is short of means just now; it will be tried again.",
}
"""What is said of a file by its reason, where it does not need somebody."""

FACTS = {
    "date": "Date",
    "start_time": "Start",
    "end_time": "End",
    "method": "How",
    "place": "Where",
    "present": "Who was there",
    "seen": "Young person seen",
    "seen_alone": "Seen alone",
    "returned": "Came back",
    "next_on": "Next supervision",
    "significant": "Significant event",
}
"""The fields of a contact."""

KEYS = (
    ("n", "Next sentence"),
    ("p", "The sentence before"),
    ("l", "Listen to what the sentence stands on, or stop"),
    ("e", "Edit the sentence"),
    ("m", "More for the sentence: move it, or take it out"),
    ("Ctrl Enter", "Save, while you type"),
    ("k", "Play or pause the recording"),
    ("b", "Back 3 seconds"),
    ("a", "Submit or approve; you are asked first"),
    ("?", "Show these keys"),
)
"""What can be done on the note page by a key."""

DECISIONS = {
    "submitted": "Submitted",
    "approved": "Approved",
    "returned": "Returned",
    "confirmed": "A sentence kept as it stands",
    READ: "What the young person wrote was read",
    ANSWERED: "The young person was answered",
    "prepared": "A summary for the young person prepared",
    "not released": "The summary sent back, to be changed",
    "shared": "Read by a second person, and shown to the young person",
    "unshared": "No longer shared with the young person",
    "at risk": "A sentence marked: it could put someone at risk",
    "no risk": "A mark for risk taken off a sentence",
    "merged": "Merged into another note",
    "joined": "Another note was merged in",
    "split": "Recordings were put into a note of their own",
    "filed": "What was said was filed again",
    "filed_for": "Put into the record of the worker whose supervision it is",
    "divided": "Each young person’s own note was made",
    "about_nobody": "Said to be about no young person",
    "signed": "Signed",
    "disagreed": "Disagreed with",
    "of_group": "Made out of a note about several young people",
}

SAYINGS = {
    RIGHT: "says that this is right",
    NOT_RIGHT: "sees this differently",
    ADD: "says",
    KEEP_BACK: "asks that this is not shared",
}
"""What a young person does with a sentence, after their name."""

CALLS = {TALK: "wants to talk to somebody", UNSAFE: "does not feel safe"}
"""What a young person asks for, after their name."""

CAME_OF_IT = {
    CHANGED: "The note was changed",
    BESIDE: "Their words stand beside it",
    APPENDED: "Their words were added in Mosaic",
}

OUTCOMES = {
    Outcome.RIGHT: "The words are right",
    Outcome.HARMLESS: "A word is wrong, but it makes no difference",
    Outcome.MATTERS: "A word is wrong, and it matters",
}
"""What came of hearing an approved note once more."""

KINDS = {"audio": "Sound recording", "video": "Video", "picture": "Picture"}

ORIGINS = {
    "said": "as somebody said",
    "telemetry": "from the camera, by satellite",
    "container": "from the device that made it",
    "exif": "from the camera",
    "name": "from the file’s name",
    "day": "the day is from the file’s name; nothing says the time",
    "file": "from the file’s own date, which may be that of a copy",
    "arrival": "when it came in; nothing says when it was made",
}
"""Who says when a recording was made."""

_WEEK = 7
_AWAITED = {State.DRAFT: "Draft", State.RETURNED: "Changes", State.SUBMITTED: "Approval"}

_NO_MOMENT = "-"
_WROTE = {
    Origin.PRACTITIONER: ("the practitioner", "practitioner"),
    Origin.SUPERVISOR: ("the supervisor", "supervisor"),
    Origin.YOUNG_PERSON: ("the young person", "young-person"),
}


def origin(statement: Statement) -> tuple[str, str]:
    """Whose words a statement is, said in words, and the name of its colour."""
    if statement.origin is Origin.MACHINE:
        seen = statement.tells_of_picture
        return "From a picture" if seen else "From the recording", "recording"
    who, colour = _WROTE[statement.origin]
    if any(source.recording and source.typed_by for source in statement.sources):
        return f"Read on a picture by {who}", colour
    heard = any(source.recording for source in statement.sources)
    return f"{'Reworded' if heard else 'Written'} by {who}", colour


def day(moment: Date) -> str:
    """Thursday 5 November 2026."""
    return f"{moment:%A} {moment.day} {moment:%B %Y}"


def fact(value: object) -> str:
    """What a field of a contact says."""
    if value is None or value == ():
        return "not said"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, datetime):
        return f"{short_date(value)}, {value:%H:%M}"
    return day(value) if isinstance(value, Date) else str(value)


def when(milliseconds: int, timezone: str) -> str:
    """5 November 2026, 4:05pm."""
    moment = local(milliseconds, timezone)
    hour = moment.hour % 12 or 12
    half = "am" if moment.hour < 12 else "pm"  # noqa: PLR2004 - noon
    return f"{moment.day} {moment:%B %Y}, {hour}:{moment:%M}{half}"


def listened(milliseconds: int, timezone: str) -> str:
    """You listened 14:02; on another day than today with the day."""
    moment, today = local(milliseconds, timezone), local(now_ms(), timezone).date()
    day = "" if moment.date() == today else f"{short_date(moment)}, "
    return f"You listened {day}{moment:%H:%M}"


def made(milliseconds: int, origin: str, timezone: str) -> str:
    """5 November 2026, 4:05pm (from the file's name)."""
    moment = (short_day if origin == "day" else when)(milliseconds, timezone)
    return f"{moment} ({ORIGINS[origin]})" if origin in ORIGINS else moment


def short_day(milliseconds: int, timezone: str) -> str:
    """5 November 2026."""
    return short_date(local(milliseconds, timezone))


def short_date(moment: Date) -> str:
    """5 November 2026."""
    return f"{moment.day} {moment:%B %Y}"


def sentence(words: str) -> str:
    """An error's words with a capital and a full stop."""
    ended = words if words.endswith((".", "!", "?")) else f"{words}."
    return ended[:1].upper() + ended[1:]


def due(found: Due, now: int) -> str:
    """How a contact stands to its clock: "Due in 14 hours", "Held 3 hours too late"."""
    left = found.left_ms(now)
    if left is None:
        return f"Write down when they came back: the {found.hours} hours count from then"
    number = abs(left) // HOUR_MS
    hours = "less than an hour" if number == 0 else f"{number} hour{'' if number == 1 else 's'}"
    if found.held is not None:
        kept = f"Held within the {found.hours} hours"
        return kept if left >= 0 else f"Held {hours} after the {found.hours} hours had passed"
    return f"Due in {hours}" if left >= 0 else f"Overdue by {hours}"


def expected(found: Expected, today: Date) -> str:
    """What is awaited of a note, and by when: "Draft due tomorrow", "Approval 3 working days late"."""
    return by_when(_AWAITED[found.state], found.day, today)


def by_when(what: str, day: Date, today: Date) -> str:
    """By when something is due, `day` being the last that is in time: "Answer due tomorrow"."""
    if today > day:
        late = max(0, workdays.between(day, today))
        if late == 0:
            return f"{what} was due on {day:%A}"
        return f"{what} {late} working day{'' if late == 1 else 's'} late"
    days = (day - today).days
    near = {0: "today", 1: "tomorrow"}.get(days, f"on {day:%A}")
    return f"{what} due {near if days < _WEEK else f'on {short_date(day)}'}"


def moments(line: Line) -> str:
    """When each word of a line, as the page shows them, is said: ms from where the line begins.

    A stroke for a word without a moment of its own; empty where no word has one.
    """
    found: list[str] = []
    for word in line.words:
        own = line.segment.start_ms is not None and word.start_ms is not None
        at = max(0, (word.start_ms or 0) - (line.segment.start_ms or 0))
        further = [_NO_MOMENT] * len(word.text.split())
        found += [str(at), *further[1:]] if own and further else further
    return "" if set(found) <= {_NO_MOMENT} else " ".join(found)


def so_far(found: Figures) -> str:
    """How far something is: "35 %, about 4 minutes left"; empty while there is no telling."""
    if found.percent is None:
        return ""
    if found.left_minutes is None:
        return f"{found.percent} %"
    minutes = "minute" if found.left_minutes == 1 else "minutes"
    return f"{found.percent} %, about {found.left_minutes} {minutes} left"


def clock(milliseconds: int) -> str:
    """A place in a recording: 1:05, or 1:02:05."""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
