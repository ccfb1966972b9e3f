"""What a language model makes of our own labelled notes and the spoken cases' scripts, and what of it is taken.

Usage: python benchmarks/tidying.py [URL MODEL] [--most N] [--shown]

Without a URL, the small model of `benchmarks/llamaserver.py` is asked.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from contextlib import nullcontext

from benchmarks import drafting, llamaserver
from recorder.languagemodel import LanguageModel
from templates import note_type
from transcribe.draft import draft, from_script
from transcribe.draft.llm import reworded

_SETS = ("tuning",)  # of our own


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("server", nargs="*")
    parser.add_argument("--most", type=int, default=1000)
    parser.add_argument("--shown", action="store_true")
    options = parser.parse_args()
    path = llamaserver.weights()
    if not options.server and path is None:
        raise SystemExit(llamaserver.MISSING)
    opened = (
        nullcontext(options.server[0])
        if path is None or options.server
        else llamaserver.serving(path)
    )
    with opened as url:
        name = options.server[1] if options.server else llamaserver.NAME
        for label, cases in sets():
            measure(label, cases[: options.most], (url, name), shown=options.shown)


def sets() -> list[tuple[str, list[drafting.Case]]]:
    """Cases by the name of their set."""
    own = drafting.ROOT / "tests" / "labelled"
    found = [(each, drafting.load_own(own / f"{each}.toml")) for each in _SETS]
    shared = drafting.CASES
    return [("cases/dev", drafting.load_cases(shared)), *found] if shared.is_dir() else found


def measure(
    label: str, cases: list[drafting.Case], server: tuple[str, str], *, shown: bool
) -> None:
    """Draft each case, have it tidied, and print what came of it."""
    kept: Counter[str] = Counter()
    given = worded = sentences = 0
    began = time.monotonic()
    for case in cases:
        made = draft(from_script(case.script), note_type(case.kind), case.people, case.recorded_at)
        model = LanguageModel(*server)
        new = reworded(made, model, case.people, case.recorded_at.date(), case.name)
        record = new.reworded[-1]
        sentences += len(made.statements)
        given, worded = given + record.given, worded + record.worded
        kept.update(record.kept)
        for old, now in zip(made.statements, new.statements, strict=True):
            if shown and old.text != now.text:
                print(f"  - {old.text}\n  + {now.text}", flush=True)
    seconds = time.monotonic() - began
    print(
        f"{label}: {sentences} sentences, {given} given, {worded} worded",
        dict(kept),
        f"{seconds:.0f} s",
        flush=True,
    )


if __name__ == "__main__":
    main()
