"""A picture as pages and documents show it: a copy without what the camera wrote, never the original."""

from __future__ import annotations

from recorder.media import picture
from store.derived import COPY, STRAIGHTENED, THUMBNAIL
from store.errors import NotFoundError, TamperedError
from store.records import Recording
from store.store import Store


def shown(store: Store, recording: Recording, kind: str = COPY) -> bytes:
    """The JPEG of this kind that was made of a picture; made now where it is not there yet.

    Raises a MediaError if it cannot be made.
    """
    try:
        _, reader = store.makings.open(recording.id, kind)
    except (NotFoundError, TamperedError):  # the second is told already: there is the original
        if kind == STRAIGHTENED:  # nobody has to have one
            return shown(store, recording)
        # One byte more than is taken, so that a longer one is refused without being read.
        original = store.recordings.open(recording.id).read(0, picture.MAX_BYTES + 1)
        made = picture.derive(original)
        return made.thumbnail if kind == THUMBNAIL else made.jpeg
    return reader.read(0, reader.size)
