"""A note that nobody recorded is written on one page, with few keys and presses."""

from __future__ import annotations

from playwright.sync_api import Browser

from recorder.review.desk import Desk
from recorder.review.web.app import create_app
from store.cases import Case
from store.people import Member
from store.store import Store
from tests.e2e.by_hand import LINES, write
from tests.e2e.test_scripts import entered
from tests.integration.web.served import Server
from transcribe.model import Origin

KEYS, PRESSES = 100, 9  # at 40 words a minute, and two seconds a press, under a minute


def test_a_short_note_takes_few_keys_and_presses(
    chromium: Browser, store: Store, case: Case, practitioner: Member
) -> None:
    server = Server(create_app(store, team="Evolve", timezone="Europe/London"))
    try:
        with entered(chromium, store, server.port, practitioner) as watched:
            page = watched.context.new_page()
            page.goto("/work")
            work = write(page, f"{case.details.name} ({case.details.ref})")
        assert watched.seen == []
    finally:
        server.stop()
    assert work.keys <= KEYS
    assert work.presses <= PRESSES
    (note,) = store.notes.all()
    draft = Desk(store, practitioner).read(note.id).draft
    assert [each.text for each in draft.statements] == list(LINES.values())
    assert {each.origin for each in draft.statements} == {Origin.PRACTITIONER}
    assert draft.contact.seen is True
