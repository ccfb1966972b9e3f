"""What is typed at the command line is repeated by no error."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable

import pytest

from recorder import cli
from tests.leaks.conftest import Watch
from tests.leaks.world import World

REFUSED = (
    "{}",
    "cases {}",
    "cases add {}",
    "cases add {} --name {} --by {}",
    "cases add {} --name {} --by {known} --mosaic-id {}",
    "cases add {} --name {} --by {known} --person {}",
    "cases add {ref} --name {} --by {known}",
    "cases hold {}",
    "cases release {}",
    "cases release {ref} --hold {}",
    "people add {} --name {} --role {}",
    "people add {known} --name {} --role practitioner",
    "people add {}/.. --name {} --role practitioner",
    "people add {} --name {} --role young_person --case {}",
    "people link {}",
    "people bind {} --subject {}",
    "people bind {known} --subject {}",
    "people bind {known} --email {}@council.example",
    "people bind {known} --email {} --days {}",
    "people unbind {}",
    "people unbind {known}",
    "notes {}",
    "notes list --by {}",
    "notes show {} --by {}",
    "notes show {} --by {known}",
    "notes show {note} {} --by {known}",
    "notes assign {} --by {known} --case {}",
    "notes assign {note} --by {known} --case {}",
    "notes submit {} --by {known}",
    "notes approve {note} --by {known}",
    "notes return {} --by {known}",
    "notes return {note} --by {known} --reason {}",
    "notes find {} --as {known}",
    "notes find --as {}",
    "notes find --as {known} --{}",
    "erase {}",
    "erase case {} --yes",
    "erase recording {} --yes",
    "export mosaic --to {file}",
    "export mosaic --to {file}/{}",
    "keys {}",
    "keys init --shares {} --threshold {}",
    "keys init --shares 3 --threshold 2 --rehearse-from {missing}",
    "keys recover --from {missing}",
    "keys recover --from {file}",
    "keys wrap add {}",
    "keys wrap remove {}",
    "audit verify --checkpoint {missing}",
    "audit verify --checkpoint {file}",
    "process {missing}",
    "process {file} --case {}",
    "process {file} --case {ref} --by {}",
    "process {file} --people {file}",
    "process {file} --people {missing}",
    "process {file} --recorded-at {}",
    "process {file} --kind {}",
    "process {file}",
    "draft {missing} --recorded-at 2026-11-05",
    "draft {file} --recorded-at {}",
    "draft {file} --recorded-at 2026-11-05 --people {file}",
    "status --home {file}",  # where a home would be is said: no record is told by that
    "run --port {}",
    "work retry {}",
    "work cancel {}",
    "doctor {}",
)


def test_a_command_that_is_refused_repeats_nothing_that_was_typed(
    world: World, watch: Watch, silent: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for typed in REFUSED:
        words = shlex.split(typed.format(*_words(world), **_known(world)))
        monkeypatch.setattr(sys, "argv", ["recorder", *words])
        assert cli._run() in {1, 2}, typed
        assert watch.spoken() == [], typed
    silent()


def _words(world: World) -> list[str]:
    return [world.canaries.word() for _ in range(8)]


def _known(world: World) -> dict[str, str]:
    file = world.file(world.canaries.phrase().encode(), ".txt")
    return {
        "known": world.practitioner.handle,
        "ref": world.case.details.ref,
        "note": world.note.id,
        "file": str(file),
        "missing": str(file.with_name(world.canaries.word(".wav"))),
    }


def test_an_error_that_nobody_foresaw_is_named_and_not_quoted(
    world: World, watch: Watch, silent: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = world.canaries.phrase()

    def fails(*_: object, **__: object) -> None:
        raise ValueError(words)

    monkeypatch.setattr("recorder.commands.notes.desk", fails)
    monkeypatch.setattr(sys, "argv", ["recorder", "notes", "list", "--by", "somebody"])
    assert cli._run() == 70
    assert "ValueError at" in watch.capfd.readouterr().err
    silent()
