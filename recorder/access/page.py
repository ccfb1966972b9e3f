"""The pack as one page, written as it is read: no more than one entry is in the memory at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from jinja2 import Environment, PackageLoader, StrictUndefined

from recorder.access.model import Act, Entry
from store.records import Recording


def written(
    about: dict[str, object],
    entries: Iterable[Entry],
    acts: Iterable[Act],
    moment: Callable[[int], str],
    file_of: Callable[[Recording], str],
) -> Iterator[bytes]:
    """The page in pieces; `about` gives `name`, `ref`, `made` and whether it is `redacted`, `file_of` where a file stands."""
    made = Environment(
        loader=PackageLoader("templates", "access"), autoescape=True, undefined=StrictUndefined
    )
    made.filters |= {"moment": moment, "file": file_of}
    stream = made.get_template("bundle.html").stream(entries=entries, acts=acts, **about)
    stream.enable_buffering(64)
    return (piece.encode() for piece in stream)
