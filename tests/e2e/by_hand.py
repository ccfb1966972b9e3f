"""A short real note, typed through its page by keyboard and pointer as a person does it."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page

LINES = {
    "purpose": "Caught up after college.",
    "what_happened": "Jordan showed me the shelf he built.",
    "action": "I will ring his tutor on Monday.",
}


@dataclass(frozen=True, slots=True)
class Work:
    """What it took."""

    keys: int
    presses: int  # of the pointer, each field's own among them


def write(page: Page, young_person: str, pause_ms: int = 0) -> Work:
    """From *My work* to the note's own page; `pause_ms` between two keys."""
    presses = keys = 0
    for link in ("Write a note", "Case note"):
        page.get_by_role("link", name=link, exact=True).click()
        presses += 1
    page.get_by_label("Young person", exact=True).select_option(label=young_person)
    page.get_by_role("group", name="Was the young person seen?").get_by_label("Yes").check()
    presses += 3  # a list is opened and chosen from
    for section, line in LINES.items():
        box = page.locator(f"#text-{section}")
        box.click()
        box.press_sequentially(line, delay=pause_ms)
        presses, keys = presses + 1, keys + len(line)
    page.get_by_role("button", name="Save as a draft").click()
    page.wait_for_url("**/notes/*")
    return Work(keys, presses + 1)
