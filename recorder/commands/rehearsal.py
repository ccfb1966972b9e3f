"""Recovery shares handed out to people, and given back by them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from recorder.errors import UsageError
from store import private, shares
from store.errors import ShareError
from store.keystore import Rehearsed
from store.root import Root
from store.session import now_ms
from store.shares import Share

_LIMIT = 16 * 1024


@dataclass(frozen=True, slots=True)
class Making:
    """How shares are made and shown to open."""

    count: int
    threshold: int
    folder: Path | None  # one file a share; None: on the terminal
    files: tuple[Path, ...]  # shares given back; none: they are typed


def making(count: int, threshold: int, folder: Path | None, files: Sequence[Path]) -> Making:
    """What was asked for; UsageError when it makes no sense."""
    if not shares.MIN_THRESHOLD <= threshold <= count <= shares.MAX_SHARES:
        raise UsageError(
            f"--threshold must be at least {shares.MIN_THRESHOLD} and at most --shares, "
            f"and --shares at most {shares.MAX_SHARES}"
        )
    return Making(count, threshold, folder, tuple(files))


def rehearse(how: Making, root: Root, home: str) -> tuple[Root, Rehearsed]:
    """Make shares of `root`, have them given back, and rebuild a root from those alone."""
    made = shares.split(root.secret, how.threshold, how.count, home)
    for share in made:
        _hand_out(share, how)
    click.echo(f"Now the rehearsal: give {how.threshold} of the {how.count} shares back.", err=True)
    restored = root_from(how.files)
    return restored, Rehearsed(threshold=how.threshold, count=how.count, at=now_ms())


def root_from(files: Sequence[Path]) -> Root:
    """The root that shares give back: those in `files`, or else as many as they need, typed."""
    given = [_in_file(path) for path in files] if files else _typed()
    return Root(shares.combine(given))


def _hand_out(share: Share, how: Making) -> None:
    text = shares.sheet(share, how.count)
    if how.folder is None:
        click.echo(text)
        last = share.number + 1 == how.count
        then = "to begin the rehearsal" if last else "for the next one"
        click.pause(f"Write it down: it is shown once. Then press a key {then}.", err=True)
        _clear()
        return
    path = how.folder / f"recovery-share-{share.number + 1}-of-{how.count}.txt"
    try:
        private.write_new(path, text.encode())
    except OSError as error:
        raise UsageError(
            f"a share cannot be written to {path}: choose an empty folder that you may write to"
        ) from error


def _in_file(path: Path) -> Share:
    try:
        # Its mode does not matter here: the sheet was printed, and may lie on a stick.
        return shares.read(private.read(path, _LIMIT, others=0).decode())
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            "a file that was given cannot be read as a recovery share: check each, and its rights"
        ) from error


def _typed() -> list[Share]:
    click.echo(
        "Type the words of a share from its sheet, with spaces between, in as many lines as you "
        "like. The first four letters of a word are enough.",
        err=True,
    )
    given = [_prompted("First share", [])]
    while len(given) < given[0].threshold:
        given.append(_prompted(f"Share {len(given) + 1} of {given[0].threshold}", given))
    _clear()
    return given


def _prompted(what: str, before: Sequence[Share]) -> Share:
    """A share typed until it is whole, of the same set, and not given before."""
    while True:
        try:
            return _fitting(shares.read(" ".join(_words(what))), before)
        except ShareError as error:
            click.echo(f"That is not it: {error}. All of its words again, please.", err=True)


def _words(what: str) -> list[str]:
    """As many words as a share has. A slip costs the line that it is in, and no more."""
    given: list[str] = []
    while len(given) < shares.WORDS_EACH:
        line = shares.words_in(
            click.prompt(f"{what}, words {len(given) + 1} to {shares.WORDS_EACH}", err=True)
        )
        try:
            shares.check_words(line, len(given) + 1)
        except ShareError as error:
            click.echo(f"{str(error).capitalize()}. That line again, please.", err=True)
        else:
            given += line
    return given


def _fitting(share: Share, before: Sequence[Share]) -> Share:
    if any(each.number == share.number for each in before):
        raise ShareError("this share was given already")
    if any(each.set_number != share.set_number for each in before):
        raise ShareError("this share is from another set")
    return share


def _clear() -> None:
    """Take a share off the screen, and out of what can be scrolled back to."""
    click.clear()
    if sys.stdout.isatty():
        click.echo("\x1b[3J", nl=False)
