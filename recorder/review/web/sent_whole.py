"""Files sent by a form alone, without scripts: each is sealed piece by piece as it comes.

What a form says stands before its files, the token of its session among it: nothing of a file is
taken before that was compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from recorder.errors import MediaError, RecorderError, StateError
from recorder.review.uploading import Uploading, Writing
from recorder.review.web.multipart import FormReader
from recorder.review.web.session import Visitor, same_session
from store.errors import StoreError
from store.records import Recording
from store.uploads import REFUSED, Upload

Begin = Callable[[Mapping[str, str], str, str], Upload]
"""Makes an upload of the fields, the name of a file's own field, and the file's name."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a form."""

    fields: Mapping[str, str]
    files: int  # that were chosen
    recordings: tuple[Recording, ...]  # those that are taken in already
    problem: RecorderError | None  # why one of them was not taken


async def sent(
    request: Request, found: Visitor, mine: Uploading, begin: Begin, most: int, too_large: str
) -> Sent:
    """Take a form with files. A file longer than `most` bytes is not taken, and `too_large` says so.

    NotAllowedError for a form of another session, StateError for what is no form.
    """
    taking = _Taking(found, mine, begin, most, too_large)
    try:
        reader = FormReader(request.headers.get("content-type", ""), taking)
        async for data in request.stream():
            await run_in_threadpool(reader.feed, data)
        reader.close()
        same_session(found, reader.fields.get("csrf", ""))
    except BaseException:
        taking.drop()
        raise
    taken = await run_in_threadpool(taking.finish)
    return Sent(reader.fields, taking.files, taken, taking.problem)


class _Taking:
    """The files of one form. After the first that is not taken the rest is read and let go."""

    def __init__(
        self, found: Visitor, mine: Uploading, begin: Begin, most: int, too_large: str
    ) -> None:
        self._found = found
        self._mine = mine
        self._begin = begin
        self._most = most
        self._too_large = too_large
        self._begun: list[Upload] = []
        self._writing: Writing | None = None
        self._bytes = 0
        self.files = 0
        self.problem: RecorderError | None = None

    def begin(self, fields: Mapping[str, str], name: str, filename: str) -> None:
        """See `Files`."""
        same_session(self._found, fields.get("csrf", ""))
        self.files += 1
        self._bytes = 0
        if self.problem is not None:
            return
        try:
            upload = self._begin(fields, name, filename)
            self._begun.append(upload)
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
            self._mine.say_size(self._begun[-1].id, self._writing.end())
        except StateError as error:
            self._fail(error)
        self._writing = None

    def finish(self) -> tuple[Recording, ...]:
        """All of them came: those that are recordings now."""
        taken = [self._finished(each) for each in self._begun]
        return tuple(each for each in taken if each is not None)

    def drop(self) -> None:
        """Nothing of the form counts."""
        if self._writing is not None:
            self._writing.drop()
            self._writing = None
        for each in self._begun:
            self._mine.remove(each.id)
        self._begun.clear()

    def _finished(self, upload: Upload) -> Recording | None:
        try:
            found = self._mine.finish(upload.id)
        except StoreError:
            return None  # every byte is here, and it is taken in later by itself
        except StateError:  # of an empty file there is nothing
            self._mine.remove(upload.id)
            self.problem = StateError("this file is empty: choose another")
            return None
        if isinstance(found, Upload) and found.state == REFUSED:
            self.problem = MediaError(found.details.sentence)
            if found.details.beside:  # of anything else this may be the only copy
                self._mine.remove(upload.id)
            return None
        return found if isinstance(found, Recording) else None

    def _fail(self, error: RecorderError) -> None:
        self.problem = error
        self.drop()
