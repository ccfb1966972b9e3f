"""A record is restricted and opened again, and a team left, on pages that everybody can use."""

from __future__ import annotations

from playwright.sync_api import Browser, Page

from store.people import Member
from store.store import Store
from tests.e2e.looks import everything_wrong
from tests.e2e.scripted import Scripted
from tests.e2e.test_scripts import app_of, entered
from tests.integration.web.served import Server

WHY = "A relative works on the team"


def pressed(page: Page, form: str, button: str) -> list[str]:
    """What is wrong with the page that a form's button leads to, by keyboard."""
    page.locator(f"form[action$='{form}']").get_by_role("button", name=button).first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return everything_wrong(page)


def test_a_record_is_restricted_and_opened_again_and_asked_first(
    chromium: Browser, store: Store
) -> None:
    world = Scripted(store, "Riverside")
    server, found = Server(app_of(world, by_account=True)), list[str]()
    try:
        with entered(chromium, store, server.port, world.supervisor) as watched:
            page = watched.context.new_page()
            page.goto(f"/cases/{world.case.id}")
            page.get_by_role("link", name="Who sees this record").click()
            page.get_by_label("(you)").check()
            page.get_by_label("Why?").fill(WHY)
            found += pressed(page, "/restrict", "Go on")
            assert WHY in page.locator("main").inner_text()
            assert not store.circles.restricted()
            found += pressed(page, "/restrict", "Restrict it")
            assert store.circles.restricted() == {world.case.id}
            found += pressed(page, "/lift", "Go on")
            assert page.locator(".govuk-error-summary a").get_attribute("href") == "#reason"
            page.keyboard.press("Enter")  # it has the focus
            page.locator("#reason").fill(WHY)
            found += pressed(page, "/lift", "Go on")
            found += pressed(page, "/lift", "Lift it")
            assert not store.circles.restricted()
            page.goto("/people")
            found += pressed(page, "/people/leave", "Take out")
            assert "Take somebody out" in page.title()
        assert watched.seen == []
    finally:
        server.stop()
    assert "\n".join(found) == ""


def test_who_hands_a_record_over_reads_first_who_gains_and_who_loses_sight_of_it(
    chromium: Browser, store: Store
) -> None:
    world = Scripted(store, "Riverside")
    other = store.people.add(Member("", "practitioner", "ben", "Ben Okoro", None), "test")
    store.teams.add("North", [world.practitioner.id, world.supervisor.id], "test")
    store.teams.add("South", [other.id], "test")
    server, found = Server(app_of(world, by_account=True)), list[str]()
    try:
        with entered(chromium, store, server.port, world.supervisor) as watched:
            page = watched.context.new_page()
            page.goto(f"/cases/{world.case.id}/access")
            page.locator("#to").select_option(label="Ben Okoro")
            found += pressed(page, "/give", "Go on")
            gains, loses = (each.inner_text() for each in page.locator("main ul").all())
            assert ("Ben Okoro" in gains, "(you)" in loses) == (True, True)
            assert "cannot undo this yourself" in page.locator("main").inner_text()
            found += pressed(page, "/give", "Hand it over")
            assert page.url.endswith("/queue")
        assert watched.seen == []
    finally:
        server.stop()
    assert "\n".join(found) == ""
