"""Copying into Mosaic, one field at a time, in a real browser."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from store.store import Store
from tests.e2e.scripted import Scripted, give_codes
from tests.e2e.test_scripts import app_of, entered
from tests.integration.web.served import Server

_SOMEWHERE = """() => {
  document.getElementById("somewhere")?.remove();
  const field = document.body.appendChild(document.createElement("textarea"));
  field.id = "somewhere";
  field.focus();
}"""


def test_a_button_copies_exactly_its_field_and_says_so(
    chromium: Browser, store: Store, tmp_path: Path
) -> None:
    world = Scripted(store, "Riverside")
    give_codes(world, tmp_path)
    server = Server(app_of(world))
    with entered(chromium, store, server.port, world.practitioner) as watched:
        page = watched.context.new_page()
        page.goto(f"/mosaic/{world.shared.id}")
        for label in ("Title", "Note"):
            page.get_by_role("button", name=f"Copy {label}", exact=True).click()
            expect(page.get_by_role("status").filter(has_text=f"Copied: {label}.")).to_be_visible()
            page.evaluate(_SOMEWHERE)
            page.keyboard.press("Control+v")
            held = page.locator("#somewhere").input_value()
            assert held == page.get_by_label(label, exact=True).input_value()
        assert "Riverside sees this differently" in held
        assert watched.seen == []
    server.stop()
