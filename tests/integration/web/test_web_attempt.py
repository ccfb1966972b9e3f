"""The short form for an attempted contact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from starlette.testclient import TestClient

from recorder.codec import decode_draft
from recorder.review.desk import Desk
from store.cases import Case, CaseDetails
from store.people import Member
from store.store import Store
from transcribe.model import Contact, Origin

Form = Callable[..., dict[str, str]]
WHERE = "/attempts/new"


@pytest.fixture
def desk(store: Store, practitioner: Member) -> Desk:
    return Desk(store, practitioner)


@pytest.fixture
def sent(form: Form, case: Case, amara: TestClient) -> Callable[..., dict[str, str]]:
    """What the form of this browser would send."""

    def made(**changes: str) -> dict[str, str]:
        fields = {
            "text-case": case.id,
            "text-date": "5/11/2025",
            "text-start": "16:30",
            "text-method": "Visit",
            "text-place": "the flat",
            "text-did": "Knocked twice & left a card.",
            "text-next": "I will try again, and tell Ruth if nobody answers.",
            "text-due": "6/11/2025",
            "then": "keep",
        }
        return form(amara, **(fields | {key.replace("_", "-"): v for key, v in changes.items()}))

    return made


def test_four_answers_make_a_note_that_is_handed_in(
    store: Store, amara: TestClient, practitioner: Member, case: Case, sent: Form
) -> None:
    page = amara.get(WHERE).text
    assert page.count("<option") == 2
    assert 'value="Visit"' in page
    answer = amara.post(WHERE, data=sent(then="submit"))
    assert answer.status_code == 303
    note = store.notes.get(answer.headers["location"].rsplit("/", 1)[1])
    assert (note.kind, note.state, note.case_id) == ("attempted_contact", "submitted", case.id)
    assert note.contact_at == 1_762_360_200_000
    version = store.notes.version(note.id, 1)
    assert version.author_id == practitioner.id
    draft = decode_draft(version.payload)
    assert draft.contact == Contact(
        date=date(2025, 11, 5), start_time="16:30", method="visit", place="the flat", seen=False
    )
    assert [(s.section, s.origin) for s in draft.statements] == [
        ("what_happened", Origin.PRACTITIONER),
        ("action", Origin.PRACTITIONER),
    ]
    (action,) = draft.actions
    assert (action.who, action.due) == ("Amara Cole", date(2025, 11, 6))
    assert "Knocked twice &amp; left a card." in amara.get(f"/notes/{note.id}").text


def test_it_may_be_kept_as_a_draft_with_what_was_noticed(
    store: Store, amara: TestClient, sent: Form
) -> None:
    answer = amara.post(WHERE, data=sent(text_noticed="A light was on.", text_due=""))
    note = store.notes.get(answer.headers["location"].rsplit("/", 1)[1])
    draft = decode_draft(store.notes.version(note.id, 1).payload)
    assert note.state == "draft"
    assert [s.section for s in draft.statements] == ["what_happened", "observation", "action"]
    assert draft.actions[0].due is None


def test_what_is_typed_is_checked_for_its_wording_as_in_any_note(
    amara: TestClient, sent: Form
) -> None:
    answer = amara.post(WHERE, data=sent(text_noticed="His mother said he absconded."))
    assert "“absconded”" in amara.get(answer.headers["location"]).text


def test_what_is_to_be_done_keeps_its_day_when_another_sentence_changes(
    amara: TestClient, desk: Desk, sent: Form
) -> None:
    answer = amara.post(WHERE, data=sent())
    note_id = answer.headers["location"].rsplit("/", 1)[1]
    number = desk.save(note_id, 1, {}, [("action", "I will ring his nan.")])
    number = desk.save(note_id, number, {"v2-1": "I will ring his grandmother."})
    draft = desk.read(note_id).draft
    assert [(each.what[:17], each.who, each.due) for each in draft.actions] == [
        ("I will try again,", "Amara Cole", date(2025, 11, 6)),
        ("I will ring his g", None, None),
    ]
    desk.save(note_id, number, {}, removed={"t2": "It is another's."})
    assert [each.what for each in desk.read(note_id).draft.actions] == [
        "I will ring his grandmother."
    ]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"text_case": ""}, "Choose the young person"),
        ({"text_date": "soon"}, "Write the date as day/month/year"),
        ({"text_date": "5/11/25"}, "Write the date as day/month/year"),
        ({"text_date": "5/11/" + "9" * 30}, "Write the date as day/month/year"),
        ({"text_date": ""}, "Write the day and the time"),
        ({"text_date": "5/11/2999"}, "That time has not come yet"),
        ({"text_start": "half four"}, "24-hour clock"),
        ({"text_method": "By owl"}, "Choose how you tried"),
        ({"text_did": " "}, "Say what you did to reach them"),
        ({"text_next": ""}, "Say what happens next"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    store: Store, amara: TestClient, sent: Form, changed: dict[str, str], why: str
) -> None:
    answer = amara.post(WHERE, data=sent(text_place="the corner flat", **changed))
    assert answer.status_code == 422
    assert why in answer.text
    assert "the corner flat" in answer.text
    assert store.notes.all() == []


def test_nobody_writes_about_a_case_that_is_not_theirs(
    store: Store, amara: TestClient, supervisor: Member, sent: Form
) -> None:
    other = store.cases.add(CaseDetails("EV-9", "Kwame"), supervisor.id, "test")
    assert amara.post(WHERE, data=sent(text_case=other.id)).status_code == 404
    assert store.notes.all() == []


def test_it_is_no_page_for_a_young_person(jordan: TestClient) -> None:
    assert jordan.get(WHERE).status_code == 404


def test_a_form_that_is_sent_twice_makes_one_note(
    amara: TestClient, store: Store, sent: Form
) -> None:
    first, second = (amara.post(WHERE, data=sent(then="submit")) for _ in range(2))
    assert second.headers["location"] == first.headers["location"]
    (note,) = store.notes.all()
    assert (note.state, note.number) == ("submitted", 1)
    other = amara.post(WHERE, data=sent(text_did="Rang the bell twice."))
    assert other.headers["location"] != first.headers["location"]
