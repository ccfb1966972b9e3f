"""Making sure of a person before anything of theirs is pasted: name, Mosaic id and one thing more."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from recorder.errors import StateError
from store.cases import CaseDetails

BORN = "date of birth"
BESIDE = (BORN, "address", "NHS number", "people around them")
"""What somebody may have compared beside the name and the id."""

_NOT_SAME = "say that you looked: open the record in Mosaic, and compare the name and the id"
_WHICH = "say what else you compared, so that nobody of the same name is taken for them"
_DAY = "type the date of birth as Mosaic shows it, for example 3 2 2010"
_OTHER_DAY = (
    "that is not the date of birth here, so this may be somebody else: look whether it is the right"
    " record, and do not paste anything until you know"
)


@dataclass(frozen=True, slots=True)
class Sure:
    """What somebody says of the record that is open in Mosaic."""

    same: bool  # its name and id are these
    born: str = ""  # the date of birth that stands there, as they typed it
    beside: str = ""  # one of BESIDE, where no date of birth is known here


def made_sure(details: CaseDetails, sure: Sure) -> str:
    """By what the person was made sure of, in words; StateError until they are."""
    if not sure.same:
        raise StateError(_NOT_SAME, field="same")
    if not details.born:
        if sure.beside not in BESIDE:
            raise StateError(_WHICH, field="beside")
        return f"name, Mosaic id and {sure.beside}, compared by eye"
    day = day_of(sure.born)
    if day is None:
        raise StateError(_DAY, field="born")
    if day.isoformat() != details.born:
        raise StateError(_OTHER_DAY, field="born")
    return f"name, Mosaic id and {BORN}, typed"


def day_of(said: str) -> dt.date | None:
    """A day as people type it, day first, or year first with four digits; None for anything else."""
    found = re.fullmatch(r"\s*(\d{1,4})[\s./-]+(\d{1,2})[\s./-]+(\d{1,4})\s*", said)
    if found is None:
        return None
    first, month, last = (int(each) for each in found.groups())
    year, day = (first, last) if len(found[1]) == 4 else (last, first)  # noqa: PLR2004 - digits
    try:
        return dt.date(year, month, day) if year > 1900 else None  # noqa: PLR2004 - nobody is older
    except ValueError:
        return None
