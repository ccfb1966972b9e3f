from __future__ import annotations

from starlette.testclient import TestClient

from recorder.review.desk import Desk
from store.notes import Note
from store.people import Member
from store.store import Store


def test_what_changed_is_shown_word_by_word_with_whose_words_they_are(
    amara: TestClient, store: Store, practitioner: Member, note: Note
) -> None:
    words = {"s2": "He said yes & walked <b>away</b>."}
    Desk(store, practitioner).save(note.id, 1, words, removed={"s3": "<Hearsay>."})
    assert f"/notes/{note.id}/versions" in amara.get(f"/notes/{note.id}").text
    page = amara.get(f"/notes/{note.id}/versions").text
    assert '<del><span class="govuk-visually-hidden">went: </span>no</del>' in page
    assert '<ins><span class="govuk-visually-hidden">came: </span>yes</ins>' in page
    assert "went: </span>Then a boy called Tyrell came up.</del>" in page
    assert "&lt;b&gt;away" in page
    assert "(taken out by Amara Cole: “&lt;Hearsay&gt;.”)" in page
    assert "Reworded by" in page
    assert "What changed</h1>" in page


def test_a_version_with_itself_differs_in_nothing(amara: TestClient, note: Note) -> None:
    page = amara.get(f"/notes/{note.id}/versions?before=1&after=1")
    assert "No words and no facts differ" in page.text


def test_what_is_no_version_is_no_page(amara: TestClient, ben: TestClient, note: Note) -> None:
    for asked in ("before=x", "before=2&after=1", "after=99", "before=0"):
        assert amara.get(f"/notes/{note.id}/versions?{asked}").status_code == 404
    assert ben.get(f"/notes/{note.id}/versions").status_code == 404
