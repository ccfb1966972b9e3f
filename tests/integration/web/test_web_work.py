"""The lists of work: what is due, what is read, and a page at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date as Date  # noqa: N812 - as the values it speaks of call it
from datetime import timedelta

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from recorder.clock import local
from recorder.codec import encode
from recorder.review.saying import RIGHT, Saying, encode_saying
from recorder.review.web import work as pages
from store.cases import Case
from store.notes import Note
from store.people import Member
from store.session import now_ms
from store.store import Store
from store.tables import notes
from transcribe.model import Contact, Draft, Origin, Source, Statement

Form = Callable[..., dict[str, str]]
DAY = 86_400_000


@pytest.fixture
def write(store: Store, case: Case, practitioner: Member) -> Callable[..., Note]:
    """Makes a note: its state and how many days ago the contact was."""

    def made(state: str = "draft", days: int = 0, kind: str = "case_note") -> Note:
        words = Statement(
            "s1", "purpose", "We met.", Origin.PRACTITIONER, "Amara", (Source(typed_by="x"),)
        )
        at = now_ms() - days * DAY
        new = Note("", case.id, case.id, practitioner.id, kind, state, 0, at, 0)
        with store.database.write() as connection:
            payload = encode(Draft(kind, Contact(), (words,)))
            note_id = store.notes.create(connection, new, payload, practitioner.id)
        return store.notes.get(note_id)

    return made


def test_what_is_late_says_so_in_words_and_comes_first(
    amara: TestClient, write: Callable[..., Note]
) -> None:
    fresh, late = write(), write(days=30)
    page = amara.get("/work").text
    assert "working days late" in page
    assert "Draft due " in page
    assert page.index(late.id) < page.index(fresh.id)
    assert "working days late" in amara.get(f"/notes/{late.id}").text


def test_two_rows_that_would_read_the_same_give_their_times(
    amara: TestClient, store: Store, write: Callable[..., Note]
) -> None:
    one = write()
    clock = f"{local(one.contact_at, 'Europe/London'):%M}"
    assert f":{clock}" not in amara.get("/work").text
    two = write()
    with store.database.write() as connection:  # of one day, whenever this runs
        same = notes.c.id == two.id
        connection.execute(update(notes).where(same).values(contact_at=one.contact_at))
    page = amara.get("/work").text
    assert page.count(f":{clock}am") + page.count(f":{clock}pm") == 2


def test_a_group_shows_its_first_and_the_rest_by_pages(
    amara: TestClient, write: Callable[..., Note], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "_PAGE", 4)
    made = [write(days=days) for days in range(9)]
    page = amara.get("/work").text
    assert sum(note.id in page for note in made) == 6
    assert "Show all 9" in page
    shown = [amara.get(f"/work?show=draft&page={n}").text for n in (1, 2, 3)]
    assert [sum(note.id in page for note in made) for page in shown] == [4, 4, 1]
    assert all(sum(note.id in page for page in shown) == 1 for note in made)
    past = amara.get("/work?show=draft&page=4")
    assert past.headers["location"] == "/work?show=draft&page=3"
    assert amara.get("/work?show=nothing").status_code == 404


def test_approved_notes_come_last_and_go_on_behind_a_mark(
    amara: TestClient, write: Callable[..., Note], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "_PAGE", 4)
    draft, *made = [write(), *(write("approved", days) for days in range(9))]
    page = amara.get("/work").text
    assert page.index(draft.id) < page.index("Recently approved")
    assert "Show all that were approved" in page
    found, where = "", "/work?show=approved"
    for _ in range(3):
        page = amara.get(where).text
        found += page
        _, there, rest = page.partition("/work?show=approved&amp;after=")
        where = "/work?show=approved&after=" + rest.partition('"')[0]
    assert not there
    assert all(found.count(f"/notes/{note.id}") == 1 for note in made)
    assert amara.get("/work?show=approved&after=nonsense").status_code == 200


def test_a_reply_waits_by_a_day_and_cannot_be_said_to_be_read_before_it_is_answered(
    amara: TestClient, jordan: TestClient, store: Store, shared: Note, form: Form
) -> None:
    jordan.post(f"/summary/{shared.id}/reply", data=form(jordan) | {"text-reply": "Not so."})
    page = amara.get("/work").text
    assert "Waits for an answer" in page
    assert "Answer due " in page
    last = store.notes.replies(shared.id)[-1].id
    early = amara.post(f"/notes/{shared.id}/replies/read", data=form(amara, last=last))
    assert early.status_code == 409
    assert "Answer it: that tells" in early.text
    assert "Waits for an answer" in amara.get("/work").text


def test_what_needs_no_answer_stays_in_its_group_until_somebody_has_read_it(
    amara: TestClient, young_person: Member, store: Store, shared: Note, form: Form
) -> None:
    def reply(words: str) -> str:
        right = encode_saying(Saying(RIGHT, words))
        store.notes.reply(store.notes.get(shared.id), 1, young_person.id, right)
        return store.notes.replies(shared.id)[-1].id

    where = f"/notes/{shared.id}/replies/read"
    first = reply("Not like that.")
    assert f'href="/notes/{shared.id}#replies"' in amara.get("/work").text
    assert "I have read this" in amara.get(f"/notes/{shared.id}").text
    second = reply("And one more thing.")
    late = amara.post(where, data=form(amara, last=first))
    assert late.status_code == 409
    assert "read that first" in late.text
    assert "And one more thing." in late.text
    assert amara.post(where, data=form(amara, last=second)).status_code == 303
    assert "written back" not in amara.get("/work").text
    page = amara.get(f"/notes/{shared.id}").text
    assert "I have read this" not in page
    assert "What the young person wrote was read" in page
    assert store.notes.get(shared.id).state == "approved"


def test_what_is_with_a_supervisor_says_by_when_it_should_be_approved(
    amara: TestClient, ruth: TestClient, write: Callable[..., Note]
) -> None:
    write("submitted", 30)
    for page in (amara.get("/work").text, ruth.get("/queue").text):
        assert "Approval due " in page  # who got it just now is not late with it


def test_day_and_time_are_of_the_team(amara: TestClient, write: Callable[..., Note]) -> None:
    note = write()
    day = local(note.contact_at, "Europe/London").date() + timedelta(0)
    assert f"{day.day} {day:%B %Y}" in amara.get("/work").text


def test_of_many_next_supervisions_the_first_stand_on_the_page_and_all_on_one_of_their_own(
    store: Store, ruth: TestClient
) -> None:
    for number in range(8):
        member = Member("", "practitioner", f"worker-{number}", f"Worker {number}", None)
        scope = store.own_records.of(store.people.add(member, "test").id)
        new = Note("", scope, None, scope, "supervision", "draft", 0, 1000, 0)
        contact = Contact(next_on=Date(2025, 11, 1 + number))
        with store.database.write() as connection:
            payload = encode(Draft("supervision", contact, ()))
            store.notes.create(connection, new, payload, scope)
    said = "The next supervision of Worker"
    page = ruth.get("/work").text
    assert page.count(said) == 6
    assert "Show all 8 supervisions" in page
    assert ruth.get("/work?show=coming").text.count(said) == 8
