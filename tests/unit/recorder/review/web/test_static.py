from __future__ import annotations

import re
from importlib import resources

import pytest

from recorder.review.web.render import STATIC

OURS = sorted(path.name for path in STATIC.iterdir())
PAGES = [p for p in (resources.files("templates") / "web").iterdir() if p.name.endswith(".html")]


def test_the_files_are_there() -> None:
    assert {"govuk-frontend.min.css", "govuk-frontend.LICENSE.txt", "recorder.css"} <= set(OURS)
    assert len(PAGES) >= 10


@pytest.mark.parametrize("name", [name for name in OURS if name.endswith(".css")])
def test_a_stylesheet_asks_for_nothing_more(name: str) -> None:
    css = (STATIC / name).read_text(encoding="utf-8")
    for word in ("url(", "@import", "@font-face", "GDS Transport", "crown", "crest"):
        assert word not in css.replace("no crown", ""), word


@pytest.mark.parametrize("name", [name for name in OURS if name.endswith(".js")])
def test_a_script_needs_nothing_the_policy_refuses(name: str) -> None:
    script = (STATIC / name).read_text(encoding="utf-8")
    for word in (
        "innerHTML",
        "outerHTML",
        "eval(",
        "document.write",
        "Function(",
        "http",
        "Storage",
    ):
        assert word not in script, word


def test_pages_take_the_frame_with_the_inline_script_from_nowhere() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert "govuk_frontend_jinja/template.html" not in text
        assert not re.search(r"\| *safe\b", text), page.name
