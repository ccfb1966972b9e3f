from __future__ import annotations

import shlex
from pathlib import Path

import click
import pytest

from recorder.cli import cli
from recorder.usage import sentence

WORD = "Wyrmwood"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("{}", "There is no such command, or it takes fewer words."),
        ("cases {}", "There is no such command, or it takes fewer words."),
        ("notes find {} --as amara", "There is no such command, or it takes fewer words."),
        ("notes find --as", "Option '--as' requires an argument."),
        ("status --json={}", "Option '--json' does not take a value."),
        ("notes find --{}", "There is no such option."),
        ("notes find -{}", "There is no such option."),
        ("notes find", "Missing option '--as'."),
        (
            "keys init --shares {} --threshold 2",
            "What was given for '--shares' cannot be used: it must be a whole number.",
        ),
        (
            "run --port {}",
            "What was given for '--port' cannot be used: it must be a whole number from 1 to 65535.",
        ),
        (
            "audit verify --checkpoint {}",
            "What was given for '--checkpoint' cannot be used: it must be a file that is there.",
        ),
        (
            "status --home {file}",
            "What was given for '--home' cannot be used: it must be a folder.",
        ),
        (
            "process {folder}",
            "What was given for 'FILES...' cannot be used: it must be a file, not a folder.",
        ),
        (
            "keys wrap add {}",
            (
                "What was given for '{file|passphrase|keyring|systemd|azure}' cannot be used: it "
                "must be one of file, passphrase, keyring, systemd, azure."
            ),
        ),
    ],
)
def test_what_is_wrong_is_said_without_what_was_typed(
    tmp_path: Path, typed: str, said: str
) -> None:
    folder = tmp_path / WORD
    folder.mkdir()
    file = folder / WORD
    file.touch()
    words = shlex.split(typed.format(WORD, file=file, folder=folder))
    with pytest.raises(click.ClickException) as refused:
        cli.main(words, standalone_mode=False)
    assert sentence(refused.value) == said


def test_the_choices_of_a_role_are_named() -> None:
    words = ["people", "add", "amara", "--name", "Amara", "--role", WORD]
    with pytest.raises(click.ClickException) as refused:
        cli.main(words, standalone_mode=False)
    assert "practitioner, supervisor, young_person" in sentence(refused.value)
    assert WORD not in sentence(refused.value)
