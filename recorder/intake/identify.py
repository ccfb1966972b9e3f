"""Who and what a file is: by where it lies, and by its own content."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePath
from typing import TYPE_CHECKING

from recorder.errors import NotTaken
from recorder.media.container import check_complete
from recorder.media.sniff import agreed, detect
from store.journal import case_folder

if TYPE_CHECKING:
    from recorder.media.readable import Readable
    from recorder.media.sniff import MediaType

_UNWRITABLE = (
    "The name of this file has characters that this computer cannot read. Rename it with plain "
    "letters and numbers and it will be taken."
)
_NO_ENDING = (
    "The name of this file does not say what kind of file it is. Add the ending that belongs to it "
    "(for example .m4a for a voice note or .jpg for a photo) and it will be taken."
)

# In a comparison key's form: lower case. What sync programs and editors leave while they work.
_IGNORED = (
    ".*",
    "~$*",
    "*~",
    "*.tmp",
    "*.temp",
    "*.partial",
    "*.part",
    "*.crdownload",
    "*.opdownload",
    "*.download",
    "*.filepart",
    "*.aria2",
    "*.!ut",
    "*.!sync",
    "~syncthing~*",
    "desktop.ini",
    "thumbs.db",
    "ehthumbs.db",
    "icon\r",
)
_STUB = ".*.icloud"  # what a Mac leaves of a recording that it keeps in the cloud only
_IGNORED_FOLDERS = (
    ".*",
    "*.download",
    "@eadir",
    "#recycle",
    "$recycle.bin",
    "system volume information",
    "lost+found",
    "__macosx",
)
_DEPTH_OF_CASE = 2  # <practitioner>/<case ref>/...


@dataclass(frozen=True, slots=True)
class Place:
    """What a path inside the watched folder says. Names are as written, in Unicode's NFC form."""

    practitioner: str | None  # None: the file lies directly in the watched folder
    case_ref: str | None  # None: directly in the practitioner's folder, so unassigned
    folders: tuple[str, ...]  # below the case's folder; empty for most

    @property
    def case_key(self) -> str | None:
        """The case's folder in the form to compare by."""
        return None if self.case_ref is None else comparison_key(self.case_ref)


def comparison_key(name: str) -> str:
    """Return a name in the form in which two spellings of it are equal.

    Macs write accents as separate characters, Windows does not tell capitals apart, and people
    leave spaces at the ends.
    """
    folded = unicodedata.normalize("NFC", name).casefold()
    return unicodedata.normalize("NFC", folded).strip()


def place(relative: PurePath) -> Place:
    """Return what a path, relative to the watched folder, says about its file."""
    folders = tuple(unicodedata.normalize("NFC", part) for part in relative.parts[:-1])
    return Place(
        practitioner=folders[0] if folders else None,
        case_ref=case_folder(folders),
        folders=folders[_DEPTH_OF_CASE:],
    )


def is_ignored(name: str) -> bool:
    """Say whether a file of this name is a passing by-product of another program."""
    return _matches(name, _IGNORED) and not is_stub(name)


def is_stub(name: str) -> bool:
    """Say whether a file of this name stands for one that is only in the cloud."""
    return _matches(name, (_STUB,))


def is_ignored_folder(name: str) -> bool:
    """Say whether a folder of this name belongs to another program."""
    return _matches(name, _IGNORED_FOLDERS)


def as_seen(name: str) -> str:
    """Return a name without the spaces and dots that it ends in.

    A Mac lets a name end in them. Nobody sees them, so nobody could be asked to take them away.
    """
    return name.rstrip(" .")


def identify(readable: Readable, name: str) -> MediaType:
    """Return the type of a file, on which its content and its name agree.

    Raises:
        NotTaken: of a type that is not taken, or named as something else, with the reason.
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        raise NotTaken(_UNWRITABLE) from None
    found = detect(readable)
    suffix = PurePath(as_seen(name)).suffix
    if not suffix:
        raise NotTaken(_NO_ENDING)
    return agreed(found, suffix)


def recognise(readable: Readable, name: str) -> MediaType:
    """Return the type of a whole file, on which its content and its name agree.

    Raises:
        NotTaken: of a type that is not taken, or named as something else, with the reason.
        Incomplete: its end is not there.
        Unreadable: its structure makes no sense.
    """
    found = identify(readable, name)
    check_complete(readable, found)
    return found


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    folded = unicodedata.normalize("NFC", name).casefold()
    return any(fnmatchcase(folded, pattern) for pattern in patterns)
