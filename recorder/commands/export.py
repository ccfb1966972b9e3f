"""`recorder export`: approved notes out, once, and their receipts."""

from __future__ import annotations

from pathlib import Path

import click

from recorder.commands.options import CONSOLE, home_option, json_option, opened, show
from recorder.commands.running import exporting
from recorder.errors import UsageError
from recorder.export.codes import bare, codes
from recorder.export.copying import receipted
from recorder.export.gather import held_back
from recorder.export.leaving import export as export_pack
from recorder.export.leaving import export_dated
from recorder.export.model import Pack
from recorder.home import Home
from recorder.review.states import WRITERS
from store.people import Member, fold
from templates import note_type_keys

_WHICH_NOTE = (
    "no one note has an id that begins like that: the pack's manifest and file names have it whole"
)


@click.group()
def export() -> None:
    """Write approved notes as files for another system."""


@export.command()
@home_option
@json_option
@click.option(
    "--to",
    type=click.Path(path_type=Path, file_okay=False),
    help="A new or empty folder; one already in use receives the pack as a dated sub-folder, as the"
    " home's export folder does by default.",
)
@click.option(
    "--restricted",
    is_flag=True,
    help="Those of restricted cases, and no others, in their own pack.",
)
@click.pass_context
def mosaic(
    ctx: click.Context, home: Path | None, to: Path | None, *, as_json: bool, restricted: bool
) -> None:
    """Write every approved and not yet exported note for Mosaic, but those of restricted cases."""
    with opened(home) as found:
        with exporting(found):
            pack = _exported(found, to, restricted=restricted)
        (_show if as_json else _print)(pack)
        if not restricted and (left := held_back(found)):
            notes = (
                "1 note of a restricted case" if left == 1 else f"{left} notes of restricted cases"
            )
            click.echo(f"not exported: {notes}; --restricted writes those alone", err=True)
        if pack is not None:
            # Last, and after the pack was told of: what went out is out, whatever fails here.
            found.store.audit.checkpoint(found.settings.checkpoints)
    if pack is not None and pack.refused:
        ctx.exit(1)


@export.command()
@home_option
@click.argument("start", metavar="NOTE")
@click.argument("there", metavar="MOSAIC_NOTE_ID")
def receipt(home: Path | None, start: str, there: str) -> None:
    """Keep the id that Mosaic gave a note which went in a file. NOTE is its id here, or its beginning."""
    with opened(home) as found:
        notes = [each for each in found.store.notes.all() if each.id.startswith(start)]
        if len(notes) != 1:
            raise UsageError(_WHICH_NOTE)
        receipted(found.store, notes[0], there, CONSOLE)
    click.echo(f"kept: note {notes[0].id[:8]} is in Mosaic")


@export.command()
@home_option
@click.pass_context
def check(ctx: click.Context, home: Path | None) -> None:
    """Say which codes for Mosaic are missing from their file, line by line."""
    with opened(home) as found:
        file, staff = found.settings.mosaic, _writers(found)
        kinds = [key for key in note_type_keys() if key not in codes().note_types]
        nameless = [each for each in staff if not codes().username(each.handle)]
        known = {fold(each.handle) for each in found.store.people.all()}
    unknown = [handle for handle in codes().workers if fold(handle) not in known]
    for table, lines in (
        ("note_types", [f'{kind} = "CODE"' for kind in kinds]),
        ("workers", [_line(each) for each in nameless]),
    ):
        if lines:
            click.echo("\n".join([f"missing from [{table}] in {file}:", *lines]))
    for handle in unknown:
        click.echo(f"nobody here is called '{handle}': take the line out, or correct it")
    if kinds or nameless or unknown:
        ctx.exit(1)
    click.echo(f"{file}: every kind of note and everybody who writes notes has a code")


def _exported(home: Home, to: Path | None, *, restricted: bool) -> Pack | None:
    if to is None:
        return export_dated(home, CONSOLE, restricted=restricted)
    return export_pack(home, to.absolute(), CONSOLE, restricted=restricted)


def _writers(home: Home) -> list[Member]:
    mine = {role.value for role in WRITERS}
    return [each for each in home.store.people.all() if each.role in mine and not each.left_at]


def _line(member: Member) -> str:
    """What to add for somebody; a name that they were once added with is suggested."""
    return f'{bare(member.handle)} = "{member.username or "USERNAME"}"'


def _show(pack: Pack | None) -> None:
    if pack is None:
        show({"folder": None, "written": [], "refused": [], "before": None})
        return
    show(
        {
            "folder": None if pack.folder is None else str(pack.folder),
            "written": [{"note": w.note_id, "version": w.version} for w in pack.written],
            "refused": [{"note": r.note_id, "reasons": list(r.reasons)} for r in pack.refused],
            "before": None if pack.before is None else str(pack.before),
        }
    )


def _print(pack: Pack | None) -> None:
    if pack is None:
        click.echo("nothing to export: every approved note has gone out already")
        return
    if pack.before is not None:
        click.echo(f"put in its place, of an export that was cut off: {pack.before}")
    for refused in pack.refused:
        click.echo(f"not exported, note {refused.note_id[:8]}: {'; '.join(refused.reasons)}")
    if pack.folder is not None:
        click.echo(f"exported {len(pack.written)} notes to {pack.folder}")
