from __future__ import annotations

import pytest
from jinja2 import DictLoader, Environment

from recorder.review.web.render import Compiled, environment, warm


def test_templates_are_compiled_once_in_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    warm(environment("Evolve", "Europe/London"))

    def again(*_: object, **__: object) -> None:
        pytest.fail("a template was compiled a second time")

    monkeypatch.setattr(Environment, "_generate", again)
    other = environment("Another", "Europe/London")
    warm(other)
    assert "note.html" in other.list_templates()
    assert other.globals["team"] == "Another"


def test_a_template_that_was_changed_is_not_taken_for_what_it_was() -> None:
    compiled = Compiled()
    said = [
        Environment(loader=DictLoader({"a.html": words}), autoescape=True, bytecode_cache=compiled)
        .get_template("a.html")
        .render()
        for words in ("before", "after", "before")
    ]
    assert said == ["before", "after", "before"]
