"""What a language model tidied says so, and the words that were said can be put back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from starlette.testclient import TestClient

from recorder.codec import decode_draft, encode
from store.notes import Note
from store.records import Recording
from store.store import Store
from transcribe.draft.llm import REWORDED
from transcribe.model import Check, Draft, Origin, Reworded

SAID = "So we made toast and he laid the table."
TIDY = "We made toast. He laid the table."
MARK = Check(REWORDED, "look", f"A language model tidied this sentence: “{SAID}”", instead=SAID)


def test_the_words_that_were_said_are_put_back(
    amara: TestClient,
    store: Store,
    voice: Recording,
    draft: Draft,
    form: Callable[..., dict[str, str]],
) -> None:
    first, *others = draft.statements
    tidied = replace(first, text=TIDY, checks=(MARK,))
    record = Reworded(voice.id, "little", "0" * 64, {"seed": 1}, 3, 1, {"words": 2})
    made = replace(draft, statements=(tidied, *others), reworded=(record,))
    new = Note("", voice.scope, voice.case_id, voice.practitioner_id, "case_note", "draft", 0, 0, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, encode(made), None)
        store.recordings.advance(connection, voice, "drafted", note_id=note_id)
    page = amara.get(f"/notes/{note_id}").text
    assert record.sentence in page
    assert f'aria-label="Change it to: {SAID}"' in page
    back = form(amara, number="1") | {f"text-{first.id}": SAID}
    assert amara.post(f"/notes/{note_id}/edit", data=back).status_code == 303
    after = decode_draft(store.notes.version(note_id, 2).payload).statements[0]
    assert (after.text, after.origin) == (SAID, Origin.PRACTITIONER)
    assert REWORDED not in {each.code for each in after.checks}
