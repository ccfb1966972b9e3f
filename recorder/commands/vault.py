"""`recorder vault`: are all recordings whole, and one of them as a file outside."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import click

from recorder.commands.desks import desk
from recorder.commands.options import by_option, home_option, json_option, opened, show
from recorder.errors import UnknownError, UsageError
from recorder.export.staging import remove_abandoned, staged_file
from recorder.home import Home
from recorder.review.desk import Desk
from store.fs import DISK, write
from store.inventory import Look

_EVERY_SECONDS = 5.0


@click.group()
def vault() -> None:
    """Check sealed recordings, and take one out."""


@vault.command()
@home_option
@json_option
@click.option("--deep", is_flag=True, help="Read and open every byte, not only sizes.")
@click.pass_context
def check(ctx: click.Context, home: Path | None, *, deep: bool, as_json: bool) -> None:
    """Compare every recording with what was pinned when it was sealed.

    Goes on after each fault, and ends with 1 if there was any.
    """
    with opened(home) as found:
        left_over = sorted(found.store.strays.orphans())  # first: it shows that the vault answers
        faults, count, size = [], 0, 0
        for count, look in enumerate(_looks(found, deep=deep), start=1):  # noqa: B007 - told below
            size += look.size
            if look.fault:
                faults.append(look)
                if not as_json:
                    click.echo(f"{look.kind} {look.id}: {look.fault}")
    if as_json:
        show(
            {
                "looked_at": count,
                "bytes": size,
                "faults": [{"kind": e.kind, "id": e.id, "fault": e.fault} for e in faults],
                "belong_to_no_row": left_over,
            }
        )
    else:
        how = "read through" if deep else "by size"
        click.echo(
            f"{count} sealed files, {size / 1e9:.1f} GB, {how}: {len(faults)} with a fault; "
            f"{len(left_over)} more belong to no row"
        )
    ctx.exit(1 if faults else 0)


@vault.command("export")
@home_option
@by_option
@click.argument("recording_id", metavar="ID")
@click.option("--to", type=click.Path(path_type=Path), help="The file to write; it must be new.")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Instead: the folder to write to, under the name that the file was dropped with.",
)
@click.option("--age", "as_age", is_flag=True, help="As it is sealed: a plain .age file.")
def export_(
    home: Path | None,
    by: str,
    recording_id: str,
    to: Path | None,
    into: Path | None,
    *,
    as_age: bool,
) -> None:
    """Write one recording to a file of your own. The first digits of its id are enough.

    What is written is outside all protection, unless it is sealed: with --age it opens only with its
    case's identity, which never leaves this home. A command that is killed leaves no file of that
    name; the hidden file that it may leave is removed by the next export to the same place.

    A film that came in several files is written as these, with --into; each of the later ones alone
    goes by its own id.
    """
    if (to is None) == (into is None):
        raise UsageError("say where to write it: --to FILE, or --into FOLDER")
    with opened(home) as found:
        own = desk(found, by)
        files = _files(found, _named(found, own, recording_id))
        if to is not None and len(files) > 1:
            raise UsageError(f"this film came in {len(files)} files: give a folder, with --into")
        folder = into or Path()
        targets = {each: to or folder / _name(found, each, as_age=as_age) for each in files}
        for target in targets.values():
            _refuse_to_overwrite(target)
        written = (_write(found, own, *each, as_age=as_age) for each in targets.items())
        click.echo(f"wrote {sum(written)} bytes")


def _files(home: Home, recording_id: str) -> list[str]:
    """The files of a film, if this is its first; else this one."""
    return [part.recording.id for part in home.store.captures.parts(recording_id)] or [recording_id]


def _looks(home: Home, *, deep: bool) -> Iterator[Look]:
    """All looks; a line on standard error now and then says how far it has come."""
    inventory, said = home.store.inventory, time.monotonic()
    looks = chain(
        inventory.recordings(deep=deep),
        inventory.made(deep=deep),
        inventory.arrivals(deep=deep),
        inventory.pieces(deep=deep),
    )
    for count, look in enumerate(looks, start=1):
        if time.monotonic() - said > _EVERY_SECONDS:
            said = time.monotonic()
            click.echo(f"{count} looked at ...", err=True)
        yield look


def _named(home: Home, own: Desk, start: str) -> str:
    """The one recording whose id begins so, among those that this person may hear."""
    known = [each.id for each in home.store.recordings.all() if each.id.startswith(start)]
    found = [each for each in known if start and _heard_by(own, each)]
    if len(found) != 1:
        raise UsageError(
            "no recording that is yours to hear has that id, or more than one begins with it"
        )
    return found[0]


def _heard_by(own: Desk, recording_id: str) -> bool:
    try:
        own.recording(recording_id)
    except UnknownError:
        return False
    return True


def _name(home: Home, recording_id: str, *, as_age: bool) -> str:
    # Whatever somebody called it: a name, and never a path.
    name = Path(home.store.recordings.details(recording_id).name).name.lstrip(".") or "recording"
    return f"{name}.age" if as_age else name


def _refuse_to_overwrite(target: Path) -> None:
    if target.exists() or target.is_symlink():
        raise UsageError("there is a file of that name already: choose another")
    if not target.parent.is_dir():
        raise UsageError("there is no such folder to write to: make it first")


def _write(home: Home, own: Desk, recording_id: str, target: Path, *, as_age: bool) -> int:
    _, reader = own.take_out(recording_id)
    content = home.store.inventory.age_file(recording_id) if as_age else reader
    remove_abandoned(target.parent)
    try:
        with staged_file(target) as path:
            return write(DISK, path, content)
    except FileExistsError as error:
        raise UsageError("there is a file of that name already: choose another") from error
