"""What is looked for on a page: by axe, and by how it stands on a narrow or zoomed screen."""

from __future__ import annotations

from importlib import resources

from playwright.sync_api import Page

DESK, HALF, PHONE = 1280, 640, 320
"""Widths in CSS pixels: a desk screen, and the same at 200 % and 400 % zoom."""

_HEIGHT = 720
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
_AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
# Not by a script of the page's own: the policy lets none in that is not ours.
_RUN = """async (tags) => {
  const { violations } = await axe.run(document, {
    runOnly: tags, rules: { "target-size": { enabled: true } }, resultTypes: ["violations"],
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((each) => `${id}: ${each.html.slice(0, 160)} ${each.failureSummary}`));
}"""
# WCAG 1.4.12, as a style sheet of the reader's own would say it.
_SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important; } p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
_OPEN = "() => { for (const each of document.querySelectorAll('details')) each.open = true; }"
# What sticks out of the page, or is cut off where it stands.
_LOST = """() => {
  const wide = document.documentElement.scrollWidth;
  const out = wide > window.innerWidth ? [`${wide} pixels wide on a screen of ${window.innerWidth}`] : [];
  const cut = [...document.querySelectorAll("body *")].filter((each) => {
    if (!each.checkVisibility() || !each.textContent.trim()) return false;
    if (each.closest(".govuk-visually-hidden, .govuk-skip-link, textarea, select, video")) return false;
    const { overflowX, overflowY, clipPath } = getComputedStyle(each);
    if (clipPath !== "none") return false; // said to who listens, never shown
    return (/hidden|clip/.test(overflowX) && each.scrollWidth > each.clientWidth + 1) ||
      (/hidden|clip/.test(overflowY) && each.scrollHeight > each.clientHeight + 1);
  });
  return [...out, ...cut.map((each) => `cut off: ${each.outerHTML.slice(0, 160)}`)];
}"""
_MOVES = """() => document.getAnimations().map((each) => `moves: ${each.effect.target.outerHTML.slice(0, 90)}`)
  .concat(getComputedStyle(document.documentElement).scrollBehavior === "auto" ? [] : ["scrolls smoothly"])"""

# What is typed, a browser remembers for the next person unless the form says not to.
_REMEMBERED = """() => [...document.querySelectorAll("main textarea, main input")].filter((each) => {
  if (/^(hidden|radio|checkbox|file|submit|button)$/.test(each.type) || each.readOnly) return false;
  const said = each.getAttribute("autocomplete") ?? each.form?.getAttribute("autocomplete") ?? "";
  return !/^(off|username|current-password|new-password|one-time-code)$/.test(said);
}).map((each) => `remembered: ${each.outerHTML.slice(0, 160)}`)"""


def violations(page: Page) -> list[str]:
    """What axe finds on `page` as it stands."""
    page.evaluate(_AXE)
    return [str(each) for each in page.evaluate(_RUN, _TAGS)]


def everything_wrong(page: Page) -> list[str]:
    """All of it, at every width; in the end everything that opens is open, and the text spaced."""
    found = _at(page, DESK, violations(page) + page.evaluate(_MOVES) + page.evaluate(_REMEMBERED))
    page.evaluate(_OPEN)
    page.set_viewport_size({"width": PHONE, "height": _HEIGHT})
    found += _at(page, PHONE, violations(page))
    page.evaluate(_SPACED)
    for width in (PHONE, HALF, DESK):
        page.set_viewport_size({"width": width, "height": _HEIGHT})
        found += _at(page, width, page.evaluate(_LOST))
    return found


def _at(page: Page, width: int, found: list[str]) -> list[str]:
    path = page.url.partition("//")[2].partition("/")[2]
    return [f"/{path} at {width}: {each}" for each in found]
