"""What is wrong with a command that was not typed as it should be.

Click quotes what was typed, and that may be somebody's name or a path: standard error is often kept
in a log. So the sentence is made here, of our own words and names alone.
"""

from __future__ import annotations

import click


def sentence(error: click.ClickException) -> str:
    """One sentence in plain words; nothing that was typed stands in it."""
    match error:
        case click.MissingParameter() | click.BadOptionUsage():  # name our own options alone
            return " ".join(error.format_message().split())
        case click.NoSuchOption():
            return "There is no such option."
        case click.BadParameter() if error.param is not None:
            hint = error.param.get_error_hint(error.ctx)
            return f"What was given for {hint} cannot be used: it must be {_wanted(error.param)}."
        case _:
            return "There is no such command, or it takes fewer words."


def _wanted(parameter: click.Parameter) -> str:
    match parameter.type:
        case click.Choice(choices=choices):
            return f"one of {', '.join(map(str, choices))}"
        case click.Path(file_okay=False):
            return "a folder"
        case click.Path(exists=exists):
            return "a file that is there" if exists else "a file, not a folder"
        case click.IntRange(min=low, max=high):
            return f"a whole number from {low} to {high}"
        case kind:
            return {"integer": "a whole number"}.get(kind.name, f"a {kind.name}")
