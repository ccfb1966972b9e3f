"""Files and folders that a person has to do something about, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Code = Literal[
    "not_taken",
    "left_out",
    "damaged",
    "incomplete",
    "sparse",
    "in_use",
    "empty",
    "placeholder",
    "unreadable",
    "too_deep",
    "nobody",
    "unknown",
    "not_sealed",
    "not_removed",
]

NO_ACCESS = (
    "This file or folder cannot be opened because Recorder has no permission to read it. Ask IT to "
    "give Recorder's account access to the watched folder; it will then be taken by itself."
)
NO_READ = (
    "This file or folder could not be read from the disk or the network drive. It will be tried "
    "again by itself; if this stays, copy it into the folder again, or tell IT."
)
_NEEDED: dict[Code, str] = {
    "empty": (
        "This file has been empty for a while: its content never arrived. Copy it into the folder "
        "again from the device that made it, then delete the empty one."
    ),
    "placeholder": (
        "This file is still only in the cloud and has not been downloaded to this computer. Choose "
        "'Always keep on this device' for the folder, and it will be taken by itself."
    ),
    "sparse": (
        "Parts of this file were never written to the disk: its whole length was reserved, and then the "
        "copying stopped. Copy it into the folder again from the device that made it. If you are sure "
        "that it is whole, try again here and it is taken as it is."
    ),
    "in_use": (
        "Another program on this computer keeps this file open and may still be writing to it. Close "
        "that program, and the file will be taken by itself."
    ),
    "too_deep": (
        "This folder lies too many folders deep to be looked into. Move its files up into the young "
        "person's own folder."
    ),
    "not_sealed": (
        "This file is whole, but could not be sealed just now: the disk may be full, or the database "
        "or the vault out of reach. It stays where it is and is tried again by itself; if this "
        "stays, ask IT to run 'recorder doctor'."
    ),
    "not_removed": (
        "This file is kept safe, but Recorder could not remove it from the folder. Ask IT to let "
        "Recorder's account remove files there, or remove it by hand."
    ),
    "unknown": (
        "The record of whose file this is cannot be read, so it is not taken in. Leave the file where "
        "it is and tell whoever looks after Recorder: it is taken by itself once that is put right."
    ),
    "nobody": (
        "This file came from a folder that belongs to nobody on the team. It is sealed and kept, and "
        "no note is made from it. A supervisor says under Arrived whose it is, or refuses it; so can "
        "'recorder arrivals give' and 'recorder arrivals drop' on the machine. Once somebody is added "
        "whose folder it is, it is filed by itself."
    ),
}


@dataclass(frozen=True, slots=True)
class Attention:
    """A file or folder that is left where it is, and why. Mostly, a person has to do something."""

    path: Path
    code: Code
    sentence: str


def attention(path: Path, code: Code, sentence: str | None = None) -> Attention:
    """What is said of a file or folder; by its code, unless its own sentence is given."""
    return Attention(path, code, _NEEDED[code] if sentence is None else sentence)


def advice(code: Code) -> str:
    """What there is to be done about a code that needs no more than that."""
    return _NEEDED[code]
