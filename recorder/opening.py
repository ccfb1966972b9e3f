"""Hearing how a file begins that is nobody's yet: whose it is may be said there.

Only the opening, and only its words are kept, sealed under the team. What they suggest is for a
person to confirm (`recorder.suggest`); no note is made, and no case's key is needed. What must not be
heard before somebody agreed is not heard here either.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass

from recorder.around import makers
from recorder.errors import AgreementNeeded, NoSound, NoSpeech
from recorder.hearing import must_agree
from recorder.home import Home
from recorder.intake.adopt import File
from recorder.intake.adopter import opened
from recorder.intake.unseal import inside, is_sealed, judge
from recorder.media import sound
from recorder.media.sniff import TYPES
from recorder.pipeline import Work
from recorder.retrying import MAX_TRIES, Fault, fault_of, reason_of, wait_ms
from store.errors import ConflictError, NotFoundError
from store.openings import DUE
from store.session import now_ms
from transcribe.model import Person
from transcribe.vocabulary import GLOSSARY, hotwords

log = logging.getLogger(__name__)

_SECONDS = 60  # of sound
_WORDS = 60  # more than are read to find out whom a recording is about
# What hearing one costs in turns, beside recordings by their size: a minute of sound.
_COST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Due:
    """An opening that is to be heard, as a turn of nobody in particular."""

    id: str  # of the arrival
    received_at: int  # ms
    practitioner_id: str = ""
    size: int = _COST_BYTES


def due(home: Home) -> list[Due]:
    """What to hear now."""
    return [Due(each.arrival_id, each.created_at) for each in home.store.openings.due()]


def is_opening(home: Home, item_id: str) -> bool:
    """Whether this id is of a file whose opening is wanted, and not of a recording."""
    return home.store.openings.get(item_id) is not None


def hear_or_wait(work: Work, arrival_id: str) -> str:
    """Hear an opening that is due and keep it; a word for the log.

    One of done, left, postponed, given up.
    """
    found = work.home.store.openings.get(arrival_id)
    if found is None or found.state != DUE:
        return "left"
    try:
        work.home.store.openings.keep(arrival_id, _heard(work, arrival_id))
    except (ConflictError, NotFoundError):  # somebody said meanwhile whose it is
        return "left"
    except AgreementNeeded as error:
        return _give_up(work.home, arrival_id, error)
    except Exception as error:  # noqa: BLE001 - the loop's outer edge: it becomes a state
        return failed(work.home, arrival_id, error)
    return "done"


def failed(home: Home, arrival_id: str, error: BaseException) -> str:
    """Try again later or leave it, by whose fault it was. The file itself waits on, unharmed."""
    found, fault = home.store.openings.get(arrival_id), fault_of(error)
    if found is None:
        return "left"
    # The class only: an exception's text may hold content.
    log.error("opening not heard", extra={"arrival": arrival_id, "reason": type(error).__name__})
    if fault is Fault.RECORDING or (fault is Fault.UNKNOWN and found.attempts + 1 >= MAX_TRIES):
        return _give_up(home, arrival_id, error)
    try:
        next_try_at = now_ms() + wait_ms(found.attempts)
        home.store.openings.postpone(arrival_id, reason_of(error), next_try_at)
    except ConflictError:
        return "left"
    return "postponed"


def _give_up(home: Home, arrival_id: str, error: BaseException) -> str:
    try:
        home.store.openings.give_up(arrival_id, type(error).__name__)
    except ConflictError:
        return "left"
    return "given up"


def _heard(work: Work, arrival_id: str) -> str:
    """The first words of a file; AgreementNeeded for what must not be heard yet."""
    home = work.home
    file = opened(home.store.arrivals.open(arrival_id))
    if not isinstance(file, File):  # word without a file is never wanted
        raise NoSound
    name, laptops = file.letter.name, home.store.laptops
    kept = home.store.arrivals.content(arrival_id, file.sealed)
    content = inside(laptops, kept, name)
    media_type = judge(laptops, kept, name) if is_sealed(name) else TYPES[file.letter.media_type]
    found = sound.probe(content, media_type)
    if not found.has_audio:
        raise NoSound
    kind = sound.kind_of(media_type, found)
    if must_agree(home.settings, kind, [file.letter.path]):
        raise AgreementNeeded
    expected = hotwords(_team(home), (*home.settings.glossary, *GLOSSARY))
    with closing(sound.pcm(content, media_type)) as blocks:
        heard = work.engine().hear(
            _beginning(blocks), language=home.settings.language, hotwords=expected
        )
    words = " ".join(each.text.strip() for each in heard.segments).split()
    if not words:
        raise NoSpeech
    return " ".join(words[:_WORDS])


def _team(home: Home) -> list[Person]:
    """Whose names may be said first. Not the young people's: they would be heard for others."""
    return [Person(each.name, each.role) for each in makers(home.store) if each.name]


def _beginning(blocks: Iterable[bytes]) -> Iterator[bytes]:
    left = _SECONDS * sound.RATE * 2
    for block in blocks:
        yield block[:left]
        left -= len(block)
        if left <= 0:
            return
