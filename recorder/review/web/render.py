"""Templates made into pages."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import CodeType

from jinja2 import BytecodeCache, ChoiceLoader, Environment, PackageLoader, PrefixLoader
from jinja2.bccache import Bucket

from recorder.codec import decode_returned
from recorder.review.web import words
from recorder.review.web.problems import beside
from recorder.shown import shown
from templates import note_type, note_type_keys

STATIC = Path(__file__).parent.parent / "static"


class Compiled(BytecodeCache):
    """Templates are compiled once in a process, whatever the number of apps in it."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was kept of this very source."""
        checksum, code = self._kept.get(bucket.key, ("", None))
        if code is not None and checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        if bucket.code is not None:
            self._kept[bucket.key] = (bucket.checksum, bucket.code)


_COMPILED = Compiled()


def environment(team: str, timezone: str) -> Environment:
    """The templates, with escaping on everywhere and the few words every page needs."""
    loader = ChoiceLoader(
        [
            PackageLoader("templates", "web"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    made = Environment(
        loader=loader,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_COMPILED,
    )
    titles = {key: note_type(key).title for key in note_type_keys()}
    made.globals |= {"team": team, "static": _static(), "titles": titles, "words": words}
    made.filters |= {
        "when": partial(words.when, timezone=timezone),
        "listened": partial(words.listened, timezone=timezone),
        "made": partial(words.made, timezone=timezone),
        "short_day": partial(words.short_day, timezone=timezone),
        "short_date": words.short_date,
        "beside": beside,
        "sentence": words.sentence,
        "text": bytes.decode,
        "returned": decode_returned,
        "day": words.day,
        "clock": words.clock,
        "shown": shown,
        "moments": words.moments,
    }
    return made


def warm(made: Environment) -> None:
    """Have every template compiled before anybody waits for one."""
    for name in made.list_templates(extensions=["html"]):
        if "/" not in name:  # ours; they bring those that they are made from with them
            made.get_template(name)


def render(made: Environment, name: str, values: Mapping[str, object]) -> str:
    """The page called `name`."""
    return made.get_template(f"{name}.html").render(values)


def _static() -> Callable[[str], str]:
    """Addresses of our own files that change when the file does, so that they may be cached."""
    marks = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        for path in STATIC.iterdir()
        if path.is_file()
    }
    return lambda name: f"/static/{name}?v={marks[name]}"
