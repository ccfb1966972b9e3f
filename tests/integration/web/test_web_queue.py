"""What waits for a supervisor: what comes first and why, narrowed, and the team's work."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from recorder.codec import encode
from recorder.review.desk import Desk
from recorder.review.web import queue as pages
from store.cases import Case
from store.notes import Note
from store.people import Member
from store.session import now_ms
from store.store import Store
from store.tables import decisions, notes
from transcribe.model import Contact, Draft, Origin, Source, Statement

DAY = 86_400_000
Write = Callable[..., Note]


@pytest.fixture
def write(store: Store, case: Case, practitioner: Member) -> Write:
    """Makes a note and hands it in: what it says, and how many days ago the contact was."""

    def made(says: str = "We met.", days: int = 0, *, by: Member = practitioner) -> Note:
        words = Statement("s1", "purpose", says, Origin.PRACTITIONER, "A", (Source(typed_by="x"),))
        at = now_ms() - days * DAY
        new = Note("", case.id, case.id, by.id, "case_note", "draft", 0, at, 0)
        with store.database.write() as connection:
            payload = encode(Draft("case_note", Contact(), (words,)))
            note_id = store.notes.create(connection, new, payload, by.id)
        Desk(store, by).submit(note_id, 1)
        return store.notes.get(note_id)

    return made


def listed(page: str) -> list[str]:
    """The notes of a page, in its order."""
    return re.findall(r'href="/notes/(\w+)"', page)


def test_words_for_serious_harm_come_first_then_the_oldest(ruth: TestClient, write: Write) -> None:
    old, older, harm = write(days=2), write(days=9), write("He said he has a knife on him.", 1)
    page = ruth.get("/queue").text
    assert listed(page) == [harm.id, older.id, old.id]
    assert "Uses words for a weapon" in page
    only = ruth.get("/queue?harm=yes").text
    assert listed(only) == [harm.id]
    assert "1 of 3" in only


def test_what_was_handed_in_before_words_were_looked_for_is_opened(
    ruth: TestClient, store: Store, supervisor: Member, practitioner: Member, write: Write
) -> None:
    plain, harm = write(days=9), write("He said he has a knife on him.")
    with store.database.write() as connection:
        for note in (plain, harm):
            again = store.notes.get(note.id)
            entry = ("submitted", practitioner.id, b"")  # as it was kept before
            store.notes.decide(connection, again, entry, "submitted")
    assert listed(ruth.get("/queue").text) == [harm.id, plain.id]
    assert supervisor.id not in {e.actor_id for e in store.notes.decisions(plain.id)}


def test_what_cannot_be_read_stands_with_what_comes_first(
    ruth: TestClient, store: Store, write: Write
) -> None:
    old, damaged = write(days=9), write(days=1)
    with store.database.write() as connection:
        mine = decisions.c.note_id == damaged.id
        connection.execute(update(decisions).where(mine).values(actor_id="0" * 32))
    page = ruth.get("/queue")
    assert page.status_code == 200
    assert set(listed(page.text)) == {old.id, damaged.id}


def test_who_wrote_some_of_it_is_told_that_somebody_else_must_approve(
    ruth: TestClient, supervisor: Member, write: Write
) -> None:
    write()
    assert "some of it is yours" not in ruth.get("/queue").text
    write(by=supervisor)
    assert ruth.get("/queue").text.count("some of it is yours") == 1


def test_it_is_narrowed_by_kind_practitioner_and_what_is_late(
    ruth: TestClient, store: Store, supervisor: Member, practitioner: Member, write: Write
) -> None:
    hers, his = write(days=3), write(by=supervisor)
    with store.database.write() as connection:
        mine = notes.c.id == hers.id
        connection.execute(update(notes).where(mine).values(since=1_000, contact_at=1_000))
    assert listed(ruth.get("/queue?late=yes").text) == [hers.id]
    assert listed(ruth.get(f"/queue?by={practitioner.id}").text) == [hers.id]
    assert listed(ruth.get(f"/queue?by={supervisor.id}").text) == [his.id]
    assert listed(ruth.get("/queue?kind=phone_call").text) == []
    assert len(listed(ruth.get("/queue?kind=case_note").text)) == 2
    assert ruth.get('/queue?kind="><script>').status_code == 200


def test_pages_keep_what_it_was_narrowed_to(
    ruth: TestClient, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "_PAGE", 2)
    made = {write(days=days).id for days in range(3)}
    first = ruth.get("/queue?kind=case_note").text
    assert "/queue?kind=case_note&amp;page=2" in first
    second = ruth.get("/queue?kind=case_note&page=2").text
    assert set(listed(first) + listed(second)) == made
    past = ruth.get("/queue?kind=case_note&page=7")
    assert past.headers["location"] == "/queue?kind=case_note&page=2"


def test_the_team_is_listed_by_name_with_what_is_open_and_late(
    ruth: TestClient, amara: TestClient, store: Store, supervisor: Member, write: Write
) -> None:
    first, late = write(), write()
    write(by=supervisor)
    with store.database.write() as connection:
        mine = notes.c.id == late.id
        connection.execute(update(notes).where(mine).values(since=1_000, contact_at=1_000))
    page = ruth.get("/team").text.partition("<main")[2]
    assert page.index("Amara Cole") < page.index("Ruth Adeyemi")
    assert re.search(r"2, <strong[^>]*>1 late</strong>", page)
    assert first.practitioner_id in page
    assert amara.get("/team").status_code == 404
