"""Young people as a list, and how one is found where there are many."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from recorder.codec import encode
from recorder.review import choosing
from recorder.review.web import cases as pages
from store.cases import Case, CaseDetails
from store.notes import Note
from store.people import Member
from store.store import Store
from store.tables import TEAM
from transcribe.model import Draft

Form = Callable[..., dict[str, str]]


@pytest.fixture
def others(store: Store, practitioner: Member) -> list[Case]:
    """Four more of the practitioner's, two of one name."""
    names = ("Sky Lane", "Remi Roe", "Sky Lane", "Jo")
    return [
        store.cases.add(CaseDetails(f"EV-200{n}", name), practitioner.id, "test")
        for n, name in enumerate(names)
    ]


@pytest.fixture
def theirs(store: Store) -> Case:
    """Another practitioner's."""
    ada = store.people.add(Member("", "practitioner", "ada", "Ada Obi", None), "test")
    return store.cases.add(CaseDetails("EV-3000", "Zed Quill"), ada.id, "test")


@pytest.fixture
def loose(store: Store, practitioner: Member, draft: Draft) -> Note:
    new = Note("", TEAM, None, practitioner.id, "case_note", "draft", 0, 1_762_362_300_000, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, encode(draft), None)
    return store.notes.get(note_id)


def test_pages_go_on_behind_a_mark_and_show_each_once(
    ruth: TestClient, case: Case, others: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "_PAGE", 2)
    where, found = "/cases", ""
    for _ in range(3):
        page = ruth.get(where).text
        found += page.partition("<main")[2]
        where = "/cases?by=&after=" + page.partition("after=")[2].partition('"')[0]
    assert all(found.count(f"/cases/{each.id}") == 1 for each in (case, *others))


def test_a_practitioner_sees_their_own_and_a_supervisor_narrows(
    amara: TestClient, ruth: TestClient, case: Case, theirs: Case
) -> None:
    assert theirs.id not in amara.get("/cases").text
    assert theirs.id not in amara.get(f"/cases?by={theirs.practitioner_id}").text
    page = ruth.get(f"/cases?by={theirs.practitioner_id}").text
    assert theirs.id in page
    assert case.id not in page


@pytest.mark.parametrize(
    ("said", "refs"),
    [
        ("sky", {"EV-2000", "EV-2002"}),
        ("Lane SKY", {"EV-2000", "EV-2002"}),
        ("ev-2001", {"EV-2001"}),
        ("sk", set()),
        ("zed", set()),
        ("", set()),
    ],
)
def test_somebody_is_found_by_reference_or_name_and_only_among_ones_own(
    amara: TestClient,
    others: list[Case],
    theirs: Case,
    form: Form,
    said: str,
    refs: set[str],
) -> None:
    answer = amara.post("/cases", data=form(amara) | {"text-said": said})
    assert answer.status_code == 200
    for each in (*others, theirs):
        assert (each.details.ref in answer.text.partition("<ul")[2]) is (each.details.ref in refs)


def test_where_there_are_many_a_note_is_linked_by_name_or_reference(
    ruth: TestClient,
    loose: Note,
    others: list[Case],
    theirs: Case,
    form: Form,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "text-who" not in ruth.get(f"/notes/{loose.id}").text
    monkeypatch.setattr(choosing, "MOST", 3)
    page = ruth.get(f"/notes/{loose.id}").text
    assert 'name="text-who"' in page
    assert others[0].details.ref in page  # the practitioner's own are listed
    assert theirs.details.ref not in page
    where = f"/notes/{loose.id}/assign"
    for said, told in (("Sky", "Nobody is called"), ("sky lane", "EV-2000, EV-2002")):
        answer = ruth.post(where, data=form(ruth, number="1") | {"text-who": said})
        assert answer.status_code == 409
        assert told in answer.text
        assert f'value="{said}"' in answer.text
    done = ruth.post(where, data=form(ruth, number="1") | {"text-who": "ev-3000"})
    assert done.status_code == 303
    assert theirs.details.name in ruth.get(f"/notes/{loose.id}").text


def test_that_somebody_was_looked_for_is_in_the_log_without_the_name(
    store: Store, supervisor: Member, ruth: TestClient, theirs: Case, form: Form
) -> None:
    page = ruth.post("/cases", data=form(ruth) | {"text-said": theirs.details.name}).text
    assert theirs.details.ref in page
    searched = [each for each in store.audit.events() if each.action == "young people searched"]
    assert [(each.actor, each.object, each.detail) for each in searched] == [
        (supervisor.id, supervisor.id, None)
    ]


def test_an_attempt_is_written_for_somebody_who_is_not_listed(
    ruth: TestClient, theirs: Case, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choosing, "MOST", 0)
    assert 'name="text-who"' in ruth.get("/attempts/new").text
    fields = {
        "text-who": "Zed Quill",
        "text-date": "5/11/2025",
        "text-start": "16:30",
        "text-method": "Visit",
        "text-did": "Knocked.",
        "text-next": "Try again.",
    }
    answer = ruth.post("/attempts/new", data=form(ruth) | fields)
    assert answer.status_code == 303
    assert "Zed Quill" in ruth.get(answer.headers["location"]).text
    part = ruth.post("/attempts/new", data=form(ruth) | fields | {"text-who": "Zed"})
    assert part.status_code == 422
    assert "write the whole name or reference" in part.text
    assert theirs.id not in part.text
