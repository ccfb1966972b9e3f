"""Taking `.age` files as they are: opened in memory, a piece at a time, never written in clear.

A team that seals on its laptops keeps plaintext out of the synced folder. The name inside is the
file's own without `.age`, and it is held to the same rules as any other.
"""

from __future__ import annotations

from pathlib import PurePath

from recorder.errors import Incomplete, NotTaken, Unreadable
from recorder.intake.identify import as_seen, recognise
from recorder.media.readable import Readable
from recorder.media.sniff import MediaType, named
from store.age import KEY_KINDS, Reader, check_file
from store.errors import ArmourError, HeaderError, NoMatchError, PayloadError
from store.laptops import Laptops

_SUFFIX = ".age"

_NOT_FOR_US = (
    "This file is sealed, but not for this team, so it cannot be opened here. Seal the original "
    "again for the recipient that 'recorder recipient' prints, and put that file here instead."
)
_NOT_WHOLE = (
    "This sealed file is not whole, or is not of the kind that the age program writes. Copy it "
    "into the folder again from the laptop that sealed it; if that does not help, seal it again."
)
_NO_ENDING = (
    "The name of this sealed file does not say what kind of file is inside. Name it like the "
    "recording itself with .age behind it (for example note.m4a.age) and it will be taken."
)


def is_sealed(name: str) -> bool:
    """Say whether a file of this name came sealed."""
    return as_seen(name).lower().endswith(_SUFFIX)


def inner_name(name: str) -> str:
    """Return the name of what is inside: the same name, unless it came sealed."""
    return as_seen(name)[: -len(_SUFFIX)] if is_sealed(name) else name


def judge(laptops: Laptops, readable: Readable, name: str) -> MediaType:
    """Return the type of what is inside a file, which is the file itself unless it came sealed.

    Raises:
        MediaError: it is not taken, or not whole, or does not open.
    """
    return recognise(inside(laptops, readable, name), inner_name(name))


def judge_outside(readable: Readable, name: str) -> MediaType:
    """As `judge`, for who cannot open: what came sealed is looked at from outside alone.

    Its type is then what its name says. Who opens it later looks inside.

    Raises:
        MediaError: it is not taken, or not whole.
    """
    if not is_sealed(name):
        return recognise(readable, name)
    found = named(_inner_suffix(name))
    if found is None:
        raise NotTaken
    try:
        header = check_file(readable.read, readable.size)
    except (ArmourError, HeaderError, PayloadError):
        raise Incomplete(_NOT_WHOLE) from None
    if not any(stanza.kind in KEY_KINDS for stanza in header.stanzas):
        raise NotTaken(_NOT_FOR_US)
    return found


def _inner_suffix(name: str) -> str:
    suffix = PurePath(as_seen(inner_name(name))).suffix
    if not suffix:
        raise NotTaken(_NO_ENDING)
    return suffix


def inside(laptops: Laptops, readable: Readable, name: str) -> Readable:
    """Return what is inside a file, which is the file itself unless it came sealed.

    Raises:
        NotTaken: it is sealed for somebody else, or its name does not say what is inside.
        Incomplete: it is sealed, but not whole.
    """
    if not is_sealed(name):
        return readable
    _inner_suffix(name)
    try:
        return _Unsealed(laptops.open(readable.read, readable.size))
    except NoMatchError:
        raise NotTaken(_NOT_FOR_US) from None
    except (ArmourError, HeaderError, PayloadError):
        raise Incomplete(_NOT_WHOLE) from None


class _Unsealed:
    """The plaintext of a sealed file. Damage that is met on the way is said in a sentence."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    @property
    def size(self) -> int:
        """Length of the plaintext in bytes."""
        return self._reader.size

    def read(self, offset: int, length: int) -> bytes:
        """Return the bytes from ``offset``, at most ``length``.

        Raises:
            Unreadable: they do not open.
        """
        try:
            return self._reader.read(offset, length)
        except (ArmourError, PayloadError):
            raise Unreadable(_NOT_WHOLE) from None
