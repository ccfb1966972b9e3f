from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image
from starlette.testclient import TestClient

from recorder.review.web.listening import _PIECE, _pieces
from store.records import Arrival, Recording
from store.store import Store

SOUND = bytes(range(256)) * 1000
SIZE = len(SOUND)


def played(store: Store, recording: Recording) -> int:
    return sum(
        event.action == "recording played" and event.object == recording.id
        for event in store.audit.events()
    )


def test_the_whole_recording_is_sent_when_no_range_is_asked(
    amara: TestClient, voice: Recording
) -> None:
    answer = amara.get(f"/recordings/{voice.id}/media")
    assert (answer.status_code, answer.content) == (200, SOUND)
    assert answer.headers["content-type"] == "audio/wav"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-length"] == str(SIZE)


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-", 0, SIZE),
        ("bytes=65530-65545", 65_530, 65_546),  # over the edge of a sealed chunk
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE),
        ("bytes=-5", SIZE - 5, SIZE),
        (f"bytes=-{SIZE * 2}", 0, SIZE),
        (f"bytes=100-{SIZE * 2}", 100, SIZE),
    ],
)
def test_a_range_is_sent_exactly(
    amara: TestClient, voice: Recording, asked: str, start: int, end: int
) -> None:
    answer = amara.get(f"/recordings/{voice.id}/media", headers={"range": asked})
    assert (answer.status_code, answer.content) == (206, SOUND[start:end])
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{SIZE}"
    assert answer.headers["content-length"] == str(end - start)


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=9-3", "bytes=-0"])
def test_a_range_outside_the_recording_is_refused_with_its_size(
    amara: TestClient, voice: Recording, asked: str
) -> None:
    answer = amara.get(f"/recordings/{voice.id}/media", headers={"range": asked})
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["content-range"] == f"bytes */{SIZE}"


@pytest.mark.parametrize("asked", ["bytes=-", "bytes=0-1,5-9", "items=0-1", "bytes=a-b", "x"])
def test_a_range_that_is_not_understood_is_ignored(
    amara: TestClient, voice: Recording, asked: str
) -> None:
    answer = amara.get(f"/recordings/{voice.id}/media", headers={"range": asked})
    assert (answer.status_code, len(answer.content)) == (200, SIZE)


def test_a_recording_goes_out_in_pieces(store: Store, voice: Recording) -> None:
    told: list[tuple[int, int]] = []
    reader = store.recordings.open(voice.id)
    pieces = list(_pieces(reader, 10, SIZE, lambda start, end: told.append((start, end))))
    assert b"".join(pieces) == SOUND[10:]
    assert [end - start for start, end in told] == [len(each) for each in pieces]
    assert (told[0][0], told[-1][1]) == (10, SIZE)
    assert max(map(len, pieces)) <= _PIECE


@pytest.mark.parametrize("dest", ["script", "style", "iframe", "object", "image"])
def test_a_recording_is_fetched_for_nothing_but_playing(
    amara: TestClient, voice: Recording, dest: str
) -> None:
    path = f"/recordings/{voice.id}/media"
    assert amara.get(path, headers={"sec-fetch-dest": dest}).status_code == 404
    assert amara.get(path, headers={"sec-fetch-dest": "audio"}).status_code == 200


def test_one_playing_in_many_pieces_is_one_event_for_each_session(
    store: Store, amara: TestClient, ruth: TestClient, voice: Recording
) -> None:
    for start in range(0, 50_000, 10_000):
        asked = {"range": f"bytes={start}-{start + 9_999}"}
        assert amara.get(f"/recordings/{voice.id}/media", headers=asked).status_code == 206
    assert played(store, voice) == 1
    ruth.get(f"/recordings/{voice.id}/media")
    assert played(store, voice) == 2


def test_a_refused_request_does_not_pass_for_the_first_piece_of_a_playing(
    store: Store, ben: TestClient, voice: Recording
) -> None:
    for _ in range(2):
        assert ben.get(f"/recordings/{voice.id}/media").status_code == 404
    assert played(store, voice) == 0


@pytest.fixture
def picture(store: Store, arrival: Arrival, drawing: bytes) -> Recording:
    sealed = store.recordings.seal(arrival.scope, [drawing])
    as_picture = replace(arrival, media_type="jpeg", kind="picture")
    return store.recordings.register(sealed, as_picture)[0]


def test_a_picture_is_shown_as_a_clean_copy(
    store: Store, amara: TestClient, picture: Recording, drawing: bytes
) -> None:
    answer = amara.get(f"/recordings/{picture.id}/picture")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.content != drawing
    with Image.open(io.BytesIO(answer.content)) as shown:
        assert shown.format == "JPEG"
        assert not dict(shown.getexif())
    assert played(store, picture) == 1


def test_a_picture_is_not_played_and_a_sound_not_looked_at(
    amara: TestClient, picture: Recording, voice: Recording
) -> None:
    assert amara.get(f"/recordings/{picture.id}/media").status_code == 404
    assert amara.get(f"/recordings/{voice.id}/picture").status_code == 404


def test_a_picture_that_cannot_be_opened_is_one_sentence(
    store: Store, amara: TestClient, arrival: Arrival
) -> None:
    sealed = store.recordings.seal(arrival.scope, [b"no picture"])
    broken = store.recordings.register(sealed, replace(arrival, kind="picture"))[0]
    answer = amara.get(f"/recordings/{broken.id}/picture")
    assert answer.status_code == 422
    assert "damaged" in answer.text


def test_the_recording_page_plays_and_shows_by_kind(
    amara: TestClient, voice: Recording, picture: Recording
) -> None:
    sound = amara.get(f"/recordings/{voice.id}").text
    assert f'<audio controls preload="none" src="/recordings/{voice.id}/media"' in sound
    assert f'src="/recordings/{picture.id}/picture"' in amara.get(f"/recordings/{picture.id}").text
