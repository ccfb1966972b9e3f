"""Pictures and films as pages show them: copies made here, opened piece by piece, and never more."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import update
from starlette.testclient import TestClient

from store.agreements import Said
from store.derived import COPY, POSTER, PROXY, THUMBNAIL, New
from store.journal import SEALED, Look
from store.notes import Note
from store.original import CopyDetails
from store.records import DRAFTED, Arrival, Recording
from store.store import Store
from store.tables import derived

FILM = bytes(range(256)) * 1000
FRAME = b"\xff\xd8 a frame"
Form = Callable[..., dict[str, str]]


def in_the_note(store: Store, note: Note, arrival: Arrival, content: bytes) -> Recording:
    found, _ = store.recordings.register(store.recordings.seal(arrival.scope, [content]), arrival)
    with store.database.write() as connection:
        store.recordings.advance(connection, found, DRAFTED, note_id=note.id)
    return store.recordings.get(found.id)


def made(store: Store, recording: Recording, **copies: bytes) -> None:
    new = []
    for kind, content in copies.items():
        sealed = store.recordings.seal(recording.scope, [content])
        mime = "video/mp4" if kind == PROXY else "image/jpeg"
        new.append(New(kind, 1, sealed, CopyDetails.of(sealed, mime, 720, 1280)))
    store.makings.keep(recording, new)


@pytest.fixture
def film(store: Store, note: Note, arrival: Arrival) -> Recording:
    """A film in the note, with what plays in its place."""
    shot = replace(arrival, kind="video", media_type="mov")
    found = in_the_note(store, note, shot, b"an original film")
    made(store, found, **{PROXY: FILM, POSTER: FRAME})
    return found


@pytest.fixture
def picture(store: Store, note: Note, arrival: Arrival, drawing: bytes) -> Recording:
    """A picture in the note of which nothing was made yet."""
    return in_the_note(store, note, replace(arrival, kind="picture", media_type="jpeg"), drawing)


def played(store: Store, recording: Recording) -> int:
    return sum(
        event.action == "recording played" and event.object == recording.id
        for event in store.audit.events()
    )


def test_what_plays_in_a_films_place_is_sent_by_range(
    amara: TestClient, store: Store, film: Recording
) -> None:
    address = f"/recordings/{film.id}/film"
    whole = amara.get(address)
    assert (whole.status_code, whole.content) == (200, FILM)
    assert whole.headers["content-type"] == "video/mp4"
    part = amara.get(address, headers={"range": "bytes=65530-65545"})
    assert (part.status_code, part.content) == (206, FILM[65_530:65_546])
    assert part.headers["content-range"] == f"bytes 65530-65545/{len(FILM)}"
    assert amara.get(f"/recordings/{film.id}/poster/1").content == FRAME
    assert played(store, film) == 1  # one playing, in pieces
    assert amara.get(f"/recordings/{film.id}/media").content == b"an original film"


@pytest.mark.parametrize("number", ["0", "2", "6", "x", "9" * 30, "-1", "\u0661"])
def test_there_are_no_other_frames(amara: TestClient, film: Recording, number: str) -> None:
    assert amara.get(f"/recordings/{film.id}/poster/{number}").status_code == 404


def test_a_note_shows_its_film_and_plays_its_sound_from_the_smaller_version(
    amara: TestClient, note: Note, film: Recording, voice: Recording
) -> None:
    page = amara.get(f"/notes/{note.id}").text
    assert f'poster="/recordings/{film.id}/poster/1"' in page
    assert f'src="/recordings/{film.id}/film"' in page
    assert f'data-source="/recordings/{film.id}/film"' in page
    assert f'data-source="/recordings/{voice.id}/media"' in page
    own = amara.get(f"/recordings/{film.id}").text
    assert 'width="720" height="1280"' in own
    assert f'href="/recordings/{film.id}/media"' in own


def test_pictures_are_shown_by_copies_that_were_made_or_by_ones_made_now(
    amara: TestClient, store: Store, note: Note, picture: Recording
) -> None:
    for kind, side in (("picture", 2000), ("thumbnail", 320)):
        answer = amara.get(f"/recordings/{picture.id}/{kind}")
        assert answer.headers["content-type"] == "image/jpeg"
        assert max(Image.open(BytesIO(answer.content)).size) <= side
    made(store, picture, **{COPY: b"the copy", THUMBNAIL: b"the small one"})
    assert amara.get(f"/recordings/{picture.id}/picture").content == b"the copy"
    assert amara.get(f"/recordings/{picture.id}/thumbnail").content == b"the small one"
    assert f"/recordings/{picture.id}/picture" in amara.get(f"/notes/{note.id}").text
    assert played(store, picture) == 1


def test_several_pictures_are_shown_small(
    amara: TestClient, store: Store, note: Note, picture: Recording, arrival: Arrival
) -> None:
    second = replace(arrival, kind="picture", media_type="jpeg")
    other = in_the_note(store, note, second, b"another")
    page = amara.get(f"/notes/{note.id}").text
    for each in (picture, other):
        assert f'src="/recordings/{each.id}/thumbnail"' in page


def listed(store: Store, *recordings: Recording) -> None:
    """Have the journal say where each came from."""
    for each in recordings:
        path = f"amara/EV-1001/{each.id}"
        store.journal.note(
            Look(path, each.scope, each.practitioner_id, SEALED, 5, recording_id=each.id)
        )


def smalls(page: str) -> set[str]:
    """The small pictures of a page, all of which are fetched only once they come into sight."""
    found = re.findall(r'<img class="app-thumb" src="([^"]+)" alt="" loading="lazy">', page)
    assert len(found) == page.count("app-thumb")
    return set(found)


def test_lists_show_what_there_is_small(
    amara: TestClient,
    ben: TestClient,
    store: Store,
    note: Note,
    film: Recording,
    picture: Recording,
) -> None:
    listed(store, film, picture)
    made_now = {f"/recordings/{film.id}/poster/1"}
    lists = ("/arrived", f"/notes/{note.id}/contact")
    assert [smalls(amara.get(each).text) for each in lists] == [made_now] * 2
    made(store, picture, **{COPY: b"the copy", THUMBNAIL: b"the small one"})
    both = made_now | {f"/recordings/{picture.id}/thumbnail"}
    assert [smalls(amara.get(each).text) for each in lists] == [both] * 2
    assert [amara.get(each).status_code for each in both] == [200] * 2
    assert [ben.get(each).status_code for each in both] == [404] * 2
    assert smalls(ben.get("/arrived").text) == set()
    assert played(store, picture) == 1  # looked at, not listed


def test_what_was_set_aside_is_shown_small_and_nothing_once_agreement_is_taken_back(
    amara: TestClient, store: Store, arrival: Arrival
) -> None:
    shot = replace(arrival, kind="video", media_type="mp4")
    silent, _ = store.recordings.register(store.recordings.seal(shot.scope, [b"silent"]), shot)
    store.recordings.quarantine(silent, "NoSpeech")
    silent = store.recordings.get(silent.id)
    made(store, silent, **{PROXY: FILM, POSTER: FRAME})
    listed(store, silent)
    for each in ("/work", "/arrived"):
        assert smalls(amara.get(each).text) == {f"/recordings/{silent.id}/poster/1"}
    assert "&lt;NoSpeech explained&gt;" in amara.get(f"/recordings/{silent.id}").text
    store.agreements.take_back(silent, Said("Jordan", "no", "today"), "test")
    for each in ("/work", "/arrived"):
        assert smalls(amara.get(each).text) == set()


def test_what_could_not_be_made_is_said_and_tried_again(
    amara: TestClient, store: Store, note: Note, arrival: Arrival, form: Form
) -> None:
    shot = in_the_note(store, note, replace(arrival, kind="video", media_type="mp4"), b"odd")
    address = f"/recordings/{shot.id}"
    assert "is made once the note is drafted" in amara.get(address).text
    store.makings.give_up(shot, "NotMade")
    assert "&lt;NotMade explained&gt;" in amara.get(address).text
    assert f'src="{address}/media"' in amara.get(address).text  # the original is still there
    answer = amara.post(f"{address}/copies", data=form(amara))
    assert (answer.status_code, answer.headers["location"]) == (303, address)
    assert store.makings.standing(shot.id) is None
    assert [each.id for each in store.makings.due(["video"])] == [shot.id]
    assert "copies to be made again" in {event.action for event in store.audit.events()}


def test_a_copy_that_is_not_as_it_was_sealed_stops_nothing_else(
    amara: TestClient, store: Store, note: Note, film: Recording, picture: Recording
) -> None:
    made(store, picture, **{COPY: b"the copy"})
    with store.database.write() as connection:
        connection.execute(update(derived).values(size=7))
    page = amara.get(f"/notes/{note.id}")
    assert page.status_code == 200
    assert f"/recordings/{film.id}/film" not in page.text
    shown = amara.get(f"/recordings/{picture.id}/picture")
    assert Image.open(BytesIO(shown.content)).format == "JPEG"  # made anew from the original
    assert "&lt;NotMade explained&gt;" in amara.get(f"/recordings/{film.id}").text
    assert film.id in {e.object for e in store.audit.events() if e.action == "copies made"}
    assert "tampering found" in {event.action for event in store.audit.events()}


def test_of_a_film_without_sound_is_said_why_it_became_no_note(
    amara: TestClient, store: Store, arrival: Arrival
) -> None:
    shot = replace(arrival, kind="video", media_type="mp4")
    silent, _ = store.recordings.register(store.recordings.seal(shot.scope, [b"silent"]), shot)
    promise = "is made once the note is drafted"
    assert promise in amara.get(f"/recordings/{silent.id}").text
    store.recordings.quarantine(silent, "NoSound")
    page = amara.get(f"/recordings/{silent.id}").text
    assert "&lt;NoSound explained&gt;" in page
    assert promise not in page


def test_sound_has_no_copies(amara: TestClient, voice: Recording, form: Form) -> None:
    for path in ("film", "poster/1", "picture", "thumbnail"):
        assert amara.get(f"/recordings/{voice.id}/{path}").status_code == 404
    assert amara.post(f"/recordings/{voice.id}/copies", data=form(amara)).status_code == 404


def test_once_agreement_is_taken_back_nobody_sees_any_of_it(
    amara: TestClient, store: Store, note: Note, film: Recording, picture: Recording, form: Form
) -> None:
    for each in (film, picture):
        store.agreements.take_back(each, Said("Jordan", "no", "today"), "test")
    for path in (f"{film.id}/film", f"{film.id}/poster/1", f"{film.id}/media"):
        assert amara.get(f"/recordings/{path}").status_code == 403
    for kind in ("picture", "thumbnail"):
        assert amara.get(f"/recordings/{picture.id}/{kind}").status_code == 403
    assert amara.post(f"/recordings/{film.id}/copies", data=form(amara)).status_code == 403
    page = amara.get(f"/notes/{note.id}")
    assert page.status_code == 200
    assert f'src="/recordings/{film.id}' not in page.text
    assert f'src="/recordings/{picture.id}' not in page.text
    said = amara.get(f"/recordings/{film.id}/agreement").text
    assert "A version to play here, and frames of it. Nobody sees them now." in said
    assert store.makings.any(film.id)  # kept, and shut


def test_nobody_else_sees_them(
    ben: TestClient,
    jordan: TestClient,
    stranger: TestClient,
    film: Recording,
    picture: Recording,
) -> None:
    paths = [f"{film.id}/film", f"{film.id}/poster/1", f"{picture.id}/picture"]
    for path in [*paths, f"{picture.id}/thumbnail"]:
        assert ben.get(f"/recordings/{path}").status_code == 404
        assert jordan.get(f"/recordings/{path}").status_code == 404
        assert stranger.get(f"/recordings/{path}").status_code in (303, 401)


@pytest.mark.parametrize("dest", ["script", "style", "iframe", "object"])
def test_they_are_fetched_for_nothing_but_looking(
    amara: TestClient, film: Recording, dest: str
) -> None:
    for path in ("film", "poster/1"):
        headers = {"sec-fetch-dest": dest}
        assert amara.get(f"/recordings/{film.id}/{path}", headers=headers).status_code == 404
