"""`recorder draft`: a note from a written script, with the same rules as from speech."""

from __future__ import annotations

from pathlib import Path

import click

from recorder.commands.inputs import (
    file_type,
    kind_from,
    kind_option,
    moment_from,
    people_from,
    text_of,
)
from recorder.commands.options import json_option, show
from recorder.errors import UsageError
from recorder.filing import filed
from recorder.format1 import document
from recorder.render import as_text
from templates import note_type
from transcribe.draft import from_script
from transcribe.draft.checks.whole import remarks


@click.command()
@json_option
@kind_option
@click.argument("script", type=file_type)
@click.option("--recorded-at", required=True, help="When it was said (ISO), for its dates.")
@click.option("--people", type=file_type, help="JSON with names and roles.")
def draft(
    script: Path, kind: str | None, recorded_at: str, people: Path | None, *, as_json: bool
) -> None:
    """Draft a note from text: one utterance a line, `NAME: ` in front where a speaker is known."""
    moment = moment_from(recorded_at)
    if moment is None:  # the option is required, so this is for the type checker and for ''
        raise UsageError("--recorded-at needs a date and time, for example 2026-11-05T16:30")
    type_ = note_type(kind_from(kind) or "case_note")
    made = filed(from_script(text_of(script)), type_, people_from(people), moment)
    found = remarks(made, type_, ())
    if as_json:
        show(document(made, None, (), found))
    else:
        click.echo(as_text(made, found))
