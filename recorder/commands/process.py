"""`recorder process`: a note here and now, from given recordings."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path, PurePath
from typing import Any

import click
from msgspec import structs
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from recorder.around import people_around
from recorder.clock import milliseconds
from recorder.codec import decode_draft
from recorder.commands.inputs import file_type, kind_from, kind_option, moment_from, people_from
from recorder.commands.options import case, home_option, json_option, member, opened, show
from recorder.errors import AgreementNeeded, MediaError, RecorderError, UsageError, sentence_for
from recorder.format1 import document
from recorder.hearing import load_engine
from recorder.home import Home, create_home
from recorder.intake.identify import place
from recorder.intake.owner import Owner
from recorder.intake.receive import receive
from recorder.intake.scan import Arrived, Signature
from recorder.intake.unseal import is_sealed, judge
from recorder.logs import to_stderr
from recorder.media.readable import FileReadable
from recorder.pipeline import Work
from recorder.render import as_text
from recorder.scheduler import work_off
from recorder.voicemodels import load_voices
from recorder.whose import heard_by_name
from store.cases import Around, CaseDetails
from store.laptops import Laptops
from store.notes import Note
from store.people import Member
from store.records import AGREEMENT_NEEDED, Recording
from templates import type_of
from transcribe.draft import from_transcript
from transcribe.draft.checks.whole import remarks
from transcribe.model import Draft, Person, Remark, Transcript

_TRY_OUT = "TRY-OUT"
_MOST = 20  # speakers
_FEWER = (
    "recorder: {} of {} speakers could be told apart: who says little, or sounds like somebody "
    "else, may stand under another. Listen before you rely on who said what."
)


@click.command()
@home_option
@json_option
@kind_option
@click.argument("files", nargs=-1, required=True, type=file_type)
@click.option("--case", "ref", help="The case the recordings belong to.")
@click.option("--by", metavar="HANDLE", help="The practitioner who made them.")
@click.option("--people", type=file_type, help="JSON with names and roles, for use without --case.")
@click.option("--recorded-at", help="When they were made (ISO), if the files do not say.")
@click.option("--speakers", type=click.IntRange(1, _MOST), help="How many people speak, if known.")
@click.option("--careful", is_flag=True, help="Hear with care: slower, by 'careful_model' if set.")
@click.pass_context
def process(ctx: click.Context, /, files: tuple[Path, ...], **options: Any) -> None:
    """Turn recordings into a note, with the same steps as the watched folder.

    Without --case it works in a temporary sealed home that is gone at the end. A .age file is
    opened by the home that it was sealed for.
    """
    to_stderr(logging.ERROR)  # what was set aside is said in a sentence, below
    moment = moment_from(options["recorded_at"])
    with _home_for(options) as (home, whose), _opening(home, files, options) as laptops:
        voices = cache(lambda: load_voices(home.settings))
        speakers = options["speakers"]
        if (speakers or 1) > 1 and voices() is None:
            raise UsageError("--speakers needs the models of voices: see docs/SPEAKERS.md")
        taking = _Taking(home, whose, laptops, kind_from(options["kind"]), moment)
        taken = [taking.take(path) for path in files]
        recordings = [recording for recording in taken if recording is not None]
        with _progress() as heard:
            work = _work(home, heard, careful=options["careful"])
            work_off(replace(work, telling=voices, speakers=speakers))
        after = [home.store.recordings.get(recording.id) for recording in recordings]
        # Set aside for good, or to be tried again later by 'recorder run': no note either way.
        without_note = [recording for recording in after if recording.note_id is None]
        for recording in without_note:
            waits = recording.state == AGREEMENT_NEEDED
            why = AgreementNeeded.__name__ if waits else recording.reason or ""
            click.echo(f"recorder: {sentence_for(why)}", err=True)
        _print(home, after, speakers, as_json=options["as_json"])
    if len(recordings) < len(files) or without_note:
        ctx.exit(1)


def _work(home: Home, heard: Callable[[int], None], *, careful: bool) -> Work:
    """What the recordings are worked on with; all of them with care if that was asked for."""
    with_care = cache(lambda: load_engine(home.settings, careful=True))
    usual = with_care if careful else cache(lambda: load_engine(home.settings))
    return Work(home, usual, heard, careful=with_care)


@contextmanager
def _home_for(options: dict[str, Any]) -> Iterator[tuple[Home, Owner]]:
    if options["ref"] is not None:
        if options["by"] is None:
            raise UsageError("--case needs --by: whose recordings are they?")
        with opened(options["home"]) as home:
            yield home, Owner(member(home, options["by"]).id, case(home, options["ref"]).id)
        return
    with tempfile.TemporaryDirectory(prefix="recorder-") as folder:
        home = create_home(Path(folder) / "home")
        # Nothing is kept, so nobody has to agree to its being kept; and no other files come.
        alone = structs.replace(home.settings, agreement=(), chapter_wait_minutes=0)
        home = replace(home, settings=alone)
        try:
            yield home, _try_out(home, people_from(options["people"]))
        finally:
            home.close()


def _try_out(home: Home, people: Sequence[Person]) -> Owner:
    """A practitioner and a case made of the people given."""
    makers = [each for each in people if each.role == "practitioner"]
    young = [each for each in people if each.role == "young_person"]
    name = makers[0].name if makers else ""
    maker = home.store.people.add(Member("", "practitioner", "maker", name, None), "console")
    others = [each for each in people if each not in (*makers[:1], *young[:1])]
    around = tuple(Around(each.name, each.role) for each in others)
    subject = young[0].name if young else ""
    added = home.store.cases.add(CaseDetails(_TRY_OUT, subject, "", around), maker.id, "console")
    return Owner(maker.id, added.id)


@contextmanager
def _opening(home: Home, files: Sequence[Path], options: dict[str, Any]) -> Iterator[Laptops]:
    """What opens files that came sealed: a temporary home is not whom they were sealed for."""
    if options["ref"] is not None or not any(is_sealed(path.name) for path in files):
        yield home.store.laptops
        return
    with opened(options["home"]) as real:
        yield real.store.laptops


@dataclass(frozen=True, slots=True)
class _Taking:
    """How the files of one call are taken in."""

    home: Home
    whose: Owner
    laptops: Laptops
    kind: str | None
    moment: datetime | None

    def take(self, path: Path) -> Recording | None:
        """Receive one file and leave it where it is; None, with its sentence said, if refused."""
        zone = self.home.settings.timezone
        said = None if self.moment is None else milliseconds(self.moment, zone)
        try:
            arrived = self._arrived(path)
            _, recording = receive(
                self.home.store, arrived, self.whose, self.kind, said, self.laptops
            )
        except MediaError as error:
            click.echo(f"recorder: {error.sentence}", err=True)
            return None
        except OSError as error:
            raise UsageError(f"a file cannot be read ({error.strerror}): check its name") from error
        if recording is None:
            raise RecorderError(
                "a file changed while it was being read: try again once it is whole"
            )
        return recording

    def _arrived(self, path: Path) -> Arrived:
        with path.open("rb") as file:
            media_type = judge(self.laptops, FileReadable(file.fileno()), path.name)
        relative = PurePath(path.name)
        return Arrived(path, relative, place(relative), media_type, Signature.of(path.stat()))


def _print(
    home: Home, recordings: Sequence[Recording], speakers: int | None, *, as_json: bool
) -> None:
    note_ids = list(dict.fromkeys(each.note_id for each in recordings if each.note_id is not None))
    made = [_made(home, note_id) for note_id in note_ids]
    for found in (each.parameters.get("speakers") for one in made for each in one.transcripts):
        if speakers is not None and isinstance(found, int) and found < speakers:
            click.echo(_FEWER.format(found, speakers), err=True)
    documents = [_document(home, each) for each in made] if as_json else []
    if documents:
        show(documents[0] if len(documents) == 1 else documents)
    elif not as_json:
        for each in made:
            click.echo(as_text(each.draft, each.remarks))


@dataclass(frozen=True, slots=True)
class _Made:
    """A note that was made, and what from."""

    note: Note
    draft: Draft
    transcripts: Sequence[Transcript]
    remarks: Sequence[Remark]


def _made(home: Home, note_id: str) -> _Made:
    note = home.store.notes.get(note_id)
    draft = decode_draft(home.store.notes.version(note_id, note.number).payload)
    said = {
        each.id: found.transcript
        for each in home.store.recordings.of_note(note_id)
        if (found := heard_by_name(home.store, each.id, people_around(home.store, each)))
    }
    spoken = [one for each, found in said.items() for one in from_transcript(each, found, None)]
    noted = remarks(draft, type_of(draft.kind), spoken)
    return _Made(note, draft, tuple(said.values()), noted)


def _document(home: Home, made: _Made) -> dict[str, Any]:
    case_id = made.note.case_id
    ref = None if case_id is None else home.store.cases.get(case_id).details.ref
    case_ref = None if ref == _TRY_OUT else ref
    return document(made.draft, case_ref, made.transcripts, made.remarks)


@contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    """A line that moves on a terminal, and nothing anywhere else."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("reading")

        def heard(milliseconds: int) -> None:
            minutes, seconds = divmod(milliseconds // 1000, 60)
            bar.update(task, description=f"heard {minutes}:{seconds:02d}")

        yield heard
