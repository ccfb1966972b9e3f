"""`recorder cases` and `recorder erase`: young people's records."""

from __future__ import annotations

from pathlib import Path

import click

from recorder.commands.options import CONSOLE, case, home_option, json_option, member, opened, show
from recorder.commands.people import fit_for_folder
from recorder.errors import UsageError
from recorder.review.states import Role
from store.cases import Around, CaseDetails
from store.errors import DuplicateError

_MAX_MOSAIC_ID = 9


@click.group()
def cases() -> None:
    """Add and list cases."""


@cases.command()
@home_option
@click.argument("ref")
@click.option("--name", required=True, help="The young person's name, as they use it.")
@click.option("--by", "handle", required=True, metavar="HANDLE", help="Their practitioner.")
@click.option("--mosaic-id", default="", help="Their person id in Mosaic, digits.")
@click.option(
    "--person",
    "around",
    multiple=True,
    metavar="NAME=ROLE",
    help="Somebody around them, e.g. 'Mum=parent' or 'Tyrell=peer'. May be given again.",
)
def add(
    home: Path | None, ref: str, name: str, handle: str, mosaic_id: str, around: tuple[str, ...]
) -> None:
    """Add a case. REF is its folder in the practitioner's intake folder."""
    if not fit_for_folder(ref):
        raise UsageError("a reference is a folder name: letters, digits, dot, dash and underscore")
    if mosaic_id and not (
        mosaic_id.isascii() and mosaic_id.isdigit() and len(mosaic_id) <= _MAX_MOSAIC_ID
    ):
        raise UsageError(f"a Mosaic person id is a number of at most {_MAX_MOSAIC_ID} digits")
    with opened(home) as found:
        practitioner = member(found, handle)
        if practitioner.role != Role.PRACTITIONER.value:
            raise UsageError("a case belongs to a practitioner")
        details = CaseDetails(ref, name, mosaic_id, tuple(_around(each) for each in around))
        try:
            found.store.cases.add(details, practitioner.id, CONSOLE)
        except DuplicateError as error:
            raise UsageError("there is a case with that reference already") from error
        folder = found.settings.intake / practitioner.handle / ref
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    click.echo(f"added {ref}")


@cases.command("list")
@home_option
@json_option
def list_(home: Path | None, *, as_json: bool) -> None:
    """List open cases."""
    with opened(home) as found:
        rows = [
            (each.details, found.store.people.get(each.practitioner_id).handle)
            for each in found.store.cases.all()
        ]
    if as_json:
        show(
            [
                {
                    "ref": d.ref,
                    "name": d.name,
                    "mosaic_id": d.mosaic_id or None,
                    "practitioner": who,
                }
                for d, who in rows
            ]
        )
        return
    for details, who in rows:
        click.echo(f"{details.ref:<16} {details.name:<24} {details.mosaic_id or '-':<10} {who}")


@click.group()
def erase() -> None:
    """Erase for good."""


@erase.command("case")
@home_option
@click.argument("ref")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase_case(home: Path | None, ref: str, *, yes: bool) -> None:
    """Destroy a case's key. Nothing of it opens again; backups made before still hold it."""
    with opened(home) as found:
        target = case(found, ref)
        if not yes:
            click.confirm("This cannot be undone. Erase the case?", abort=True)
        found.store.cases.erase(target.id, CONSOLE)
    click.echo(
        "erased. Copies in backups made before now can still be opened until those backups expire."
    )


def _around(text: str) -> Around:
    name, mark, role = text.rpartition("=")
    if not mark or not name.strip() or not role.strip():
        raise UsageError("--person is written NAME=ROLE, for example 'Mum=parent'")
    return Around(name.strip(), role.strip())
