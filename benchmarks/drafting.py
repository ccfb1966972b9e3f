"""How well the drafter files, quotes and lists: scored against cases with known answers.

Usage: python benchmarks/drafting.py [FOLDER] [--errors]
"""

from __future__ import annotations

import json
import re
import sys
import time
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypedDict, cast

from templates import note_type
from transcribe.draft import draft, from_script
from transcribe.model import Action, Contact, Draft, Person, Utterance

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT.parent / "shared" / "cases" / "dev"
OWN = ROOT / "tests" / "labelled"
WORDS_A_MINUTE = 150  # of somebody who dictates
SAME_TASK = 0.5  # share of the shorter task's words that two tasks must have in common
_PLAINLY = re.compile(  # as each quotation in the spoken cases is led in
    r"\b(?:goes|went|quote)[,:]?\s*$", re.IGNORECASE
)
_FREE = frozenset(
    (
        "a",
        "an",
        "the",
        "to",
        "and",
        "of",
        "for",
        "in",
        "at",
        "on",
        "with",
        "is",
        "it",
        "i",
        "he",
        "she",
        "him",
        "her",
        "his",
        "me",
        "my",
        "about",
        "that",
        "this",
        "if",
        "by",
        "be",
        "will",
        "up",
        "as",
    )
)


class GoldAction(TypedDict, total=False):
    """One gold task."""

    what: str
    who: str | None
    due: str | None
    private: bool
    optional: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One gold sentence."""

    text: str
    label: str
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One recording and its answers."""

    name: str
    kind: str
    recorded_at: datetime
    people: tuple[Person, ...]
    script: str
    lines: tuple[Line, ...]
    contact: dict[str, object]
    quotes: tuple[str, ...]
    actions: tuple[GoldAction, ...]
    partial: bool = False  # facts of the contact that are not given are not scored
    by: str = ""  # whose way of speaking it is, where it is not ours


@dataclass(slots=True)
class Tally:
    """Counts that become percentages only when they are printed."""

    right: Counter[str] = field(default_factory=Counter)
    lenient: Counter[str] = field(default_factory=Counter)
    gold: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    said_lenient: Counter[str] = field(default_factory=Counter)
    contact_right: Counter[str] = field(default_factory=Counter)
    contact_all: Counter[str] = field(default_factory=Counter)
    actions: Counter[str] = field(default_factory=Counter)
    quotes: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    words: int = 0
    seconds: float = 0.0  # of processor time that drafting took


def load_cases(folder: Path) -> list[Case]:
    """The cases under `folder`, one sub-folder each.

    Raises:
        FileNotFoundError: there are none.
    """
    found = [_case(path) for path in sorted(folder.glob("*/gold.json"))]
    if not found:
        raise FileNotFoundError("no cases in that folder: give one that holds case folders")
    return found


def _case(path: Path) -> Case:
    gold = json.loads(path.read_text())
    return Case(
        name=path.parent.name,
        kind=gold["kind"],
        recorded_at=datetime.fromisoformat(gold["recorded_at"]),
        people=tuple(Person(one["name"], one["role"]) for one in gold["people"]),
        script=(path.parent / "script.txt").read_text(),
        lines=tuple(
            Line(one["text"], one["label"], tuple(one.get("alt") or ())) for one in gold["lines"]
        ),
        contact=gold["contact"],
        quotes=tuple(gold["quotes"]),
        actions=tuple(cast("list[GoldAction]", gold["actions"])),
    )


def load_own(path: Path) -> list[Case]:
    """Our own labelled notes."""
    read = tomllib.loads(path.read_text())
    partial = bool(read.get("partial"))
    return [
        _own(f"{path.stem} {n}", note, partial=partial) for n, note in enumerate(read["note"], 1)
    ]


def _own(name: str, note: dict[str, object], *, partial: bool) -> Case:
    rows = [row.split(" | ", 1) for row in str(note["lines"]).strip().splitlines()]
    people = cast("list[list[str]]", note["people"])
    tasks = cast("list[list[str]]", note["actions"])
    lines = tuple(
        Line(re.sub(r"^[A-Z]{2,}: ", "", text), keys.split(",")[0], tuple(keys.split(",")[1:]))
        for keys, text in rows
    )
    kind = str(note["kind"])
    quotes = tuple(cast("list[str]", note["quotes"]))
    if kind == "young_person_annotation":
        quotes = tuple(line.text for line in lines if line.label == "young_person_words")
    return Case(
        name=name,
        kind=kind,
        recorded_at=datetime.fromisoformat(str(note["recorded_at"])),
        people=tuple(Person(*one) for one in people),
        script="\n".join(text for _, text in rows),
        lines=lines,
        contact=cast("dict[str, object]", note["contact"]),
        quotes=quotes,
        actions=tuple({"what": w, "who": who, "due": due or None} for w, who, due in tasks),
        partial=partial,
        by=str(note.get("by", "")),
    )


def score(cases: list[Case]) -> Tally:
    """Draft every case and count what is right."""
    tally = Tally()
    for case in cases:
        utterances = from_script(case.script)
        started = time.process_time()
        made = draft(utterances, note_type(case.kind), case.people, case.recorded_at)
        tally.seconds += time.process_time() - started
        tally.words += sum(len(one.text.split()) for one in utterances)
        _score_labels(case, utterances, made, tally)
        _score_quotes(case, made, tally)
        _score_actions(case, made.actions, tally)
        _score_contact(case, made.contact, tally)
    return tally


def _score_labels(case: Case, utterances: tuple[Utterance, ...], made: Draft, tally: Tally) -> None:
    left = Counter(one.text for one in made.left_out)
    sections = iter(made.statements)
    for line, utterance in zip(case.lines, utterances, strict=True):
        if left[utterance.text]:
            left[utterance.text] -= 1
            said = "filler"
        else:
            said = next(sections).section
        fair = said == line.label or said in line.alternatives
        tally.gold[line.label] += 1
        tally.said[said] += 1
        tally.said_lenient[line.label if fair else said] += 1
        tally.right[line.label] += said == line.label
        tally.lenient[line.label] += fair
        if not fair:
            tally.errors.append(f"{case.name}: {line.label} was {said}: {line.text}")


def _score_quotes(case: Case, made: Draft, tally: Tally) -> None:
    wanted, given = Counter(case.quotes), Counter(made.quotes)
    tally.quotes["gold"] += wanted.total()
    tally.quotes["said"] += given.total()
    tally.quotes["exact"] += (wanted & given).total()
    plainly = Counter({one: n for one, n in wanted.items() if _is_led_in_plainly(case.script, one)})
    tally.quotes["plainly"] += plainly.total()
    tally.quotes["plainly exact"] += (plainly & given).total()
    tally.errors += [f"{case.name}: quote missing: {one}" for one in wanted - given]
    tally.errors += [f"{case.name}: quote extra: {one}" for one in given - wanted]


def _is_led_in_plainly(script: str, words: str) -> bool:
    return _PLAINLY.search(script[: max(0, script.find(words))]) is not None


def _score_actions(case: Case, made: tuple[Action, ...], tally: Tally) -> None:
    unmatched = list(made)
    for gold in case.actions:
        best = max(unmatched, key=lambda one: _overlap(one.what, gold["what"]), default=None)
        if best is None or _overlap(best.what, gold["what"]) < SAME_TASK:
            tally.actions["missed"] += not gold.get("optional", False)
            tally.errors.append(f"{case.name}: action missed: {gold['what']}")
            continue
        unmatched.remove(best)
        due = best.due.isoformat() if best.due else None
        tally.actions["found"] += 1
        tally.actions["who"] += best.who == gold.get("who")
        tally.actions["due"] += due == gold.get("due")
        if due != gold.get("due") or best.who != gold.get("who"):
            tally.errors.append(
                f"{case.name}: {best.what} [{best.who}, {due}] for "
                f"{gold['what']} [{gold.get('who')}, {gold.get('due')}]"
            )
    tally.actions["extra"] += len(unmatched)
    tally.errors += [f"{case.name}: action extra: {one.what} [{one.who}]" for one in unmatched]


def _overlap(one: str, two: str) -> float:
    sets = [_stems(one), _stems(two)]
    smaller = min(len(found) for found in sets)
    return len(sets[0] & sets[1]) / smaller if smaller else 0.0


def _stems(text: str) -> set[str]:
    found = re.findall(r"[a-z0-9]+", text.lower().replace("'s", ""))
    return {word.removesuffix("ing")[:6] for word in found if word not in _FREE}


def _score_contact(case: Case, made: Contact, tally: Tally) -> None:
    said: dict[str, object] = {
        "date": made.date.isoformat() if made.date else None,
        "start_time": made.start_time,
        "end_time": made.end_time,
        "method": made.method,
        "place": made.place,
        "present": sorted(made.present),
        "seen": made.seen,
        "seen_alone": made.seen_alone,
    }
    for name, value in said.items():
        if case.partial and name not in case.contact:
            continue
        gold = case.contact.get(name)
        if name == "present":
            gold = sorted(cast("list[str]", gold or []))
        tally.contact_all[name] += 1
        tally.contact_right[name] += _same(name, value, gold)
        if not _same(name, value, gold):
            tally.errors.append(f"{case.name}: contact {name}: {value} for {gold}")


def _same(name: str, value: object, gold: object) -> bool:
    if name == "place" and value and gold:
        return _overlap(str(value), str(gold)) >= SAME_TASK
    return value == gold


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _f1(right: float, said: float, gold: float) -> float:
    return _ratio(2 * right, said + gold)


def macro(tally: Tally, *, lenient: bool) -> float:
    """Mean F1 over the labels that the gold answers use."""
    right = tally.lenient if lenient else tally.right
    said = tally.said_lenient if lenient else tally.said
    return sum(_f1(right[k], said[k], tally.gold[k]) for k in tally.gold) / len(tally.gold)


def report(name: str, tally: Tally, *, errors: bool) -> None:
    print(f"\n{name}")
    print(
        f"{'label':20} {'gold':>4} {'said':>4} {'right':>5}  {'P':>4} {'R':>4} {'F1':>4}  lenient F1"
    )
    for key, gold in tally.gold.most_common():
        right, said = tally.right[key], tally.said[key]
        loose = _f1(tally.lenient[key], tally.said_lenient[key], gold)
        print(
            f"{key:20} {gold:4} {said:4} {right:5}  {_ratio(right, said):4.2f} "
            f"{_ratio(right, gold):4.2f} {_f1(right, said, gold):4.2f}  {loose:4.2f}"
        )
    total = tally.gold.total()
    print(
        f"macro-F1 strict {macro(tally, lenient=False):.3f}, lenient {macro(tally, lenient=True):.3f}; "
        f"right {tally.right.total()}/{total}, lenient {tally.lenient.total()}/{total}"
    )
    _report_rest(tally)
    for error in tally.errors if errors else ():
        print(f"  {error}")


def _report_rest(tally: Tally) -> None:
    acts, quotes = tally.actions, tally.quotes
    said, gold = acts["found"] + acts["extra"], acts["found"] + acts["missed"]
    print(
        f"actions F1 {_f1(acts['found'], said, gold):.3f} (found {acts['found']}/{gold}, "
        f"extra {acts['extra']}); due right {acts['due']}/{acts['found']}, "
        f"who right {acts['who']}/{acts['found']}"
    )
    print(
        f"quotes exact {quotes['exact']}/{quotes['gold']}, extra {quotes['said'] - quotes['exact']}; "
        f"behind goes, went or quote {quotes['plainly exact']}/{quotes['plainly']}"
    )
    fields = (f"{k} {tally.contact_right[k]}/{n}" for k, n in tally.contact_all.items())
    print(f"contact: {', '.join(fields)}")
    a_minute = _ratio(1000 * tally.seconds, tally.words / WORDS_A_MINUTE)
    print(f"drafting took {a_minute:.0f} ms of processor time a minute of speech")


def warm_up(case: Case) -> None:
    """Load the models, which a process does once."""
    draft(from_script("He was late."), note_type(case.kind), case.people, case.recorded_at)


def main(arguments: list[str]) -> None:
    errors = "--errors" in arguments
    paths = [Path(one) for one in arguments if not one.startswith("--")]
    folder = paths[0] if paths else CASES
    cases = load_cases(folder)
    warm_up(cases[0])
    report(f"cases in {folder.name}", score(cases), errors=errors)
    for name in ("rules", "training", "tuning"):
        report(f"our own, {name}", score(load_own(OWN / f"{name}.toml")), errors=errors)
    for name in ("held_out", "unseen", "others", "others_2", "others_3"):
        tally = score(load_own(OWN / f"{name}.toml"))
        report(f"our own, {name.replace('_', ' ')}", tally, errors="--held-out" in arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
