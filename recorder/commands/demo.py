"""`recorder demo`: the whole path on a sample, with a fictional team."""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import replace
from functools import cache
from pathlib import Path

import click
from msgspec import structs

from recorder.commands.options import home_option, json_option, port_option, show
from recorder.commands.people import invitation, sign_in_link
from recorder.commands.running import exporting
from recorder.commands.serve import serve
from recorder.config import FILE, demo_folder
from recorder.errors import RecorderError, sentence_for
from recorder.export.leaving import export
from recorder.export.model import Pack
from recorder.hearing import load_engine
from recorder.home import Home, create_home, open_home
from recorder.intake.receive import watcher
from recorder.pipeline import Work
from recorder.review.desk import Desk
from recorder.review.states import State
from recorder.sample import Team, drop, enrol
from recorder.scheduler import work_off
from store.notes import Note
from store.records import QUARANTINED

_WAIT_SECONDS = 600
_POLL_SECONDS = 0.5


@click.command()
@home_option
@json_option
@click.option("--once", is_flag=True, help="Do it all without serving pages, then stop.")
@port_option
def demo(home: Path | None, port: int | None, *, once: bool, as_json: bool) -> None:
    """Show the whole path on a sample, with a fictional team. Everything in it is made up."""
    folder = demo_folder(home)
    found = open_home(folder) if (folder / FILE).exists() else create_home(folder, "Demo team")
    seconds = found.settings.settle_seconds
    # What it drops is whole at once, and nobody should wait for that, or make an account to look.
    settings = structs.replace(found.settings, settle_seconds=min(2.0, seconds), sign_in="link")
    found = replace(found, settings=settings)
    try:
        team = enrol(found)
        if once:
            _once(found, team, as_json=as_json)
        else:
            _serve(found, team, port)
    finally:
        found.close()


def _once(home: Home, team: Team, *, as_json: bool) -> None:
    files = drop(home, team)
    _take_in(home, files)
    work_off(Work(home, cache(lambda: load_engine(home.settings))))
    note = _note(home, team)
    _approve(home, team, note)
    with exporting(home):
        pack = export(home, home.settings.export / "demo", team.supervisor.id)
    _say(home, note, pack, as_json=as_json)


def _take_in(home: Home, files: tuple[Path, ...]) -> None:
    folder, end = watcher(home), time.monotonic() + _WAIT_SECONDS
    while any(path.exists() for path in files):
        folder.look()
        if time.monotonic() > end:
            raise RecorderError("the sample was not taken in: run 'recorder status' to see why")
        time.sleep(_POLL_SECONDS)


def _note(home: Home, team: Team) -> Note:
    notes = home.store.notes.all(case_id=team.case.id)
    if not notes:
        stuck = home.store.recordings.all(QUARANTINED)
        raise RecorderError(sentence_for(stuck[0].reason or "") if stuck else sentence_for(""))
    return notes[0]


def _approve(home: Home, team: Team, note: Note) -> None:
    if note.state in (State.DRAFT.value, State.RETURNED.value):
        Desk(home.store, team.practitioner).submit(note.id, note.number)
    if home.store.notes.get(note.id).state == State.SUBMITTED.value:
        Desk(home.store, team.supervisor).approve(note.id, note.number)


def _say(home: Home, note: Note, pack: Pack | None, *, as_json: bool) -> None:
    if pack is not None and pack.refused:
        raise RecorderError("; ".join(pack.refused[0].reasons))
    folder = home.settings.export / "demo"
    if as_json:
        files = sorted(str(path) for path in folder.rglob("*") if path.is_file())
        show({"home": str(home.folder), "note": note.id, "pack": str(folder), "files": files})
        return
    click.echo(f"home      {home.folder}")
    click.echo(f"note      {note.id}")
    if pack is None:
        click.echo("the sample went out at an earlier run; nothing new to export")
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            click.echo(f"written   {path}")


def _serve(home: Home, team: Team, port: int | None) -> None:
    chosen = port or _free_port(home.settings.host, home.settings.port)
    started = time.monotonic()

    def tell() -> None:
        threading.Thread(target=_tell, args=(home, team, chosen, started), daemon=True).start()

    serve(home, chosen, tell)


def _tell(home: Home, team: Team, port: int, started: float) -> None:
    """Drop the sample at the first run, wait for its note, and say what to do next."""
    intake = home.settings.intake / team.practitioner.handle / team.case.details.ref
    if not home.store.notes.all(case_id=team.case.id):
        drop(home, team)
        click.echo("Dropped a voice note and a photo of a drawing into the intake folder.")
        click.echo("Sealing, listening and drafting (this takes a little while) ...")
        if not _drafted(home, team):
            click.echo("No note yet: look at 'recorder status'.")
            return
        click.echo(f"The draft note is ready, {time.monotonic() - started:.0f} s after the start.")
    click.echo("\nSign in as one of three people (everything here is made up):")
    for person in (team.practitioner, team.supervisor):
        click.echo(f"  {person.name}, {person.role}:\n    {sign_in_link(home, person, port)}")
    link, numbers = invitation(home, team.young_person, team.case.id, port)
    click.echo(f"  {team.young_person.name}, young person, once:\n    {link}   numbers {numbers}")
    click.echo(f"\nDrop more recordings or photos here:\n  {intake}")
    click.echo("Stop with Ctrl-C.")


def _drafted(home: Home, team: Team) -> bool:
    end = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < end:
        pending = [r for r in home.store.recordings.all() if r.note_id is None]
        if home.store.notes.all(case_id=team.case.id) and not pending:
            return True
        time.sleep(_POLL_SECONDS)
    return False


def _free_port(host: str, wished: int) -> int:
    """The port wished for, or any other that is free."""
    for port in (wished, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise RecorderError(f"no port is free on {host}: stop another program and try again")
