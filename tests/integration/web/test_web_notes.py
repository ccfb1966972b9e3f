from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from recorder.codec import decode_draft, encode
from recorder.review.desk import Desk
from store.cases import Case
from store.journal import ATTENTION, Look
from store.notes import Note
from store.people import Member
from store.records import Arrival, Recording
from store.store import Store
from store.tables import TEAM
from transcribe.model import Draft

Form = Callable[..., dict[str, str]]


def now(store: Store, note: Note) -> Draft:
    newest = store.notes.get(note.id)
    return decode_draft(store.notes.version(note.id, newest.number).payload)


def titles(page: str) -> str:
    return page.partition("<title>")[2].partition("</title>")[0]


# --- my work ---


def test_work_shows_notes_by_state_with_the_reason_for_a_return(
    amara: TestClient, ruth: TestClient, note: Note, form: Form
) -> None:
    assert "Drafts to check" in amara.get("/work").text
    amara.post(f"/notes/{note.id}/submit", data=form(amara, number="1"))
    assert "With a supervisor" in amara.get("/work").text
    ruth.post(
        f"/notes/{note.id}/return",
        data=form(ruth, number="1") | {"text-reason": "Who said <so>?"},
    )
    page = amara.get("/work").text
    assert "Came back to be changed" in page
    assert "Who said &lt;so&gt;?" in page


def test_work_shows_what_is_on_its_way_and_what_needs_somebody(
    store: Store, amara: TestClient, ben: TestClient, arrival: Arrival, practitioner: Member
) -> None:
    for content in (b"one", b"two"):
        sealed = store.recordings.seal(arrival.scope, [content])
        recording = store.recordings.register(sealed, arrival)[0]
    store.recordings.quarantine(recording, "Undecodable")
    store.journal.note(Look("amara/x.docx", TEAM, practitioner.id, ATTENTION, 1, "NotTaken"))
    said = Look("amara/y.zip", TEAM, practitioner.id, ATTENTION, 1, "not_taken", "Unpack it.")
    store.journal.note(said)
    page = amara.get("/work").text
    assert "Waiting to be opened" in page
    assert "&lt;Undecodable explained&gt;" in page
    assert "amara/x.docx" in page
    assert "&lt;NotTaken explained&gt;" in page
    assert "Unpack it." in page
    assert "not_taken" not in page
    theirs = ben.get("/work").text
    assert "Nothing here yet" in theirs
    assert "amara/x.docx" not in theirs


def test_pages_carry_no_name_in_their_title_or_address(
    amara: TestClient, ruth: TestClient, jordan: TestClient, shared: Note, voice: Recording
) -> None:
    pages = [amara.get(p).text for p in ("/work", f"/notes/{shared.id}", f"/recordings/{voice.id}")]
    pages += [amara.get(f"/notes/{shared.id}/{page}").text for page in ("edit", "share")]
    pages += [ruth.get("/queue").text, jordan.get("/summary").text]
    found = {titles(page) for page in pages}
    assert found == {
        "My work",
        "Note",
        "Recording",
        "Edit note",
        "Prepare a summary",
        "To approve",
        "My page",
    }


# --- the note ---


def test_the_note_page_shows_every_sentence_with_its_evidence(
    amara: TestClient, note: Note, voice: Recording, draft: Draft
) -> None:
    page = amara.get(f"/notes/{note.id}").text
    assert "He said no &amp; walked away." in page
    assert page.count(f'data-play="{voice.id}" data-start="1000" data-end="2500"') == len(
        draft.statements
    )
    for expected in (
        "From the recording",
        "Listen to this.",  # the check, beside its sentence
        "the &lt;b&gt;hub&lt;/b&gt;",  # a fact of the contact, escaped
        "Not said",
        "Ring his tutor",
        "That is all.",
        "talk to the recorder",
        "Um, hello.",
        "What I think this means",  # a heading nobody said anything under
    ):
        assert expected in page, expected


def test_whose_words_a_sentence_holds_is_said_in_words(
    amara: TestClient, ruth: TestClient, note: Note, form: Form
) -> None:
    amara.post(
        f"/notes/{note.id}/edit",
        data=form(amara, number="1") | {"text-s1": "We talked.", "text-new-strength": "Good."},
    )
    ruth.post(f"/notes/{note.id}/edit", data=form(ruth, number="2") | {"text-new-worry": "Hm."})
    page = amara.get(f"/notes/{note.id}").text
    for words in (
        "Reworded by the practitioner",
        "Written by the practitioner",
        "Written by the supervisor",
    ):
        assert page.count(words) == 1, words


def test_no_page_has_script_or_style_within_it(
    amara: TestClient, jordan: TestClient, shared: Note, stranger: TestClient
) -> None:
    pages = [stranger.get("/sign-in").text, jordan.get("/summary").text, amara.get("/work").text]
    pages += [amara.get(f"/notes/{shared.id}{tail}").text for tail in ("", "/edit", "/share")]
    for page in pages:
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick=" not in page
        assert page.count("<script") == page.count('<script type="module" src="/static/')


# --- editing ---


def test_saving_changes_removals_and_additions_makes_one_version(
    store: Store, amara: TestClient, note: Note, form: Form
) -> None:
    answer = amara.post(
        f"/notes/{note.id}/edit",
        data=form(amara, number="1")
        | {
            "text-s1": "We met.",
            "text-s2": "He said no & walked away.",
            "text-s3": "ignored, for it is removed",
            "text-why-s3": "Hearsay.",
            "text-s4": "He gets messages.",
            "text-new-strength": "He came by himself.",
        },
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"/notes/{note.id}")
    assert store.notes.get(note.id).number == 2
    assert [s.text for s in now(store, note).statements] == [
        "We met.",
        "He said no & walked away.",
        "He gets messages.",
        "He came by himself.",
    ]


def test_an_unchanged_form_makes_no_version(
    store: Store, amara: TestClient, note: Note, draft: Draft, form: Form
) -> None:
    fields = {f"text-{s.id}": s.text for s in draft.statements}
    amara.post(f"/notes/{note.id}/edit", data=form(amara, number="1") | fields)
    assert store.notes.get(note.id).number == 1


def test_an_emptied_box_is_an_error_beside_it_and_nothing_else_typed_is_lost(
    store: Store, amara: TestClient, note: Note, form: Form
) -> None:
    answer = amara.post(
        f"/notes/{note.id}/edit",
        data=form(amara, number="1")
        | {"text-s1": "  ", "text-s2": "Changed <too>", "text-new-worry": "And this"},
    )
    assert answer.status_code == 422
    assert 'href="#text-s1"' in answer.text
    assert 'id="text-s1-error"' in answer.text
    assert "Changed &lt;too&gt;" in answer.text
    assert "And this" in answer.text
    assert titles(answer.text).startswith("Error: ")
    assert store.notes.get(note.id).number == 1


def test_words_typed_over_an_older_version_are_laid_over_the_newest_and_saved_by_one_press(
    store: Store, amara: TestClient, ruth: TestClient, note: Note, form: Form
) -> None:
    ruth.post(
        f"/notes/{note.id}/edit",
        data=form(ruth, number="1") | {"text-s1": "Ruth's words.", "text-why-s2": "Hearsay."},
    )
    typed = {"text-s1": "Amara's words.", "text-s2": "Homeless words.", "text-new-worry": "New."}
    answer = amara.post(f"/notes/{note.id}/edit", data=form(amara, number="1") | typed)
    assert answer.status_code == 409
    assert "changed while you had it open" in answer.text
    for words in (
        "Amara&#39;s words.",
        "It now reads: Ruth&#39;s words.",
        "Homeless words.",
        "New.",
    ):
        assert words in answer.text, words
    assert 'name="number" value="2"' in answer.text
    assert store.notes.get(note.id).number == 2

    again = form(amara, number="2") | {"text-s1": "Amara's words.", "text-new-worry": "New."}
    assert amara.post(f"/notes/{note.id}/edit", data=again).status_code == 303
    assert [s.text for s in now(store, note).statements if s.id in {"s1", "v3-1"}] == [
        "Amara's words.",
        "New.",
    ]


@pytest.mark.parametrize("number", ["", "0", "99", "-1", "1e3", "²", "9" * 400])
def test_a_form_of_a_version_that_is_not_there_changes_nothing(
    store: Store, amara: TestClient, note: Note, form: Form, number: str
) -> None:
    answer = amara.post(
        f"/notes/{note.id}/edit", data=form(amara, number=number) | {"text-s1": "X"}
    )
    assert answer.status_code == 404
    assert store.notes.get(note.id).number == 1


def test_a_note_of_a_thousand_sentences_can_be_saved(
    store: Store, amara: TestClient, note: Note, form: Form
) -> None:
    many = {f"text-x{n}": "x" * 100 for n in range(3_000)}
    answer = amara.post(
        f"/notes/{note.id}/edit", data=form(amara, number="1") | many | {"text-s1": "We met."}
    )
    assert answer.status_code == 303
    assert store.notes.get(note.id).number == 2


# --- deciding ---


def test_a_submitted_note_is_approved_by_a_supervisor(
    store: Store, amara: TestClient, ruth: TestClient, note: Note, form: Form
) -> None:
    assert amara.post(f"/notes/{note.id}/submit", data=form(amara, number="1")).status_code == 303
    assert note.id in ruth.get("/queue").text
    assert "Approve this version" in ruth.get(f"/notes/{note.id}").text
    assert "Approve this version" not in amara.get(f"/notes/{note.id}").text
    assert ruth.post(f"/notes/{note.id}/approve", data=form(ruth, number="1")).status_code == 303
    assert store.notes.get(note.id).state == "approved"


def test_a_note_that_cannot_be_submitted_says_why_on_its_page(
    store: Store, amara: TestClient, practitioner: Member, draft: Draft, form: Form
) -> None:
    new = Note("", TEAM, None, practitioner.id, "case_note", "draft", 0, 1000, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, encode(draft), None)
    answer = amara.post(f"/notes/{note_id}/submit", data=form(amara, number="1"))
    assert answer.status_code == 409
    assert "This note is not linked to a young person yet" in answer.text
    assert "Not linked to a young person" in amara.get("/work").text


def test_a_practitioner_cannot_approve_by_sending_the_form_all_the_same(
    store: Store, amara: TestClient, note: Note, form: Form
) -> None:
    amara.post(f"/notes/{note.id}/submit", data=form(amara, number="1"))
    answer = amara.post(f"/notes/{note.id}/approve", data=form(amara, number="1"))
    assert answer.status_code == 403
    assert store.notes.get(note.id).state == "submitted"


def test_a_supervisor_who_wrote_some_of_it_is_told_why_they_cannot_approve(
    store: Store, ruth: TestClient, amara: TestClient, note: Note, form: Form
) -> None:
    ruth.post(f"/notes/{note.id}/edit", data=form(ruth, number="1") | {"text-new-worry": "Hm."})
    amara.post(f"/notes/{note.id}/submit", data=form(amara, number="2"))
    page = ruth.get(f"/notes/{note.id}").text
    assert "some of it is yours" in page
    assert "Approve this version" not in page
    assert ruth.post(f"/notes/{note.id}/approve", data=form(ruth, number="2")).status_code == 403
    assert store.notes.get(note.id).state == "submitted"


def test_approving_what_changed_meanwhile_is_refused_on_the_newest_page(
    store: Store, ruth: TestClient, amara: TestClient, note: Note, form: Form
) -> None:
    amara.post(f"/notes/{note.id}/submit", data=form(amara, number="1"))
    amara.post(f"/notes/{note.id}/edit", data=form(amara, number="1") | {"text-s1": "Other."})
    amara.post(f"/notes/{note.id}/submit", data=form(amara, number="2"))
    answer = ruth.post(f"/notes/{note.id}/approve", data=form(ruth, number="1"))
    assert answer.status_code == 409
    assert "changed while you had it open" in answer.text
    assert "Other." in answer.text
    assert store.notes.get(note.id).state == "submitted"


def test_a_return_needs_a_reason(
    store: Store, ruth: TestClient, amara: TestClient, note: Note, form: Form
) -> None:
    amara.post(f"/notes/{note.id}/submit", data=form(amara, number="1"))
    answer = ruth.post(f"/notes/{note.id}/return", data=form(ruth, number="1"))
    assert answer.status_code == 422
    assert 'href="#reason"' in answer.text
    assert 'id="reason-error"' in answer.text
    assert store.notes.get(note.id).state == "submitted"


def test_a_reason_typed_for_an_older_version_is_shown_back(
    ruth: TestClient, amara: TestClient, note: Note, form: Form
) -> None:
    amara.post(f"/notes/{note.id}/submit", data=form(amara, number="1"))
    amara.post(f"/notes/{note.id}/edit", data=form(amara, number="1") | {"text-s1": "Other."})
    amara.post(f"/notes/{note.id}/submit", data=form(amara, number="2"))
    answer = ruth.post(
        f"/notes/{note.id}/return", data=form(ruth, number="1") | {"text-reason": "A long reason"}
    )
    assert answer.status_code == 409
    assert "A long reason" in answer.text


# --- sharing ---


def test_sharing_offers_unticked_sentences_and_says_what_is_held_back(
    store: Store, amara: TestClient, note: Note, practitioner: Member, supervisor: Member
) -> None:
    assert amara.get(f"/notes/{note.id}/share").status_code == 409
    Desk(store, practitioner).submit(note.id, 1)
    Desk(store, supervisor).approve(note.id, 1)
    page = amara.get(f"/notes/{note.id}/share").text
    # Three sentences, and a name in one of them.
    assert page.count('type="checkbox"') == 4
    assert " checked" not in page
    assert "“Tyrell” may be seen" in page
    assert "Sentences to be careful with" in page
    assert "He gets messages. <span" in page  # is for the team


def _let_go(ruth: TestClient, note: Note, form: Form) -> None:
    """The second person lets go what waits."""
    page = ruth.get(f"/notes/{note.id}/release").text
    (waits,) = re.findall(r'name="prepared" value="(\w+)">\s*<button', page)
    fields = form(ruth, number="1", prepared=waits)
    assert ruth.post(f"/notes/{note.id}/release", data=fields).status_code == 303


def test_only_ticked_sentences_reach_the_young_person_until_it_is_taken_back(
    amara: TestClient, ruth: TestClient, jordan: TestClient, shared: Note, form: Form
) -> None:
    fields = form(amara, number="1")
    assert amara.post(f"/notes/{shared.id}/share", data=fields).status_code == 422
    fields["line"] = "s2"
    assert amara.post(f"/notes/{shared.id}/share", data=fields).status_code == 303
    assert "We met to go over the plan." in jordan.get(f"/summary/{shared.id}").text
    _let_go(ruth, shared, form)
    page = jordan.get(f"/summary/{shared.id}").text
    assert "He said no &amp; walked away." in page
    assert "We met to go over the plan." not in page
    amara.post(f"/notes/{shared.id}/unshare", data=form(amara, number="1"))
    assert "He said no" not in jordan.get(f"/summary/{shared.id}").text


def test_a_sentence_that_is_not_offered_cannot_be_shared_by_sending_its_id(
    amara: TestClient, jordan: TestClient, shared: Note, form: Form
) -> None:
    fields = form(amara, number="1") | {"line": "s4"}
    assert amara.post(f"/notes/{shared.id}/share", data=fields).status_code == 403
    assert "messages" not in jordan.get(f"/summary/{shared.id}").text


def test_a_name_that_nobody_looked_at_stops_its_sentence(
    amara: TestClient, ruth: TestClient, jordan: TestClient, shared: Note, form: Form
) -> None:
    fields = form(amara, number="1") | {"line": "s3"}
    answer = amara.post(f"/notes/{shared.id}/share", data=fields)
    assert answer.status_code == 422
    assert 'href="#clear-s3"' in answer.text
    other = fields | {"clear-s3": "Somebody"}
    assert amara.post(f"/notes/{shared.id}/share", data=other).status_code == 422
    cleared = fields | {"clear-s3": "Tyrell"}
    assert amara.post(f"/notes/{shared.id}/share", data=cleared).status_code == 303
    assert "Tyrell" not in jordan.get(f"/summary/{shared.id}").text
    assert "<strong>Tyrell</strong>" in ruth.get(f"/notes/{shared.id}/release").text
    _let_go(ruth, shared, form)
    assert "Tyrell" in jordan.get(f"/summary/{shared.id}").text


def test_the_standard_of_a_note_stands_beside_it(amara: TestClient, note: Note) -> None:
    page = amara.get(f"/notes/{note.id}").text
    assert "What this kind of note needs" in page
    assert "About 350 words are enough; this has 23." in page
    assert "due within 2 working days of the contact, approval within 5" in page


def test_a_note_whose_type_is_gone_can_still_be_read(
    amara: TestClient, store: Store, case: Case, practitioner: Member, draft: Draft
) -> None:
    kind = "family_meeting"
    new = Note("", case.id, case.id, practitioner.id, kind, "draft", 0, 1_762_362_300_000, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, encode(replace(draft, kind=kind)), None)
    page = amara.get(f"/notes/{note_id}")
    assert page.status_code == 200
    assert "A note of a type that is not here any more (family_meeting)" in page.text
    assert "He said no &amp; walked away." in page.text
    for where in ("/work", f"/notes/{note_id}/edit", f"/notes/{note_id}/facts"):
        assert amara.get(where).status_code == 200


def test_a_reason_for_a_return_that_somebody_else_made_is_shown_back(
    ruth: TestClient, amara: TestClient, note: Note, form: Form
) -> None:
    amara.post(f"/notes/{note.id}/submit", data=form(amara, number="1"))
    sent = form(ruth, number="1") | {"text-reason": "A <long> reason"}
    assert ruth.post(f"/notes/{note.id}/return", data=sent).status_code == 303
    answer = ruth.post(f"/notes/{note.id}/return", data=sent | {"text-reason": "Another <one>"})
    assert answer.status_code == 409
    assert "What you had typed" in answer.text
    assert "Another &lt;one&gt;" in answer.text


def test_what_was_ticked_too_late_stays_ticked(
    amara: TestClient, ruth: TestClient, shared: Note, form: Form
) -> None:
    amara.post(f"/notes/{shared.id}/edit", data=form(amara, number="1") | {"text-s3": "So."})
    amara.post(f"/notes/{shared.id}/submit", data=form(amara, number="2"))
    ruth.post(f"/notes/{shared.id}/approve", data=form(ruth, number="2"))
    fields = form(amara, number="1") | {"line": "s2"}
    answer = amara.post(f"/notes/{shared.id}/share", data=fields)
    assert answer.status_code == 409
    assert "changed while you had it open" in answer.text
    assert 'value="s2" checked' in answer.text
    assert 'value="s1" checked' not in answer.text


def test_words_for_a_sentence_that_is_gone_stay_when_another_box_is_empty(
    amara: TestClient, ruth: TestClient, note: Note, form: Form
) -> None:
    ruth.post(f"/notes/{note.id}/edit", data=form(ruth, number="1") | {"text-why-s2": "Hearsay."})
    typed = {"text-s1": " ", "text-s2": "Homeless <words>."}
    answer = amara.post(f"/notes/{note.id}/edit", data=form(amara, number="1") | typed)
    assert answer.status_code == 422
    assert "Homeless &lt;words&gt;." in answer.text
