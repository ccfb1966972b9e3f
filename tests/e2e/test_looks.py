"""What the tests of pages look for, they find: a page with each fault in it, and one of each alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.keys import Keys
from tests.e2e.looks import everything_wrong

_PAGE = """<!DOCTYPE html><html lang="en"><head><title>Page</title>
<meta name="viewport" content="width=device-width"><style>{style}</style></head>
<body><main><h1>Page</h1><p>Go to <a href="#one">one</a></p>{body}</main></body></html>"""
_BUTTON = '<button style="min-width: 60px; min-height: 40px">Two</button>'
SEEN = {
    "image-alt": ('<img src="data:,">', ""),
    "label": ("<input>", ""),
    "remembered": ("<form><label>Name <input></label></form>", ""),
    "color-contrast": ('<p style="color: #aaa">Pale words</p>', ""),
    "target-size": ('<button style="width: 9px; height: 9px">x</button>' * 2, ""),
    "pixels wide": ('<p style="width: 2000px">Wide</p>', ""),
    "cut off": ('<p style="width: 20px; overflow: hidden; white-space: nowrap">Long words</p>', ""),
    "scrolls smoothly": ("<p>Words</p>", "html { scroll-behavior: smooth }"),
    "moves": ("<p>Words</p>", "@keyframes k { to { opacity: .9 } } p { animation: k 9s infinite }"),
}
MET = {
    "does not show": (_BUTTON, ":focus { outline: 0 }"),
    "hidden": (f'{_BUTTON}<div style="position: fixed; inset: 0; background: #fff"></div>', ""),
    "9 by 9 pixels": ('<button style="width: 9px; height: 9px; padding: 0">x</button>', ""),
}


@pytest.fixture
def page(chromium: Browser) -> Page:
    return chromium.new_context().new_page()


def test_a_page_without_a_fault_has_none(page: Page) -> None:
    page.set_content(_PAGE.format(body=_BUTTON, style=""))
    assert everything_wrong(page) == []
    keys = Keys(page)
    keys.all_the_way()
    assert (keys.stops, keys.wrong) == (3, [])


def test_every_fault_that_can_be_seen_is_found(page: Page) -> None:
    for fault, (body, style) in SEEN.items():
        page.set_content(_PAGE.format(body=body, style=style))
        assert any(fault in each for each in everything_wrong(page)), fault


def test_every_fault_that_a_keyboard_meets_is_found(page: Page) -> None:
    for fault, (body, style) in MET.items():
        page.set_content(_PAGE.format(body=body, style=style))
        keys = Keys(page)
        keys.all_the_way()
        assert any(fault in each for each in keys.wrong), fault
