"""The documents held to the repository: links, files, settings, tables and figures that they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from recorder.config import Settings
from recorder.review.plainer import MEANT_FOR, reads
from store.tables import metadata

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "dataprotection"
_PACKAGES = "recorder|store|templates|transcribe|tests|docs|tools|benchmarks"
# What these say of the past may not be here any more.
_OLD = {"CHANGELOG.md", "0014-committed-rows.md"}
_NUMBER = re.compile(r"\d+(?:[ .,/]\d+)*")
_OPEN = re.compile(r"\[council:[^\]]*\]")


def _documents() -> list[Path]:
    found = [*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md"))]
    assert len(found) > 60, "the documents were not found"
    return found


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _anchor(heading: str) -> str:
    """The name that a heading gets in a link."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", plain))


def _section(path: Path, anchor: str) -> str:
    """What stands under a heading; all of the page for none. Empty: there is no such heading."""
    text = _text(path)
    if not anchor:
        return text
    heads = list(re.finditer(r"^(#+) (.*)$", text, re.MULTILINE))
    for at, head in enumerate(heads):
        if _anchor(head[2]) == anchor:
            after = (each for each in heads[at + 1 :] if len(each[1]) <= len(head[1]))
            end = next(after, None)
            return text[head.start() : end.start() if end else None]
    return ""


def _links(text: str) -> Iterator[tuple[str, str]]:
    """Path and anchor of each link that leads into the repository."""
    for address in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" not in address:
            name, _, anchor = address.partition("#")
            yield name, anchor


def _rows(text: str, cells: int) -> list[list[str]]:
    found = [
        [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        for line in text.splitlines()
        if line.startswith("| ")
    ]
    return [row for row in found if len(row) == cells and not row[0].startswith("---")]


@pytest.mark.parametrize("path", _documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    for name, anchor in _links(_text(path)):
        there = path.parent / name if name else path
        assert there.exists(), name
        assert not anchor or _section(there, anchor), f"{name}#{anchor}"


def test_every_file_that_is_named_is_there() -> None:
    for path in _documents():
        if path.name in _OLD:
            continue
        for name in re.findall(rf"`((?:{_PACKAGES})/[\w./*-]+)", _text(path)):
            assert any(ROOT.glob(name)), f"{path.name}: {name}"


def test_what_is_kept_names_every_table_and_no_other() -> None:
    part = _section(PAGES / "KEPT.md", "the-database")
    named = [
        each for row in _rows(part, 5) for each in re.findall(r"`(\w+)`", row[0]) if row[0] != ""
    ]
    assert sorted(named) == sorted(metadata.tables)
    assert all(all(cell for cell in row) for row in _rows(part, 5))


def _settings_named(text: str) -> set[str]:
    """What is written as a key with a lower line, or as one with its value."""
    keys = re.findall(r"`([a-z]+(?:_[a-z]+)+)`", text)
    return set(keys) | set(re.findall(r"`([a-z_]+) = ", text))


def test_every_setting_that_is_named_is_there() -> None:
    known = {field.name for field in msgspec.structs.fields(Settings)}
    known |= set(metadata.tables)
    types = {path.stem for path in (ROOT / "templates" / "notes").glob("*.toml")}
    known |= types | {"draft_days", "approve_days"}
    named = {page.name: _settings_named(_text(page)) for page in PAGES.glob("*.md")}
    assert sum(map(len, named.values())) > 20, "no setting was found"
    assert {name: keys - known for name, keys in named.items() if keys - known} == {}


def test_every_figure_of_known_failures_stands_where_it_is_from() -> None:
    rows = _rows(_section(PAGES / "KNOWN_FAILURES.md", "figures"), 4)[1:]
    assert len(rows) > 15, "the figures were not found"
    for _, figure, on, source in rows:
        ((name, anchor),) = _links(source)
        there = set(_NUMBER.findall(_section(PAGES / name, anchor)))
        # "2 extra" may stand there as one of several numbers in a cell.
        there |= {part for each in there for part in re.split("[ /]", each)}
        missing = set(_NUMBER.findall(f"{figure} | {on}")) - there
        assert not missing, f"{figure}: {missing}"


def test_every_risk_has_a_measure_that_can_be_looked_up() -> None:
    rows = _rows(_section(PAGES / "DPIA.md", "5-and-6-risks-and-what-is-done-about-each"), 6)[1:]
    assert [row[0] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    assert len(rows) > 20
    for number, risk, before, measure, mine, left in rows:
        assert list(_links(measure)) or "`tests/" in measure, number
        assert all((risk, before, mine, left)), number


def test_nobody_has_signed_for_the_council() -> None:
    rows = _rows(_section(PAGES / "DPIA.md", "7-sign-off"), 3)[1:]
    assert len(rows) == 7
    assert all(_OPEN.search(row[1]) for row in rows)


def test_every_question_says_why_where_and_until_then() -> None:
    text = _text(PAGES / "QUESTIONS.md")
    rows = [row for row in _rows(text, 4) if row[0] != "question"]
    assert len(rows) > 20
    for question, *answers in rows:
        assert question.endswith("?")
        assert all(answers), question


def test_the_page_for_young_people_reads_like_age_nine() -> None:
    text = _OPEN.sub("one year", _text(PAGES / "YOUNG_PEOPLE.md"))
    parts = re.sub(r"[*#]", "", text).split("\n\n")
    ages = [reads(each).age for each in parts if len(each.split()) > 12]
    assert len(ages) > 8
    assert max(ages) <= MEANT_FOR


@pytest.mark.parametrize("name", ["STAFF.md", "YOUNG_PEOPLE.md", "OVERVIEW.md"])
def test_one_page_is_one_page(name: str) -> None:
    assert len(_text(PAGES / name).split()) <= 650
