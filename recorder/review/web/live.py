"""How far the work has come, told to an open page as it goes on (server-sent events).

What is told is ids, states and figures. Every look asks anew who is there and what they may see, and
a page that is only left open keeps nobody signed in.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import asdict

from fastapi import APIRouter, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from recorder.errors import RecorderError
from recorder.review.web.session import SignedOutError, watcher
from store.errors import StoreError

router = APIRouter()

_LOOK_SECONDS = 2.0
_SILENT_LOOKS = 8  # looks without news after which a line is sent all the same: is anybody there?
_MOST = 64  # pages at a time
_BUSY = 503

Rows = dict[str, dict[str, str | int | None]]
"""State, percent and minutes left of recordings, by id."""


class Live:
    """The pages that are being told; one an app, kept in its state."""

    def __init__(self) -> None:
        self.told = 0
        self._over = asyncio.Event()

    @property
    def over(self) -> bool:
        """Whether the app is about to end."""
        return self._over.is_set()

    def close(self) -> None:
        """End what is being told, so that the server can end; to be called in its loop."""
        self._over.set()

    async def wait(self, seconds: float) -> None:
        """Wait, but no longer than the app goes on."""
        try:
            await asyncio.wait_for(self._over.wait(), seconds)
        except TimeoutError:
            return


@router.get("/work/progress")
def progress(request: Request) -> Response:
    """The figures of this person's recordings that are on their way, whenever they change."""
    live: Live = request.app.state.live
    look(request)  # who may not see it is told so before anything begins
    if live.told >= _MOST:
        raise HTTPException(_BUSY)
    return StreamingResponse(
        _events(request, live),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},  # a proxy must not wait for more
    )


def look(request: Request) -> Rows:
    """The figures now; SignedOutError or UnknownError for whom they are not."""
    return {
        each.recording.id: {"state": each.recording.state, **asdict(each.figures)}
        for each in watcher(request).desk.tray.on_the_way()
    }


async def _events(request: Request, live: Live) -> AsyncIterator[str]:
    live.told += 1
    before: Rows | None = None
    silent = 0
    try:
        while not live.over:
            now = await run_in_threadpool(look, request)
            if now != before:
                yield f"data: {_news(before or {}, now)}\n\n"
                before, silent = now, 0
            elif (silent := silent + 1) % _SILENT_LOOKS == 0:
                yield ":\n\n"
            await live.wait(_LOOK_SECONDS)
    except (SignedOutError, RecorderError, StoreError):
        return  # signed out, or the database is away: the browser asks again, and is told
    finally:
        live.told -= 1


def _news(before: Rows, now: Rows) -> str:
    """What is new or other than before, and which are there no more: thousands may be waiting."""
    changed = {each: row for each, row in now.items() if before.get(each) != row}
    gone = [each for each in before if each not in now]
    return json.dumps({"changed": changed, "gone": gone}, separators=(",", ":"))
