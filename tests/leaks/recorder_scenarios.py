"""How each error of the application comes about, with canaries all around it."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import zlib
from collections.abc import Callable, Iterable, Sequence

from click.testing import CliRunner
from msgspec import structs
from PIL import Image, PngImagePlugin
from sqlalchemy import update

from recorder import errors, hearing, noting
from recorder.cli import cli
from recorder.codec import encode
from recorder.config import load
from recorder.intake.identify import recognise
from recorder.intake.walk import walk
from recorder.making import make_or_wait
from recorder.media import picture, sound
from recorder.media.faststart import front_to_back
from recorder.media.readable import BytesReadable
from recorder.media.sniff import TYPES
from recorder.pipeline import Work
from recorder.review.desk import Desk
from recorder.sandbox import child, runner
from recorder.sandbox.ladder import Confinement, Level, Program
from recorder.sandbox.limits import Limits
from recorder.scheduler import run_stage
from store.agreements import Said
from store.records import PROBED, Recording
from store.tables import note_versions
from tests.leaks.store_scenarios import Scenario
from tests.leaks.world import World, wav
from transcribe.model import Segment, Transcript

SCENARIOS: dict[type[Exception], Scenario] = {}


def raises(error: type[Exception]) -> Callable[[Scenario], Scenario]:
    """Marks what raises exactly this error."""

    def marked(scenario: Scenario) -> Scenario:
        SCENARIOS[error] = scenario
        return scenario

    return marked


# --- media ---


@raises(errors.NotTaken)
def a_letter(world: World) -> object:
    return _recognised(world, world.canaries.phrase().encode(), ".txt")


@raises(errors.LeftOut)
def a_preview(world: World) -> object:
    return _recognised(world, b"\xff\xd8\xff" + world.canaries.phrase().encode(), ".thm")


@raises(errors.Incomplete)
def half_a_recording(world: World) -> object:
    whole = wav(world.canaries.phrase())
    return _recognised(world, whole[: len(whole) // 2], ".wav")


@raises(errors.Unfinished)
def a_film_whose_index_was_never_written(world: World) -> object:
    words = world.canaries.phrase().encode()
    content = _box(b"ftyp", b"isom\0\0\0\0") + _box(b"mdat", words)
    return _recognised(world, content, ".mp4")


@raises(errors.Unreadable)
def a_film_whose_boxes_make_no_sense(world: World) -> object:
    words = world.canaries.phrase().encode()
    content = _box(b"ftyp", b"isom\0\0\0\0") + _box(b"mdat", words) + b"\0\0\0\3" + words
    return _recognised(world, content, ".mp4")


@raises(errors.UnusualFilm)
def a_film_in_fragments(world: World) -> object:
    words = world.canaries.phrase().encode()
    parts = _box(b"mdat", words) + _box(b"moof", words) + _box(b"moov", _box(b"udta", words))
    content = _box(b"ftyp", b"isom\0\0\0\0") + parts
    return b"".join(front_to_back(BytesReadable(content)))


@raises(errors.DamagedPicture)
def a_picture_that_breaks_off(world: World) -> object:
    described = PngImagePlugin.PngInfo()
    described.add_text("Comment", world.canaries.phrase())
    out = io.BytesIO()
    Image.effect_noise((80, 80), 60).save(out, "PNG", pnginfo=described)
    return picture.derive(out.getvalue()[:2000])


@raises(errors.NoSound)
def a_film_without_sound(world: World) -> object:
    out = world.tmp / "silent.mp4"
    argv = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=s=32x32:d=0.2"]
    subprocess.run([*argv, "-metadata", f"title={world.canaries.word()}", str(out)], check=True)
    content = out.read_bytes()
    out.unlink()  # it was this test's own
    return hearing.examine(world.home, world.register(content, "mp4", "video"))


@raises(errors.Undecodable)
def sound_of_an_unknown_kind(world: World) -> object:
    content = wav(world.canaries.phrase(), 1).replace(struct.pack("<HH", 1, 1), b"\x77\x77\1\0", 1)
    return list(sound.pcm(BytesReadable(content), TYPES["wav"]))


@raises(errors.TooLong)
def a_recorder_that_was_left_running(world: World) -> object:
    content = wav(world.canaries.phrase(), 3)
    return list(sound.pcm(BytesReadable(content), TYPES["wav"], max_seconds=1))


@raises(errors.Stalled)
def a_tool_that_stands_still(world: World) -> object:
    words = world.canaries.phrase().encode()
    return _run("exec sleep 30", words, Limits(answer=64, stall_seconds=0.2))


@raises(errors.ToolMissing)
def a_machine_without_ffmpeg(world: World) -> object:
    recording, path = world.register(wav(world.canaries.phrase())), os.environ["PATH"]
    os.environ["PATH"] = str(world.tmp)
    try:
        return hearing.examine(world.home, recording)
    finally:
        os.environ["PATH"] = path


@raises(errors.ToolFailed)
def a_tool_that_fails_and_says_why(world: World) -> object:
    words = world.canaries.phrase().encode()
    return _run("read said; echo $said >&2; exit 3", words + b"\n", Limits(answer=64))


@raises(errors.Overran)
def a_tool_that_says_too_much(world: World) -> object:
    return _run("exec cat", world.canaries.phrase().encode(), Limits(answer=4))


@raises(errors.SandboxFailed)
def a_sandbox_that_is_gone(world: World) -> object:
    words, path = world.canaries.phrase().encode(), os.environ["PATH"]
    os.environ["PATH"] = str(world.tmp)
    try:
        gone = Confinement(Level.BUBBLEWRAP)
        return list(child.stream(_shell("exec cat"), iter([words]), Limits(answer=64), gone))
    finally:
        os.environ["PATH"] = path


def _run(script: str, words: bytes, limits: Limits) -> object:
    return list(runner.stream(_shell(script), iter([words]), limits))


def _shell(script: str) -> Program:
    return Program(("/bin/sh", "-c", script))


@raises(errors.PictureTooLarge)
def a_picture_with_too_many_pixels(world: World) -> object:
    described = PngImagePlugin.PngInfo()
    described.add_text("Comment", world.canaries.phrase())
    out = io.BytesIO()
    Image.new("1", (8, 8)).save(out, "PNG", pnginfo=described)
    header = b"IHDR" + struct.pack(">II", 60_000, 60_000) + out.getvalue()[24:29]
    large = out.getvalue()[:12] + header + zlib.crc32(header).to_bytes(4, "big")
    return picture.derive(large + out.getvalue()[33:])


def _recognised(world: World, content: bytes, ending: str) -> object:
    return recognise(BytesReadable(content), world.file(content, ending).name)


def _box(kind: bytes, body: bytes) -> bytes:
    return (8 + len(body)).to_bytes(4, "big") + kind + body


# --- work on recordings ---


class Deaf:
    """An engine that reads the sound to its end and hears nothing in it."""

    def hear(self, pcm: Iterable[bytes], **_: object) -> Transcript:
        list(pcm)
        return Transcript("none", "0" * 64, "en", {}, 0, ())

    def parameters(
        self,
        hotwords: str | None,
        names: Sequence[str] = (),  # noqa: ARG002 - the Protocol's
        terms: Sequence[str] = (),  # noqa: ARG002 - likewise
    ) -> dict[str, str | int | float | bool | None]:
        return {"hotwords": hotwords}

    def common(self, word: str) -> bool:  # noqa: ARG002 - the Protocol's
        return True


class Quoting(Deaf):
    """An engine that fails, and quotes what it heard."""

    def __init__(self, words: str) -> None:
        self._words = words

    def hear(self, pcm: Iterable[bytes], **_: object) -> Transcript:  # noqa: ARG002 - the Protocol's
        raise ValueError(self._words)


@raises(errors.NoSpeech)
def silence(world: World) -> object:
    recording = world.register(wav(world.canaries.phrase()))
    return hearing.hear(world.home, recording, Deaf, lambda _: None)


@raises(errors.TooLittleSpeech)
def a_word_or_two(world: World) -> object:
    store, recording = world.home.store, world.register(wav(world.canaries.phrase()))
    heard = Transcript("none", "0" * 64, "en", {}, 900, (Segment(0, 900, world.canaries.word()),))
    with store.database.write() as connection:
        store.recordings.keep_transcript(connection, recording, encode(heard))
    return noting.compose(world.home, recording)


@raises(errors.ModelError)
def a_model_that_is_not_there(world: World) -> object:
    elsewhere = str(world.home.settings.intake / world.canaries.word())
    return hearing.load_engine(structs.replace(world.home.settings, model=elsewhere))


@raises(errors.Stopping)
def work_that_is_told_to_stop(world: World) -> object:
    Work(world.home, Deaf, stopping=lambda: True).between(1)
    return None


@raises(errors.TooManyTries)
def an_engine_that_fails_again_and_again(world: World) -> object:
    store, recording = world.home.store, world.register(wav(world.canaries.phrase()))
    with store.database.write() as connection:
        store.recordings.advance(connection, recording, PROBED)
    engine = Quoting(world.canaries.phrase())
    said = ""
    while said != "quarantined":
        said = run_stage(Work(world.home, lambda: engine), store.recordings.get(recording.id))
    raise _reason(world, recording)


@raises(errors.NotMade)
def a_film_of_which_nothing_can_be_made(world: World) -> object:
    film = world.register(wav(world.canaries.phrase()), kind="video")
    make_or_wait(world.home, film.id, lambda: False)
    standing = world.home.store.makings.standing(film.id)
    assert standing is not None
    raise errors.NotMade if standing.reason == errors.NotMade.__name__ else AssertionError


@raises(errors.MachineFault)
def work_that_the_machine_could_not_do(world: World) -> object:
    recording = world.register(wav(world.canaries.phrase()))
    world.home.store.recordings.postpone(recording, errors.MachineFault.__name__, 0)
    raise _reason(world, recording)


@raises(errors.Cancelled)
def work_that_somebody_stopped(world: World) -> object:
    recording = world.register(wav(world.canaries.phrase()))
    world.home.store.recordings.cancel(recording.id, world.practitioner.id)
    raise _reason(world, recording)


@raises(errors.ChaptersAwaited)
def a_film_of_which_chapters_are_missing(world: World) -> object:
    recording = world.register(wav(world.canaries.phrase()))
    world.home.store.recordings.put_off(recording, errors.ChaptersAwaited.__name__, 0)
    raise _reason(world, recording)


@raises(errors.AgreementNeeded)
def a_film_that_nobody_agreed_to(world: World) -> object:
    recording = world.register(wav(world.canaries.phrase()))
    world.home.store.agreements.ask(recording, world.practitioner.id)
    raise errors.AgreementNeeded(errors.sentence_for(errors.AgreementNeeded.__name__))


@raises(errors.AgreementWithdrawn)
def an_agreement_that_was_taken_back(world: World) -> object:
    store = world.home.store
    recording = world.register(wav(world.canaries.phrase()))
    said = Said(who=world.canaries.name(), how=world.canaries.phrase(), when=world.canaries.word())
    store.agreements.ask(recording, world.practitioner.id)
    store.agreements.give(store.recordings.get(recording.id), said, world.practitioner.id)
    store.agreements.take_back(store.recordings.get(recording.id), said, world.practitioner.id)
    raise _reason(world, recording)


def _reason(world: World, recording: Recording) -> Exception:
    """The error that the row names: these two are kept as codes and told by their sentence."""
    code = world.home.store.recordings.get(recording.id).reason or ""
    error: Exception = getattr(errors, code)(errors.sentence_for(code))
    return error


# --- a home and its commands ---


@raises(errors.IntakeError)
def a_folder_that_is_gone(world: World) -> object:
    return walk(world.home.settings.intake / world.canaries.word())


@raises(errors.ConfigError)
def a_setting_that_cannot_be(world: World) -> object:
    config = world.home.folder / "config.toml"
    before = config.read_text()
    config.write_text(f'{before}\nglossary = "{world.canaries.word()}"\n')
    try:
        return load(world.home.folder)
    finally:
        config.write_text(before)


@raises(errors.UsageError)
def a_reference_that_is_taken(world: World) -> object:
    by = ("--by", world.practitioner.handle)
    return _command("cases", "add", world.case.details.ref, "--name", world.canaries.name(), *by)


@raises(errors.NotWhole)
def a_search_over_damage(world: World) -> object:
    with world.home.store.database.write() as connection:
        connection.execute(update(note_versions).values(sealed=bytes(300)))
    words = world.canaries.word()
    return _command("notes", "find", "--as", world.practitioner.handle, typed=words)


def _command(*words: str, typed: str = "") -> object:
    done = CliRunner().invoke(cli, words, input=typed)
    if done.exception is None:
        return done.output
    raise done.exception


# --- the desk ---


@raises(errors.UnknownError)
def a_note_of_somebody_else(world: World) -> object:
    others = world.home.store.people.all("practitioner")[1:]
    note = world.note
    return [Desk(world.home.store, each).read(note.id) for each in others]


@raises(errors.NotAllowedError)
def approving_ones_own(world: World) -> object:
    note = world.note
    world.desk.submit(note.id, note.number)
    world.desk.approve(note.id, note.number)
    return None


@raises(errors.StateError)
def an_edit_that_came_too_late(world: World) -> object:
    note = world.note
    world.desk.save(note.id, note.number, {"s1": world.canaries.phrase()})
    return world.desk.save(note.id, note.number, {"s1": world.canaries.phrase()})
