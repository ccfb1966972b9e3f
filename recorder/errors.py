"""Every error this project raises on purpose, under one root.

A sentence is written for a tired practitioner: what happened, why, what to do. It never holds
content: no names, no words from a recording, no file names or paths.
"""
# ruff: noqa: N818 - the names are the words used in the project for these states

from __future__ import annotations

from typing import ClassVar


class RecorderError(Exception):
    """The root: something a user can be told about in one plain sentence."""

    exit_code: ClassVar[int] = 1
    default: ClassVar[str] = "Something went wrong. Run 'recorder doctor' to see what needs doing."

    def __init__(self, sentence: str | None = None) -> None:
        self.sentence = sentence or self.default
        super().__init__(self.sentence)


class MediaError(RecorderError):
    """A file, or the tools that read it, did not give what was needed."""


class NotTaken(MediaError):
    """The file is whole, but of a type that is not taken, or named as another type."""

    default = (
        "This kind of file is not taken. Send a sound recording, a video, or a photo in one of "
        "the usual formats (for example M4A, MP3, WAV, MP4, MOV, JPEG, PNG or HEIC)."
    )


class LeftOut(NotTaken):
    """What a camera keeps beside a recording for itself. Nobody has to do anything about it."""

    default = (
        "This is the small preview that a camera keeps beside each recording, so it is left out. "
        "The full recording is what is needed. This file shows the same in poor quality: delete it "
        "once the recording is kept safe."
    )


class Incomplete(MediaError):
    """The end of the file is not there: still arriving, or cut off on the way."""

    default = (
        "Only part of this file is here: its end is missing. It may have been cut off while it was "
        "copied. Copy it into the folder again from the device that made it."
    )


class Unreadable(MediaError):
    """The file has the right beginning, but its structure makes no sense."""

    default = (
        "This file is damaged and cannot be read. If it plays on the device that made it, copy it "
        "into the folder again from there."
    )


class Unfinished(Incomplete):
    """A film whose index was never written."""

    default = (
        "This recording was not finished: the part that the recorder writes last is missing, as "
        "happens when a battery runs out or a copy is cut off. Copy it into the folder again; if "
        "the device cannot play it either, it cannot be read here."
    )


class UnusualFilm(Unreadable):
    """A film that may be whole, but is laid out in a way that is not followed."""

    default = (
        "This video is laid out in an unusual way that cannot be read here. Open it on the device "
        "that made it, save or export it again as an ordinary MP4, and send that."
    )


class DamagedPicture(Unreadable):
    """The picture could not be decoded."""

    default = (
        "This picture cannot be opened: it is damaged, or saved in an unusual way. If it shows on "
        "the device that took it, copy it into the folder again from there or save it there as a "
        "JPEG, or take the photo again."
    )


class NoSound(MediaError):
    """There is nothing to listen to in this file."""

    default = (
        "There is no sound in this file, so there is nothing to write down. If you expected "
        "speech, check that the microphone was on."
    )


class Undecodable(MediaError):
    """There is a sound track, but it could not be decoded to its end."""

    default = (
        "The sound in this file could not be read to the end: the file is damaged or in an unusual "
        "format. If it plays on the device that made it, copy it into the folder again from there."
    )


class TooLong(MediaError):
    """The recording plays for longer than is taken in one piece."""

    default = (
        "This recording is longer than can be taken in one piece. Check that the recorder was not "
        "left running, and if it is all needed, cut it into shorter parts and send those."
    )


class Stalled(MediaError):
    """A media tool made no progress for too long and was stopped. Worth another try."""

    default = (
        "Reading this file took too long and was stopped. Nothing is lost. Try again; if it "
        "happens twice, copy the file into the folder again from the device that made it."
    )


class ToolMissing(MediaError):
    """A program this project needs is not installed."""

    exit_code: ClassVar[int] = 3
    default = (
        "The program ffmpeg is not installed, so recordings cannot be read. Install it (on Debian or Ubuntu: "
        "'sudo apt install ffmpeg') and try again."
    )


class ToolFailed(MediaError):
    """A media tool ended with an error. Its own words are never kept: they may hold content."""

    def __init__(self, sentence: str | None = None, *, returncode: int | None = None) -> None:
        super().__init__(sentence)
        self.returncode = returncode  # of the child; negative: the signal that ended it


class Overran(MediaError):
    """Reading the file took more computing, or gave more, than any honest one would."""

    default = (
        "Reading this file took far more work than a recording or photo should, so it was stopped. "
        "Nothing else was touched. If it plays or shows on the device that made it, save or export "
        "it again there and send that."
    )


class SandboxFailed(MediaError):
    """No closed-off process could be started to read a file in. Nothing is wrong with the file."""

    exit_code: ClassVar[int] = 3
    default = (
        "Files are read in a closed-off process, and none could be started, so this one has to "
        "wait. Nothing is lost. Ask IT to run 'recorder doctor'."
    )


class PictureTooLarge(MediaError):
    """The picture has more bytes or pixels than are taken."""

    default = (
        "This picture is too large to open safely. Save it at a smaller size, or take the photo "
        "again at your phone's normal setting, and send that."
    )


class IntakeError(RecorderError):
    """The watched folder itself cannot be used."""

    exit_code: ClassVar[int] = 3
    default = (
        "The watched folder cannot be read. Check that it exists, that the synced drive is "
        "connected, and that Recorder may read it. Nothing is lost; it will look again."
    )


class ConfigError(RecorderError):
    """The home or a setting is not usable."""

    exit_code: ClassVar[int] = 2


class UsageError(RecorderError):
    """The command cannot be carried out as it was given."""

    exit_code: ClassVar[int] = 2


class UnknownError(RecorderError):
    """There is no such thing, or this person may not know of it."""

    default = "There is no such page or record, or it is not yours to see."


class NotAllowedError(RecorderError):
    """This person may not do this to this thing."""


class StateError(RecorderError):
    """This cannot be done to the thing in the state it is in, or with what was given for it.

    `field` names what was given that has to be put right, as whoever takes it calls it; empty where
    it is none of that.
    """

    def __init__(self, sentence: str | None = None, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class NoSpeech(MediaError):
    """There is sound, but no word was heard in it."""

    default = (
        "No words were heard in this recording, so no note was drafted from it. Listen to it: if "
        "there is speech, it may be too quiet or too noisy. The recording is kept safe."
    )


class TooLittleSpeech(NoSpeech):
    """Hardly a word of what was heard was surely said: noise, a loop, or a word or two."""

    default = (
        "Too few words could be heard for certain in this recording, so no note was drafted from "
        "it: it may be noise, or only a word or two. Open it and listen: if something was said, "
        "put the words right there and try again. The recording is kept safe."
    )


class ModelError(RecorderError):
    """The speech model is missing, or is not the one it should be."""

    exit_code: ClassVar[int] = 3
    default = (
        "The speech model is missing or damaged, so nothing was written down. Install Recorder "
        "again with 'make setup', or set 'model' in config.toml to a model's folder."
    )


class TooManyTries(RecorderError):
    """A stage failed again and again for reasons of its own."""

    default = (
        "This recording could not be worked on, after several tries. It is kept safe. Ask IT to "
        "run 'recorder doctor', then try again."
    )


class NotMade(RecorderError):
    """No copy to be looked at could be made of a picture or film."""

    default = (
        "No copy for these pages could be made of this recording: it may be damaged or in an "
        "unusual format. The recording itself is kept as it came, and so is its note. Choose 'try "
        "again', or look at it on the device that made it."
    )


class MachineFault(RecorderError):
    """Nothing is wrong with the recording: this machine could not work on it just now."""

    default = (
        "This recording could not be worked on just now: the disk may be full, or the database, the "
        "vault or the keys out of reach. Nothing is lost, and it goes on by itself once that is put "
        "right. IT can see with 'recorder doctor' what it is."
    )


class Cancelled(RecorderError):
    """A person stopped the work on a recording."""

    default = (
        "Somebody stopped the work on this recording. It is kept safe: choose 'try again' to go on "
        "with it."
    )


class ChaptersAwaited(RecorderError):
    """A film came in several files, and some of them are not there yet."""

    default = (
        "The camera made several files of this film, and one of them is still to come. Put all of "
        "them into the folder. If no more come, what is there is written down after a while."
    )


class AgreementNeeded(RecorderError):
    """Somebody in a recording has to agree before it is worked on."""

    default = (
        "Somebody can be heard or seen in this recording who has to agree first. It is kept safe: "
        "write down who agreed on its page, and the note is drafted."
    )


class AgreementWithdrawn(RecorderError):
    """Somebody in a recording took their agreement back."""

    default = (
        "The agreement to this recording was taken back, so nobody hears or sees it. Look at what "
        "was made from it, and decide on each note."
    )


class Stopping(RecorderError):
    """Recorder is being stopped: what was heard is kept, and the rest is heard at the next start."""

    default = "Recorder is being stopped. The rest is done when it starts again."


class NotWhole(RecorderError):
    """What was done is done; but part of the record could not be read."""

    default = (
        "Part of the record could not be read, so this is not everything. Tell whoever looks after "
        "Recorder."
    )


def sentence_for(code: str) -> str:
    """The sentence that belongs to a stored reason code: the name of an error class here."""
    found = globals().get(code)
    if isinstance(found, type) and issubclass(found, RecorderError):
        return found.default
    return TooManyTries.default
