"""Whoever gets a form wrong is told at the head of the page, led to the field, and keeps their words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from store.store import Store
from tests.e2e.mistakes import MISTAKES, Mistake, address, ids
from tests.e2e.scripted import Scripted, give_codes
from tests.e2e.test_scripts import Watched, app_of, entered
from tests.integration.web.served import Server

_SECRET = {"pin", "secret", "password", "again", "digits", "code"}  # never shown back

# As a browser sends a form: the answer is a page of its own.
_SEND = """([address, sent]) => {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: address });
  for (const [name, value] of Object.entries(sent)) {
    form.append(Object.assign(document.createElement("textarea"), { name, value }));
  }
  document.body.append(form);
  form.submit();
}"""
_READ = """([id, sent]) => {
  const summary = document.querySelectorAll(".govuk-error-summary");
  const links = [...document.querySelectorAll(".govuk-error-summary a")];
  const at = document.getElementById(id);
  const group = at?.closest("fieldset") ?? at;
  const words = (group?.getAttribute("aria-describedby") ?? "").split(" ")
    .map((each) => document.getElementById(each)).find((each) => each?.matches(".govuk-error-message"));
  const lost = (form, name, value) => {
    const field = form?.elements[name];
    if (!field || field.type === "password" || field.type === "hidden") return false;
    const options = field.options ?? (field instanceof RadioNodeList ? field : null);
    if (options && ![...options].some((each) => each.value === value)) return false;
    return field.value !== value && field.value.trim() !== value.trim();
  };
  return {
    titled: document.title.startsWith("Error: "),
    summaries: summary.length,
    isHeardFirst: document.activeElement === summary[0] && summary[0].contains(links[0]),
    links: links.map((each) => each.getAttribute("href")),
    isField: Boolean(at?.matches("input, textarea, select")),
    isShown: Boolean(at?.checkVisibility()),
    saysTheSame: Boolean(words?.innerText.endsWith(links[0]?.innerText)),
    lost: Object.entries(sent).filter(([name, value]) => lost(at?.form, name, value)),
  };
}"""


@pytest.fixture
def world(store: Store) -> Scripted:
    return Scripted(store, "Riverside")


@pytest.fixture
def server(world: Scripted) -> Iterator[Server]:
    made = Server(app_of(world, by_account=True))
    yield made
    made.stop()


def fresh(watched: Watched) -> Page:
    """A page to send forms from."""
    page = watched.context.new_page()
    page.goto("/sign-in")
    return page


def said(page: Page, world: Scripted, mistake: Mistake, csrf: str) -> list[str]:
    """What is not as it should be after this mistake."""
    known = ids(world, mistake.of)
    sent = {name: value.format_map(known) for name, value in mistake.sent.items()}
    with page.expect_navigation():
        page.evaluate(
            _SEND, [address(world, mistake), sent | {"csrf": csrf, **mistake.fixed(known)}]
        )
    kept = {name: value for name, value in sent.items() if name not in _SECRET}
    leads_to = mistake.leads_to.format_map(known)
    found = page.evaluate(_READ, [leads_to, kept])
    wanted = {
        "titled": True,
        "summaries": 1,
        "isHeardFirst": True,
        "links": [f"#{leads_to}"],
        "isField": True,
        "isShown": True,
        "saysTheSame": True,
        "lost": [],
    }
    return [f"{name} is {found[name]}" for name, value in wanted.items() if found[name] != value]


def test_every_mistake_leads_to_its_field_and_nothing_typed_is_lost(
    chromium: Browser, world: Scripted, server: Server, tmp_path: Path
) -> None:
    give_codes(world, tmp_path)
    found = []
    people = {
        "supervisor": world.supervisor,
        "data_protection": world.data_protection,
        "administrator": world.administrator,
        "practitioner": world.practitioner,
        "young_person": world.young_person,
        "nobody": None,
    }
    for who, person in people.items():
        with entered(chromium, world.store, server.port, person) as watched:
            page = fresh(watched)
            cookies = watched.context.cookies()
            csrf = world.store.access.csrf(cookies[0].get("value", "")) if cookies else ""
            for number, each in enumerate(MISTAKES):
                if each.who == who:
                    if page.url.endswith(("/edit", "/new")):  # they ask before they are left
                        page = fresh(watched)
                    wrong = said(page, world, each, csrf)
                    found += [f"{number} {each.path} {each.leads_to}: {why}" for why in wrong]
        assert watched.seen == []
    assert "\n".join(found) == ""
