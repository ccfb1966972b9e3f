"""Files sent by a form alone, without scripts: each is sealed piece by piece as it comes.

What a form says stands before its files, the token of its session among it: nothing of a file is
taken before that was compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from recorder.errors import MediaError, RecorderError, StateError
from recorder.review.uploading import Uploading, Writing
from recorder.review.web.multipart import FormReader, before_files
from recorder.review.web.security import MAX_BODY, TooLargeError
from recorder.review.web.session import Visitor, same_session
from store.errors import StoreError
from store.records import Recording
from store.uploads import REFUSED, Upload

Begin = Callable[[Mapping[str, str], str, str], Upload]
"""Makes an upload of the fields, the name of a file's own field, and the file's name."""

_TOO_MUCH = (
    "that was too much to send in one go, so none of it was taken: choose a smaller file, or send one "
    "at a time"
)


@dataclass(frozen=True, slots=True)
class File:
    """What became of one file of a form: one that is not taken takes no other with it."""

    name: str  # of its field
    upload: str = ""  # its id; empty where nothing of it stays
    recording: Recording | None = None  # None: it was not taken, or is taken in later by itself
    problem: RecorderError | None = None  # why it was not taken


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a form."""

    fields: Mapping[str, str]
    files: tuple[File, ...]  # that were chosen, in their order

    @property
    def taken(self) -> list[File]:
        """Those that are kept here."""
        return [each for each in self.files if each.problem is None]

    @property
    def problem(self) -> RecorderError | None:
        """Why the first of the others was not taken; None where all were."""
        return next((each.problem for each in self.files if each.problem is not None), None)


async def sent(
    request: Request, found: Visitor, mine: Uploading, begin: Begin, most: int, too_large: str
) -> Sent:
    """Take a form with files. A file longer than `most` bytes is not taken, and `too_large` says so.

    Of a form that is too large as a whole nothing is taken but its fields. NotAllowedError for a form
    of another session, StateError for what is no form.
    """
    taking = _Taking(found, mine, begin, most, too_large)
    try:
        reader = FormReader(request.headers.get("content-type", ""), taking)
        request.state.read = reader.fields  # for `typed`, if the form is refused
        async for data in request.stream():
            await run_in_threadpool(reader.feed, data)
        reader.close()
        same_session(found, reader.fields.get("csrf", ""))
    except TooLargeError:
        taking.drop()
        if "csrf" not in reader.fields:
            raise
        same_session(found, reader.fields["csrf"])
        return Sent(reader.fields, (File("", problem=StateError(_TOO_MUCH)),))
    except BaseException:
        taking.drop()
        raise
    return Sent(reader.fields, await run_in_threadpool(taking.finish))


async def typed(request: Request) -> Mapping[str, str]:
    """The fields of a form with files that was refused: those that were read, or stand before them."""
    read: dict[str, str] | None = getattr(request.state, "read", None)
    if read is not None:
        return read
    return await before_files(request.headers.get("content-type", ""), request.stream(), MAX_BODY)


class _Taking:
    """The files of one form."""

    def __init__(
        self, found: Visitor, mine: Uploading, begin: Begin, most: int, too_large: str
    ) -> None:
        self._found = found
        self._mine = mine
        self._begin = begin
        self._most = most
        self._too_large = too_large
        self._files: list[File] = []  # the last of them is the one that comes just now
        self._writing: Writing | None = None  # None: the rest of it is read and let go
        self._bytes = 0

    def begin(self, fields: Mapping[str, str], name: str, filename: str) -> None:
        """See `Files`."""
        same_session(self._found, fields.get("csrf", ""))
        self._bytes = 0
        self._files.append(File(name))
        try:
            upload = self._begin(fields, name, filename)
            self._files[-1] = File(name, upload.id)
            self._writing = self._mine.writing(upload.id, 0)
        except (MediaError, StateError) as error:
            self._fail(error)

    def feed(self, data: bytes) -> None:
        """See `Files`."""
        if self._writing is None:
            return
        self._bytes += len(data)
        if self._bytes > self._most:
            self._fail(StateError(self._too_large))
            return
        try:
            self._writing.feed(data)
        except StateError as error:
            self._fail(error)

    def end(self) -> None:
        """See `Files`."""
        if self._writing is None:
            return
        try:
            self._mine.say_size(self._files[-1].upload, self._writing.end())
        except StateError as error:
            self._fail(error)
        self._writing = None

    def finish(self) -> tuple[File, ...]:
        """All of them came: what became of each."""
        return tuple(self._finished(each) if each.upload else each for each in self._files)

    def drop(self) -> None:
        """Nothing of the form counts."""
        self._let_go()
        for each in self._files:
            if each.upload:
                self._mine.remove(each.upload)
        self._files.clear()

    def _finished(self, file: File) -> File:
        try:
            found = self._mine.finish(file.upload)
        except StoreError:
            return file  # every byte is here, and it is taken in later by itself
        except StateError:  # of an empty file there is nothing
            self._mine.remove(file.upload)
            return File(file.name, problem=StateError("this file is empty: choose another"))
        if isinstance(found, Upload) and found.state == REFUSED:
            if found.details.beside:  # of anything else this may be the only copy
                self._mine.remove(file.upload)
            return replace(file, problem=MediaError(found.details.sentence))
        return replace(file, recording=found if isinstance(found, Recording) else None)

    def _fail(self, error: RecorderError) -> None:
        """The file that comes just now is not taken; those before it are."""
        self._let_go()
        failed = self._files[-1]
        if failed.upload:
            self._mine.remove(failed.upload)
        self._files[-1] = File(failed.name, problem=error)

    def _let_go(self) -> None:
        if self._writing is not None:
            self._writing.drop()
            self._writing = None
