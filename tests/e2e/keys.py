"""A person with a keyboard and no mouse: Tab, Enter, Space and letters."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Page

_MOST = 250
"""Stops on one page, after which it is taken for a trap."""

# What a stop looks like, and what is wrong with it. Whether it shows that it has the focus is only
# known at the next one, when it has it no more.
_STOP = """() => {
  const at = document.activeElement;
  const known = window.__stops ??= { wrong: [], last: null };
  const looks = (each) => [each, each.labels?.[0]].flatMap((one) => one
    ? ["", "::before"].map((part) => {
        const style = getComputedStyle(one, part || undefined);
        const line = (name) => style[`${name}Style`] === "none" ? "" : style[name];
        return [line("outline"), line("borderBottom"), style.boxShadow, style.backgroundColor].join();
      })
    : []).join(";");
  const named = (each) => each.outerHTML.slice(0, 140);
  if (known.last && known.last.at !== at && known.last.at.isConnected &&
      looks(known.last.at) === known.last.looks) {
    known.wrong.push(`does not show that it has the focus: ${named(known.last.at)}`);
  }
  if (at === document.body) return { wrong: known.wrong.splice(0), name: "", end: true };
  const box = at.getClientRects()[0] ?? at.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const there = document.elementFromPoint(x, y);
  const own = [at, ...(at.labels ?? [])];
  if (!there || !own.some((each) => each.contains(there) || there.contains(each) && there !== document.body && there !== document.documentElement && there.tagName !== "MAIN")) {
    known.wrong.push(`hidden: ${named(at)} behind ${there && named(there)}`);
  }
  const inline = getComputedStyle(at).display === "inline" &&
    at.parentElement.innerText.trim() !== at.innerText.trim();
  if (!inline && (box.width < 24 || box.height < 24)) {
    known.wrong.push(`${Math.round(box.width)} by ${Math.round(box.height)} pixels: ${named(at)}`);
  }
  // The browser draws and moves the focus inside its own players.
  known.last = at.matches("audio, video") ? null : { at, looks: looks(at) };
  const name = at.getAttribute("aria-label") ?? at.labels?.[0]?.innerText ?? at.innerText;
  return { wrong: known.wrong.splice(0), name: `${at.tagName.toLowerCase()} ${name}`.trim(), end: false };
}"""


@dataclass
class Keys:
    """Presses keys on a page, and notes what is wrong with each place that the focus comes to."""

    page: Page
    wrong: list[str] = field(default_factory=list)
    stops: int = 0

    def to(self, tag: str, name: str) -> None:
        """Go on with Tab until something of this kind and name has the focus."""
        passed = list[str]()
        for _ in range(_MOST):
            here = self.next()
            passed.append(here)
            if here.startswith(f"{tag} ") and name in here:
                return
        raise AssertionError(f"Tab never comes to {tag} {name}: {passed[:60]}")

    def next(self) -> str:
        """One Tab further: the kind and name of what has the focus then; nothing past the end."""
        self.page.keyboard.press("Tab")
        found = self.page.evaluate(_STOP)
        self.stops += 1
        self.wrong += [f"{self.page.url.rpartition(':')[2]}: {each}" for each in found["wrong"]]
        return str(found["name"])

    def open(self, tag: str, name: str) -> None:
        """Go there, press Enter, and wait for the page that comes."""
        self.to(tag, name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, name: str, words: str) -> None:
        """Go to a box, and write at the end of what is in it."""
        self.to("textarea", name)
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(words)

    def all_the_way(self) -> list[str]:
        """Every stop of the page, from its beginning to its end."""
        passed = [self.next()]
        while passed[-1] and len(passed) < _MOST:
            passed.append(self.next())
        assert not passed[-1], f"no way out of {self.page.url}: {passed[-6:]}"
        return passed
