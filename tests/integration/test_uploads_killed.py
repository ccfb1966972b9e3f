"""A server that is killed between any two pieces has lost no byte that it answered for."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time

import pytest

from recorder.home import Home
from recorder.sample import Team
from store.tables import TEAM
from store.uploads import UploadDetails

KILLS = 4
_LONGEST = 0.6  # seconds that one lives

_SENDS = """
import sys
from pathlib import Path
from recorder.home import open_home
from recorder.review.uploading import Uploading, NoIntake

class Room(NoIntake):
    most = 10**9
    def has_room(self, size):
        return True

home, upload_id = open_home(Path(sys.argv[1])), sys.argv[2]
person = home.store.people.get(home.store.uploads.get(upload_id).person_id)
mine = Uploading(home.store, person, (), Room())
offset = mine.get(upload_id).offset
while True:
    writing = mine.writing(upload_id, offset)
    writing.feed(b"".join(b"%08d" % at for at in range(offset, offset + 4000, 8)))
    offset = writing.end()
    print(offset, flush=True)
"""


def test_every_byte_that_was_answered_for_is_there_after_a_kill(
    home: Home, team: Team, request: pytest.FixtureRequest
) -> None:
    chance, uploads = random.Random(request.node.nodeid), home.store.uploads
    details = UploadDetails("voice", "", 1_000)
    upload = uploads.begin(team.practitioner.id, TEAM, None, details, most=9)
    answered = 0
    for _ in range(KILLS):
        command = [sys.executable, "-c", _SENDS, str(home.folder), upload.id]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            answered = max(answered, int(process.stdout.readline()))
            time.sleep(chance.random() * _LONGEST)
            process.send_signal(signal.SIGKILL)
            said = process.stdout.read().split(b"\n")[:-1]  # the last line may be cut off
            answered = max(answered, *map(int, said), answered)
        found = uploads.get(upload.id).offset
        assert found >= answered
        whole = b"".join(b"%08d" % at for at in range(0, found, 8))
        assert b"".join(uploads.content(upload.id)) == whole
    assert answered >= KILLS * 4000
    home.store.strays.sweep()
    assert b"".join(uploads.content(upload.id)) == whole
