"""Chronology events and the summary: suggested by rule, let go by somebody else, then put into Mosaic."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from recorder.codec import encode
from recorder.config import Settings
from recorder.export.leaving import export
from recorder.export.offers import Ready, events_of, ready
from recorder.home import Home
from recorder.review.desk import Desk
from recorder.review.saying import NOT_RIGHT, Saying, encode_saying
from store.agreements import Said
from store.cases import Case
from store.notes import Note
from store.outward import DECLINED, EVENT, LEFT, SUMMARY
from store.people import Member
from store.records import Recording
from store.store import Store
from tools.read_pack import faults
from transcribe.model import Contact, Draft, Origin, Source, Statement

Form = Callable[..., dict[str, str]]
ZONE = "Europe/London"
WORDS = "He was arrested on <Friday> & held."


@pytest.fixture
def told(
    store: Store, case: Case, practitioner: Member, supervisor: Member, voice: Recording
) -> Note:
    """An approved note that tells of an arrest; the sentence stands on a recording."""
    source = (Source(voice.id, 1_000, 2_500),)
    said = Statement("s1", "what_happened", WORDS, Origin.PRACTITIONER, None, source)
    new = Note("", case.id, case.id, practitioner.id, "case_note", "submitted", 0, 1, 0)
    with store.database.write() as connection:
        payload = encode(Draft("case_note", Contact(), (said,)))
        note_id = store.notes.create(connection, new, payload, practitioner.id)
    note = store.notes.get(note_id)
    with store.database.write() as connection:
        entry = ("approved", supervisor.id, b"")
        store.notes.decide(connection, note, entry, "approved")
    return store.notes.get(note_id)


@pytest.fixture
def let_go(store: Store, ruth: TestClient, case: Case, told: Note, form: Form) -> str:
    """The key of an event that the supervisor let go."""
    (event,) = events_of(store, told.case_id or "", ZONE)
    sent = form(ruth, key=event.key, category="police") | {"text-title": "Arrest"}
    where = f"/cases/{case.id}/chronology"
    assert ruth.post(where, data=sent | {"do": "let-go"}).status_code == 303
    return event.key


def waits(store: Store, case: Case) -> Sequence[Ready]:
    return ready(store, ZONE, case.id)


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    text = (folder / name).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_nothing_goes_before_a_supervisor_who_did_not_write_it_lets_it_go(
    store: Store, amara: TestClient, ruth: TestClient, case: Case, told: Note, form: Form
) -> None:
    where = f"/cases/{case.id}/chronology"
    page = amara.get(where).text
    assert "He was arrested on &lt;Friday&gt; &amp; held." in page
    assert "Let it go" not in page
    (event,) = events_of(store, case.id, ZONE)
    sent = {"key": event.key, "text-title": "Arrest", "category": "police"}
    assert amara.post(where, data=form(amara) | sent).status_code == 403
    assert waits(store, case) == []
    mine = store.people.by_handle("ruth")
    with store.database.write() as connection:
        payload = store.notes.version(told.id, 1).payload
        store.notes.add_version(connection, told, payload, mine.id, "approved")
    assert ruth.post(where, data=form(ruth) | sent).status_code == 403
    assert waits(store, case) == []


def test_a_title_mosaic_would_not_take_is_told_at_its_box(
    store: Store, ruth: TestClient, case: Case, told: Note, form: Form
) -> None:
    assert told
    (event,) = events_of(store, case.id, ZONE)
    for title in ("", "x" * 101, "Arr\u202eest"):
        sent = form(ruth, key=event.key, category="police") | {"text-title": title}
        answer = ruth.post(f"/cases/{case.id}/chronology", data=sent)
        assert (answer.status_code, f'href="#title-{event.key}"' in answer.text) == (422, True)
    sent = form(ruth, key=event.key, category="weather") | {"text-title": "x" * 100}
    assert ruth.post(f"/cases/{case.id}/chronology", data=sent).status_code == 422
    assert waits(store, case) == []


def test_it_goes_once_with_the_analysis_left_blank(
    store: Store, case: Case, let_go: str, tmp_path: Path
) -> None:
    home = Home(tmp_path, Settings(), store)
    export(home, tmp_path / "out", "test")
    (row,) = rows(tmp_path / "out", "chronology.csv")
    assert (row["person_id"], row["category"], row["title"], row["analysis"]) == (
        "900001",
        "Police, arrest or court",
        "Arrest",
        "",
    )
    assert (row["description"], row["approved_by"], row["recorder_key"]) == (
        WORDS,
        "Ruth Adeyemi",
        let_go,
    )
    assert "chronology.csv" in (tmp_path / "out" / "manifest.json").read_text(encoding="utf-8")
    assert faults(tmp_path / "out") == []
    json = tmp_path / "out" / "chronology.json"
    json.write_text(json.read_text("utf-8").replace(WORDS, "Other words."), encoding="utf-8")
    assert "chronology.json: not what chronology.csv says" in faults(tmp_path / "out")
    assert export(home, tmp_path / "again", "test") is None
    assert store.offers.of(case.id)[-1].offering.became == LEFT


def test_what_was_declined_is_not_suggested_again_and_goes_nowhere(
    store: Store, ruth: TestClient, case: Case, told: Note, form: Form
) -> None:
    assert told
    (event,) = events_of(store, case.id, ZONE)
    where, sent = f"/cases/{case.id}/chronology", form(ruth, key=event.key, do="decline")
    assert ruth.post(where, data=sent).status_code == 303
    assert ruth.post(where, data=sent).status_code == 409
    assert store.offers.of(case.id)[-1].offering.became == DECLINED
    assert (waits(store, case), "Not wanted" in ruth.get(where).text) == ([], True)


def test_what_does_not_stand_any_more_stays(
    store: Store, case: Case, let_go: str, told: Note, voice: Recording, supervisor: Member
) -> None:
    assert [each.offer.offering.key for each in waits(store, case)] == [let_go]
    Desk(store, supervisor).return_(told.id, 1, "Say when.")
    assert waits(store, case) == []
    with store.database.write() as connection:
        back = store.notes.get(told.id)
        store.notes.decide(connection, back, ("approved", supervisor.id, b""), "approved")
    assert len(waits(store, case)) == 1
    store.agreements.take_back(voice, Said("Jordan", "no", "today"), supervisor.id)
    assert waits(store, case) == []


def test_where_they_see_it_differently_their_words_stand_under_it_and_it_is_looked_at_anew(
    store: Store, case: Case, let_go: str, told: Note, young_person: Member, ruth: TestClient
) -> None:
    said = encode_saying(Saying(NOT_RIGHT, "I was let go the same day.", "s1"))
    store.notes.reply(told, 1, young_person.id, said)
    assert waits(store, case) == []
    (event,) = events_of(store, case.id, ZONE)
    assert event.key == let_go
    first, theirs = event.description.split("\n")
    assert (first, theirs.endswith(": I was let go the same day.")) == (WORDS, True)
    assert theirs.startswith("Jordan sees this differently, in their words")
    page = ruth.get(f"/cases/{case.id}/chronology").text
    assert page.count("I was let go the same day.") > 1  # of the event, and of the summary


def test_it_is_put_in_by_hand_once_the_person_is_made_sure_of(
    store: Store, amara: TestClient, case: Case, let_go: str, form: Form
) -> None:
    where = f"/mosaic/cases/{case.id}"
    assert where in amara.get("/mosaic").text
    assert "arrested" not in amara.get(where).text
    direct = form(amara, key=let_go)
    assert amara.post(f"{where}/entered", data=direct).status_code == 409
    sent = form(amara, same="yes", beside="address")
    assert amara.post(f"{where}/sure", data=sent).status_code == 303
    page = amara.get(where).text
    assert "He was arrested on &lt;Friday&gt; &amp; held." in page
    assert re.search(r'readonly value="01/01/1970"', page)
    assert "6 of 100 characters" in page
    assert amara.post(f"{where}/entered", data=direct).status_code == 303
    assert amara.post(f"{where}/entered", data=direct).status_code == 409
    assert store.offers.of(case.id)[-1].offering.became == LEFT


def test_a_case_without_a_mosaic_id_keeps_all_of_it(
    store: Store, amara: TestClient, case: Case, let_go: str
) -> None:
    assert let_go
    store.cases.complete(case.id, "", "", "test")
    assert waits(store, case) == []
    assert "nobody can say on whose record" in amara.get(f"/mosaic/cases/{case.id}").text


def test_the_summary_goes_as_it_was_let_go_or_not_at_all(
    store: Store, ruth: TestClient, case: Case, shared: Note, form: Form, tmp_path: Path
) -> None:
    assert shared
    where = f"/cases/{case.id}/chronology"
    sent = form(ruth, number="1") | {"do": "let-go"}
    assert ruth.post(f"{where}/summary", data=sent).status_code == 303
    assert ruth.post(f"{where}/summary", data=sent).status_code == 409
    (one,) = waits(store, case)
    assert one.offer.kind == SUMMARY
    assert "What has changed" in one.offer.offering.text
    Desk(store, store.people.by_handle("ruth")).return_(shared.id, 1, "Say when.")
    assert waits(store, case) == []
    assert export(Home(tmp_path, Settings(), store), tmp_path / "out", "test") is None
    assert EVENT not in {each.kind for each in store.offers.of(case.id)}
