from __future__ import annotations

from collections.abc import Callable

from starlette.testclient import TestClient

from recorder.review.desk import Desk
from store.notes import Note
from store.people import Member
from store.store import Store

Form = Callable[..., dict[str, str]]
WHY = "Who is <Tyrell>?"


def test_reasons_beside_sentences_go_back_with_the_note_and_stay_until_dealt_with(
    store: Store, amara: TestClient, ruth: TestClient, note: Note, practitioner: Member, form: Form
) -> None:
    Desk(store, practitioner).submit(note.id, 1)
    page = ruth.get(f"/notes/{note.id}").text
    assert page.count('form="return"') == 4
    fields = form(ruth, number="1") | {"text-mark-s3": WHY, "text-mark-s4": "  "}
    answer = ruth.post(f"/notes/{note.id}/return", data=fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/queue")
    shown = "Who is &lt;Tyrell&gt;?"
    for where in ("", "/edit"):
        page = amara.get(f"/notes/{note.id}{where}").text
        assert f"<strong>Ruth Adeyemi asks:</strong> {shown}" in page
        assert "One sentence is marked below." in page
    assert "One sentence is marked." in amara.get("/work").text
    changed = form(amara, number="1") | {"text-s3": "Then a boy from his class came up."}
    assert amara.post(f"/notes/{note.id}/edit", data=changed).status_code == 303
    page = amara.get(f"/notes/{note.id}").text
    assert "asks:</strong>" not in page
    assert "Every sentence that was marked has been changed since." in page
    assert f"“{shown}”" in page.partition("History")[2]


def test_what_was_asked_beside_sentences_is_not_lost_when_somebody_was_first(
    store: Store, ruth: TestClient, note: Note, practitioner: Member, form: Form
) -> None:
    Desk(store, practitioner).submit(note.id, 1)
    fields = form(ruth, number="1") | {"text-mark-s3": WHY}
    stale = ruth.post(f"/notes/{note.id}/return", data=fields | {"number": "9"})
    assert stale.status_code == 409
    assert stale.text.count("Who is &lt;Tyrell&gt;?") == 1  # in its box
    assert ruth.post(f"/notes/{note.id}/return", data=fields).status_code == 303
    late = ruth.post(f"/notes/{note.id}/return", data=fields)
    assert late.status_code == 409
    assert "What you had typed" in late.text
