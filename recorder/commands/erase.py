"""`recorder erase`: a case, a recording or a worker's own record, for good."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath

import click

from recorder.clock import local
from recorder.commands.options import CONSOLE, day, home_option, member, opened
from recorder.errors import StateError, UsageError
from recorder.home import Home
from recorder.intake.adopter import waiting_paths
from recorder.intake.identify import comparison_key, place
from recorder.intake.scan import Signature
from recorder.intake.take import is_same_file, mark
from recorder.intake.walk import walk
from store.erasing import CASE, RECORDING, Erasure
from store.errors import HeldError, NotFoundError
from store.ledger import Backup
from store.session import now_ms

_yes = click.option("--yes", is_flag=True, help="Do not ask.")


@click.group()
def erase() -> None:
    """Erase a case, a recording or a worker's own record for good."""


@erase.command("case")
@home_option
@click.argument("ref")
@_yes
def erase_case(home: Path | None, ref: str, *, yes: bool) -> None:
    """Destroy a case's key. Nothing of it opens again; backups made before still hold it."""
    with opened(home) as found:
        try:
            case_id = found.store.cases.id_of(ref)
        except NotFoundError as error:
            raise UsageError("there is no case with that reference") from error
        _no_sources(_in_folder_of(found, ref))
        _none_waiting(found, ref)
        if not yes:
            click.confirm("This cannot be undone. Erase the case?", abort=True)
        with _unheld():
            done = found.store.erasing.case(case_id, CONSOLE)
        _say(found, done, [done.object])


@erase.command("recording")
@home_option
@click.argument("recording_id", metavar="ID")
@_yes
def erase_recording(home: Path | None, recording_id: str, *, yes: bool) -> None:
    """Remove a recording and what was heard in it. Notes keep the words drawn from it.

    The first digits of its id are enough. Of a film that came in several files, all go.
    """
    with opened(home) as found:
        whole = _named(found, recording_id)
        files = _files(found, whole)
        _no_sources(sum(_sources(found, each) for each in files))
        if not yes:
            all_ = f"the film, all {len(files)} files of it" if len(files) > 1 else "the recording"
            click.confirm(f"This cannot be undone. Erase {all_}?", abort=True)
        with _unheld():
            done = found.store.erasing.recording(whole, CONSOLE)
        _say(found, done, files)
    click.echo(
        "Sentences that were drawn from it stay in their notes, drafts and approved versions "
        "alike: they are the team's own record. To erase those too, erase the case."
    )


@erase.command("record")
@home_option
@click.argument("handle")
@_yes
def erase_record(home: Path | None, handle: str, *, yes: bool) -> None:
    """Destroy the key of a worker's own record: their supervision, and its recordings.

    What young people's own notes took from it stays with them.
    """
    with opened(home) as found:
        person = member(found, handle)
        held = (each.id for each in found.store.recordings.all() if each.scope == person.id)
        _no_sources(sum(_sources(found, each) for each in held))
        if not yes:
            click.confirm("This cannot be undone. Erase this worker's own record?", abort=True)
        try:
            with _unheld():
                done = found.store.erasing.own_record(person.id, CONSOLE)
        except NotFoundError as error:
            raise UsageError("this person has no record of their own") from error
        _say(found, done, [done.object])


@contextmanager
def _unheld() -> Iterator[None]:
    try:
        yield
    except HeldError as error:
        raise StateError(
            "this is under a legal hold, so nothing of it can be erased: see 'recorder cases list', "
            "or 'recorder people list' for a worker's own record, and 'release' there once the hold "
            "has ended"
        ) from error


def _named(home: Home, start: str) -> str:
    """The one recording, erased or not, whose id starts like this."""
    known = {each.id for each in home.store.recordings.all()}
    known |= {each.object for each in home.store.erasing.all() if each.kind == RECORDING}
    found = [each for each in known if start and each.startswith(start)]
    if len(found) != 1:
        raise UsageError("there is no one recording of that id: give more of it")
    return found[0]


def _in_folder_of(home: Home, ref: str) -> int:
    """How many files lie in the intake folder under this reference."""
    root, key = home.settings.intake, comparison_key(ref)
    files = walk(root).files
    return sum(1 for path, _ in files if place(path.relative_to(root)).case_key == key)


def _files(home: Home, recording_id: str) -> list[str]:
    """This recording, and all files of the film that it is a part of."""
    captures = home.store.captures
    film = captures.film(captures.whole(recording_id))
    return list(dict.fromkeys((recording_id, *(part.recording.id for part in film))))


def _sources(home: Home, recording_id: str) -> int:
    """How many of the files that this recording was taken from still lie in the intake folder."""
    taken = home.store.journal.sources(recording_id)
    root = home.settings.intake
    now = {
        str(path.relative_to(root)): mark(Signature.of(status)) for path, status in walk(root).files
    }
    there = {path for path, marked in taken if path in now and is_same_file(marked, now[path])}
    return len(there)


def _no_sources(count: int) -> None:
    """What still lies in the intake folder is in plain, and would be taken in again."""
    if count:
        raise StateError(
            f"{count} of its files still lie in the intake folder, where they can be read and would "
            "be taken in again: remove them there, and from that folder's recycle bin, then try again"
        )


def _none_waiting(home: Home, ref: str) -> None:
    """What was taken in or seen for this case and not filed yet would be filed after it."""
    key = comparison_key(ref)
    count = sum(place(PurePath(each)).case_key == key for each in waiting_paths(home.store))
    if count:
        raise StateError(
            f"{count} files for this case were taken in, or seen, and are not filed yet: run "
            "'recorder run' until 'recorder arrivals list' shows none of them, and a minute more, "
            "then try again"
        )


def _say(home: Home, done: Erasure, files: list[str]) -> None:
    zone, log = home.settings.timezone, home.store.erasing
    moment = local(done.at, zone)
    click.echo(f"erased: {done.kind} {done.object}, {day(done.at, zone)} at {moment:%H:%M}")
    click.echo(f"certificate {done.id}")
    since = min(log.since(done.kind, each) for each in files)
    click.echo(_copies(home.store.ledger.holding(since, done.at), zone))
    if not log.sweep():
        click.echo(home.store.database.old_copies)
    if done.kind == CASE:
        click.echo("Files that were exported for Mosaic are not Recorder's to remove.")


def _copies(held: list[Backup], zone: str) -> str:
    """Until when backups can still be opened that hold what was erased."""
    if not held:
        return (
            "No backup that Recorder made holds it. Copies made in other ways are not known here."
        )
    number = f"{len(held)} backup{'s' if len(held) > 1 else ''} made before"
    ends = [each.expires_at for each in held if each.expires_at is not None]
    if len(ends) < len(held):
        return (
            f"{number} can still be opened, and {len(held) - len(ends)} of them without an end "
            "date: remove those by hand when it is time."
        )
    last = max(ends)
    if last < now_ms():
        return (
            f"{number} should have been removed by {day(last, zone)}, and no later backup into "
            "the same folder has done so: make one, or remove them by hand."
        )
    return f"{number} can still be opened. The last of them expires on {day(last, zone)}."
