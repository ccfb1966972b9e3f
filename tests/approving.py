"""Notes that a supervisor approved."""

from __future__ import annotations

import io

from PIL import Image

from recorder.codec import encode
from recorder.home import Home
from recorder.review.desk import Desk
from recorder.sample import Team
from store.notes import Note
from store.records import DRAFTED, Arrival
from transcribe.model import Contact, Draft, Origin, Source, Statement


def approved(home: Home, team: Team, case_id: str, shade: str = "white") -> Note:
    """A note of a case, with a drawing of this colour."""
    arrival = Arrival(case_id, case_id, team.practitioner.id, "png", "picture", "d.png", 1, "file")
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), shade).save(picture, "PNG")
    sealed = home.store.recordings.seal(case_id, [picture.getvalue()])
    recording, _ = home.store.recordings.register(sealed, arrival)
    source = (Source(recording=recording.id),)
    statement = Statement("s1", "strength", "He drew his home.", Origin.MACHINE, "Amara", source)
    new = Note("", case_id, case_id, team.practitioner.id, "case_note", "draft", 0, 1, 0)
    with home.store.database.write() as connection:
        payload = encode(Draft("case_note", Contact(significant=True), (statement,)))
        note_id = home.store.notes.create(connection, new, payload, None)
        home.store.recordings.advance(connection, recording, DRAFTED, note_id=note_id)
    Desk(home.store, team.practitioner).submit(note_id, 1)
    Desk(home.store, team.supervisor).approve(note_id, 1)
    return home.store.notes.get(note_id)
