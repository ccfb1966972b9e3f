"""`recorder models`: which speech models are here, and whether they are what they should be."""

from __future__ import annotations

from pathlib import Path

import click

from recorder.commands.options import home_option, json_option, show
from recorder.config import Settings, home_folder, load
from recorder.errors import ModelError
from recorder.fetched import fetch, verify
from recorder.models import PACKAGED, PINS, pins


@click.group()
def models() -> None:
    """List, bring in and check speech models."""


@models.command("list")
@home_option
@json_option
def list_models(home: Path | None, *, as_json: bool) -> None:
    """List the models that `model` in config.toml can name, and which is in use."""
    settings = load(home_folder(home))
    found = _known(settings)
    if as_json:
        show([{"name": name, "sha256": sha256, "used": used} for name, sha256, used in found])
        return
    for name, sha256, used in found:
        click.echo(f"{name}  {sha256}{'  in use' if used else ''}")


def _known(settings: Settings) -> list[tuple[str, str, bool]]:
    """Name, SHA-256 of the weights, and whether it is the one in use."""
    sums = {name: wanted.sums["model.bin"] for name, wanted in PACKAGED.items()}
    for path in sorted(settings.models.glob(f"*/{PINS}")):
        sums[path.parent.name] = (pins(path.parent.name, settings.models) or {})["model.bin"]
    if settings.model not in sums:
        sums[settings.model] = verify(settings.model, settings.models).sha256
    return [(name, sha256, name == settings.model) for name, sha256 in sums.items()]


@models.command("fetch")
@home_option
@click.argument("name")
@click.option(
    "--from",
    "source",
    required=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A CTranslate2 folder: model.bin, config.json, tokenizer.json.",
)
@click.option("--sha256", required=True, help="Of model.bin, from a source that you trust.")
def fetch_model(home: Path | None, name: str, source: Path, sha256: str) -> None:
    """Copy a model in under NAME, if its weights have this sum. Nothing is downloaded."""
    try:
        found = fetch(name, source, sha256, load(home_folder(home)).models)
    except OSError as error:
        raise ModelError(
            "The model could not be copied. Check that the disk has room and that Recorder may write in "
            "its models folder, then try again."
        ) from error
    click.echo(f"{found.name}  {found.sha256}")
    click.echo(f'set model = "{found.name}" in config.toml to use it')


@models.command("verify")
@home_option
@click.argument("name", required=False)
def verify_model(home: Path | None, name: str | None) -> None:
    """Read every byte of a model (the one in use) and compare it with its pinned sums."""
    settings = load(home_folder(home))
    found = verify(name or settings.model, settings.models)
    click.echo(f"{found.name}  {found.sha256}  as pinned")
