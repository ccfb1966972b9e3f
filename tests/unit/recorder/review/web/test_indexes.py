"""Of a film that is played, its index comes from where it was kept, or is worked out once."""

from __future__ import annotations

import pytest

from recorder.media.index import Insert, Spliced, packed, unpacked
from recorder.media.readable import BytesReadable, Readable
from recorder.review.web.listening import Indexes


class Unread:
    """A film that nobody looks through."""

    size = 10

    def read(self, offset: int, length: int) -> bytes:
        pytest.fail(f"the film was read for its index: {length} bytes from {offset}")


def test_an_index_is_kept_as_it_is() -> None:
    assert unpacked(packed(Insert(2**40 + 1, b"sidx"))) == Insert(2**40 + 1, b"sidx")


def test_what_was_kept_is_asked_for_once_and_the_film_is_not_looked_through() -> None:
    asked: list[int] = []

    def kept() -> bytes:
        asked.append(1)
        return packed(Insert(4, b"here"))

    indexes, film = Indexes(), Unread()
    for _ in range(3):
        found = indexes.with_one("a", film, kept)
        assert isinstance(found, Spliced)
        assert (found.insert, found.size) == (Insert(4, b"here"), 14)
    assert len(asked) == 1


@pytest.mark.parametrize("bytes_", [b"", b"no film at all"])
def test_a_film_without_one_plays_as_it_is(bytes_: bytes) -> None:
    film: Readable = BytesReadable(bytes_)
    assert Indexes().with_one("a", film, lambda: None) is film
