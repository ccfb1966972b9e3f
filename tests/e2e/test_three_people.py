"""One voice note on its way through three people's browsers to a pack for Mosaic."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from tests.e2e.conftest import Browsers, House, Running

PHONE_WIDTH, PHONE_HEIGHT = 320, 640
PHONE = {
    "viewport": {"width": PHONE_WIDTH, "height": PHONE_HEIGHT},
    "is_mobile": True,
    "has_touch": True,
}
EDITED = "He said no straight away, and nobody hurt him."
REASON = "Say who was with him when he rang."
REPLY = "That is right. I rang her before I got on the bus."
VERSION = "3"  # after the voice, the picture and the reworded sentence
SLACK = 0.3  # seconds that a player may be off by


def test_a_voice_note_goes_through_three_people_to_mosaic(
    system: Running, browsers: Browsers, tmp_path: Path
) -> None:
    house = system.house
    amara, ruth = browsers.enter(house.link("amara")), browsers.enter(house.link("ruth"))
    _opens_the_draft(amara)
    _plays_a_sentence(amara)
    _rewords_a_sentence(amara)
    _submits(amara)
    _cannot_approve_it(amara)
    _returns_it(ruth)
    _submits_again(amara)
    _approves_it(ruth)
    chosen = _prepares_two_sentences(amara)
    _sees_nothing_yet(browsers.enter(house.link("jordan"), **PHONE))
    _reads_and_lets_go(ruth, chosen)
    _reads_and_replies(browsers.enter(house.link("jordan"), **PHONE), chosen)
    _sees_the_reply(amara)
    _is_exported_once(house, tmp_path)
    assert house.json("audit", "verify")["whole"] is True
    assert browsers.seen.hosts == {f"127.0.0.1:{house.port}"}
    assert browsers.seen.troubles == []
    assert browsers.seen.kept == []


def test_a_stop_signal_ends_it_cleanly_and_its_log_held_no_content(
    system: Running, log_line: re.Pattern[str]
) -> None:
    assert system.stop() == 0
    assert system.out.read_text() == "ready\n"
    lines = system.err.read_text().splitlines()
    assert len(lines) >= 2, "taking in two files was to be logged"
    assert [line for line in lines if not log_line.fullmatch(line)] == []


# --- the practitioner ---


def _opens_the_draft(page: Page) -> None:
    expect(page).to_have_title("My work")
    page.get_by_role("link", name="Jordan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Jordan")
    expect(page.locator(".govuk-tag")).to_have_text("Draft")
    expect(page.locator("p", has_text="A picture was added")).to_be_visible()
    image = page.locator(".app-picture img").first
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


def _plays_a_sentence(page: Page) -> None:
    """The player stays between the sentence's first and last moment, and stops there by itself."""
    button = _shortest(page)
    start, end = (int(button.get_attribute(f"data-{name}") or "") / 1000 for name in _ENDS)
    player = page.locator("audio")
    player.evaluate(
        "player => { window.heard = []; player.addEventListener('timeupdate',"
        " () => { if (!player.paused) window.heard.push(player.currentTime); }); }"
    )
    button.click()
    expect(button).to_contain_text("Stop")
    expect(button).to_contain_text("Play", timeout=60_000)
    heard = page.evaluate("window.heard")
    inside = [at for at in heard if start - SLACK <= at <= end + SLACK]
    assert len(inside) >= 2, heard
    # One tick may come before the player has found its place.
    assert [at for at in heard[1:] if at not in inside] == []
    assert player.evaluate("player => player.paused")
    assert abs(player.evaluate("player => player.currentTime") - end) <= SLACK


_ENDS = ("start", "end")


def _shortest(page: Page) -> Locator:
    """The play button of the shortest sentence that does not begin the recording."""
    buttons = page.locator(".app-sentence .app-play").all()
    spans = [[int(b.get_attribute(f"data-{name}") or "") for name in _ENDS] for b in buttons]
    lengths = [(end - start, place) for place, (start, end) in enumerate(spans) if start]
    return buttons[min(lengths)[1]]


def _rewords_a_sentence(page: Page) -> None:
    page.get_by_role("button", name="Edit", exact=True).click()
    box = page.locator("textarea").filter(has_text="was not hurt")
    expect(box).to_have_count(1)
    box.fill(EDITED)
    page.get_by_role("button", name="Save").click()
    sentence = page.locator(".app-sentence").filter(has_text=EDITED)
    expect(sentence).to_contain_text("Reworded by the practitioner")
    expect(sentence.locator(".app-play")).to_be_visible()


def _submits(page: Page) -> None:
    page.get_by_role("button", name="Submit to a supervisor").click()
    expect(page.locator(".govuk-tag")).to_have_text("With a supervisor")


def _cannot_approve_it(page: Page) -> None:
    """Not by a button, and not by sending what the button would send."""
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    csrf = page.locator("input[name=csrf]").first.input_value()
    answer = page.request.post(f"{page.url}/approve", form={"csrf": csrf, "number": VERSION})
    assert answer.status == 403
    page.reload()
    expect(page.locator(".govuk-tag")).to_have_text("With a supervisor")


def _submits_again(page: Page) -> None:
    page.get_by_role("link", name="My work").click()
    came_back = page.locator(".app-group").filter(has_text="Came back to be changed")
    expect(came_back).to_contain_text(REASON)
    came_back.get_by_role("link", name="Jordan").click()
    expect(page.get_by_text(REASON).first).to_be_visible()
    _submits(page)


def _prepares_two_sentences(page: Page) -> list[str]:
    page.reload()
    expect(page.locator(".govuk-tag")).to_have_text("Approved")
    page.get_by_role("button", name="Prepare a summary for the young person").click()
    offered = page.get_by_role("checkbox", name="They are to see this").all()
    assert len(offered) > 2
    assert not any(each.is_checked() for each in page.get_by_role("checkbox").all())
    boxes = [
        page.locator(".app-worded").filter(has_text=words)
        for words in (EDITED, "in college every day")
    ]
    for box in boxes:
        box.get_by_role("checkbox", name="They are to see this").check()
        for name in box.get_by_role("checkbox", name="may be seen").all():
            name.check()
    page.get_by_role("button", name="Check how it reads").click()
    expect(page.get_by_text("Reads like age").first).to_be_visible()
    texts = [box.get_by_role("textbox").input_value() for box in boxes]
    page.get_by_role("button", name="Ask a colleague to read it").click()
    expect(page.get_by_text("waits for a colleague")).to_be_visible()
    page.get_by_role("link", name="What they will see").click()
    expect(page.get_by_text("somebody else has to read it first")).to_be_visible()
    expect(page.get_by_role("button", name="Let ")).to_have_count(0)
    return texts


def _sees_nothing_yet(page: Page) -> None:
    expect(page.get_by_text("There is nothing here to read yet.")).to_be_visible()


def _reads_and_lets_go(page: Page, chosen: list[str]) -> None:
    """The second person sees the very words."""
    page.reload()
    page.get_by_role("link", name="Read it before they do").click()
    shown = page.locator(".app-as-seen")
    for text in chosen:
        expect(shown.get_by_text(text, exact=True)).to_be_visible()
    page.get_by_role("button", name="Let Jordan see this").click()
    expect(page.get_by_text("Shared with the young person")).to_be_visible()


def _sees_the_reply(page: Page) -> None:
    page.get_by_role("link", name="My work").click()
    heading = page.get_by_role("heading", name="Young people have written back")
    expect(heading).to_be_visible()
    page.get_by_role("link", name="Jordan").first.click()
    expect(page.locator(".app-reply")).to_contain_text(REPLY)


# --- the supervisor ---


def _returns_it(page: Page) -> None:
    expect(page).to_have_title("To approve")
    expect(page.get_by_text("Nothing is waiting for you.")).to_be_visible()  # it was a draft
    page.reload()
    page.get_by_role("link", name="Jordan").click()
    page.get_by_role("textbox").fill(REASON)
    page.get_by_role("button", name="Return to the practitioner").click()
    expect(page.get_by_text("Nothing is waiting for you.")).to_be_visible()


def _approves_it(page: Page) -> None:
    page.reload()
    page.get_by_role("link", name="Jordan").click()
    expect(page.locator(".app-sentence").filter(has_text=EDITED)).to_be_visible()
    assert page.locator("input[name=number]").first.input_value() == VERSION
    page.get_by_role("button", name="Approve this version").click()
    expect(page.locator(".govuk-tag")).to_have_text("Approved")


# --- the young person ---


def _reads_and_replies(page: Page, chosen: list[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello Jordan")
    page.get_by_role("link", name="Read it all on one page").tap()
    lines = page.locator(".app-young__line > .govuk-body-l")
    lines.first.wait_for()
    shown = [text for text in lines.all_inner_texts() if text in chosen]
    assert sorted(shown) == sorted(chosen)
    expect(page.get_by_text("Tyrell")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE_WIDTH
    page.get_by_role("link", name="Say something about all of it").tap()
    page.get_by_role("link", name="Add something").tap()
    page.get_by_role("textbox").fill(REPLY)
    page.get_by_role("button", name="Send").tap()
    expect(page.locator(".app-reply")).to_contain_text(REPLY)
    page.goto(page.url.partition("/said/")[0] + "#said")
    # The page stands at what was sent, and not under the bar at its top.
    bar, sent = (page.locator(each).bounding_box() for each in (".app-young__top", "#said"))
    assert bar is not None
    assert sent is not None
    assert bar["y"] + bar["height"] <= sent["y"] < PHONE_HEIGHT


# --- what leaves the house ---


def _is_exported_once(house: House, folder: Path) -> None:
    codes = '[note_types]\ncase_note = "EVOLVE"\n[workers]\namara = "acole"\n'
    house.home.joinpath("mosaic.toml").write_text(codes, encoding="utf-8")
    said = house.json("export", "mosaic", "--to", folder / "pack")
    assert [each["version"] for each in said["written"]] == [int(VERSION)]
    assert said["refused"] == []
    pack = Path(said["folder"])
    _sums_hold(pack)
    (note,) = (path for path in pack.glob("*.json") if path.name != "manifest.json")
    for content in (note.read_text(), _word_text(note.with_suffix(".docx"))):
        assert EDITED in content
        assert REPLY in content
        assert "was not hurt" not in content
    (row,) = csv.DictReader(io.StringIO((pack / "case_notes.csv").read_text("utf-8-sig")))
    assert EDITED in "".join(row.values())
    again = house.json("export", "mosaic", "--to", folder / "more")
    assert again == {"folder": None, "written": [], "refused": [], "before": None}
    assert house.said("export", "mosaic", "--to", folder / "more").startswith("nothing to export")
    assert not (folder / "more").exists()


def _sums_hold(pack: Path) -> None:
    listed: list[dict[str, Any]] = json.loads((pack / "manifest.json").read_text())["files"]
    assert {each["name"] for each in listed} == {path.name for path in pack.iterdir()} - {
        "manifest.json"
    }
    for each in listed:
        content = (pack / each["name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == each["sha256"]
        assert len(content) == each["bytes"]


def _word_text(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
