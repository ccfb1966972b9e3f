"""A name that may be meant is put into the sentence with one click, by a person."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace

from starlette.testclient import TestClient

from recorder.codec import encode
from store.notes import Note
from store.store import Store
from transcribe.draft.taken import PERHAPS
from transcribe.model import Check, Draft

INSTEAD = 'Then a boy called "Tyrese" & co came up.'


def asked(store: Store, note: Note, draft: Draft) -> None:
    """The note's draft with a question about a name in its third sentence."""
    check = Check(PERHAPS, "look", "It may be the name “Tyrese”.", instead=INSTEAD)
    statements = tuple(
        replace(each, checks=(check,)) if each.id == "s3" else each for each in draft.statements
    )
    with store.database.write() as connection:
        payload = encode(replace(draft, statements=statements))
        store.notes.add_version(connection, note, payload, None, note.state)


def test_one_click_puts_the_name_in_and_the_question_is_gone(
    amara: TestClient, store: Store, note: Note, draft: Draft, form: Callable[..., dict[str, str]]
) -> None:
    asked(store, note, draft)
    page = amara.get(f"/notes/{note.id}").text
    (value,) = re.findall(r'name="text-s3" value="([^"]*)"', page)
    assert html.unescape(value) == INSTEAD
    number = str(store.notes.get(note.id).number)
    fields = form(amara, number=number) | {"text-s3": html.unescape(value)}
    assert amara.post(f"/notes/{note.id}/edit", data=fields).status_code == 303
    after = amara.get(f"/notes/{note.id}").text
    assert INSTEAD in html.unescape(after)
    assert "Change it" not in after


def test_whoever_may_not_edit_is_offered_no_click(
    jordan: TestClient, amara: TestClient, store: Store, note: Note, draft: Draft
) -> None:
    asked(store, note, draft)
    assert "Change it" in amara.get(f"/notes/{note.id}").text
    assert "Change it" not in jordan.get(f"/notes/{note.id}").text
