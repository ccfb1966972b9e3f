"""What `process` and `draft` are given: files, people, moments."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
import msgspec

from recorder.errors import UsageError
from templates import recorded_keys
from transcribe.model import Person

kind_option = click.option("--kind", help="The kind of note (default: case_note).")
file_type = click.Path(path_type=Path, dir_okay=False)


def kind_from(asked: str | None) -> str | None:
    """The kind of note asked for, once the home that may have its own is open; UsageError."""
    if asked is not None and asked not in recorded_keys():
        raise UsageError(f"--kind is one of {', '.join(recorded_keys())}")
    return asked


def people_from(path: Path | None) -> tuple[Person, ...]:
    """People from a JSON list of {name, role}, or from an object that has one under "people"."""
    if path is None:
        return ()
    try:
        found = msgspec.json.decode(text_of(path))
        listed = found["people"] if isinstance(found, dict) else found
        return msgspec.convert(listed, tuple[Person, ...])
    except (msgspec.MsgspecError, KeyError) as error:
        raise UsageError(
            "--people must hold a JSON list of objects with 'name' and 'role'"
        ) from error


def text_of(path: Path) -> str:
    """The text of a file; UsageError if it is none."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            "a file cannot be read as text: check its name and that it is UTF-8"
        ) from error


def moment_from(text: str | None) -> datetime | None:
    """A moment written in ISO form; None for none."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            "--recorded-at is written like 2026-11-05T16:30 (ISO date and time)"
        ) from error
