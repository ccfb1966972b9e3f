"""Words brought to a form in which "took" and "takes" are the same."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from transcribe.draft.wording import plain

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z]+)*")

_IRREGULAR = """be am is are was were been being|have has had having|do does did done|go goes went gone going
|say says said|tell tells told|take takes took taken|give gives gave given|get gets got getting|make makes made making
|come comes came coming|see sees saw seen|know knows knew known|think thinks thought|feel feels felt|find finds found
|meet meets met meeting|leave leaves left leaving|keep keeps kept|bring brings brought|buy buys bought|send sends sent
|speak speaks spoke spoken|ring rings rang rung|run runs ran running|sit sits sat sitting|stand stands stood|hear hears heard
|hold holds held|lose loses lost|pay pays paid|sleep sleeps slept|write writes wrote written writing|drive drives drove driven driving
|break breaks broke broken|fall falls fell fallen|steal steals stole stolen|teach teaches taught|fight fights fought|catch catches caught
|wear wears wore worn|eat eats ate eaten|drink drinks drank drunk|begin begins began begun|throw throws threw thrown|spend spends spent
|hit hits hitting|cut cuts cutting|put puts putting|let lets letting|hurt hurts hurting|show shows showed shown|grow grows grew grown
|wake wakes woke woken|shake shakes shook shaken|swear swears swore sworn|sell sells sold|build builds built|lie lies lied lying
|die dies died dying|stop stops stopped stopping|plan plans planned planning|want wants wanted|child children|man men|woman women|knife knives"""
_ROOTS = {word: line.split()[0] for line in _IRREGULAR.split("|") for word in line.split()}
_ENDINGS = ("ing", "ied", "ies", "ed", "es", "s")
_SHORTEST = 3  # letters that must be left


@lru_cache(maxsize=32)
def folded(text: str) -> str:
    """`text` plain and without accents, each character where it was."""
    return plain(unaccented(text))


def unaccented(text: str) -> str:
    """`text` as it stands, but without accents."""
    return text if text.isascii() else "".join(_bare(char) for char in text)


def _bare(char: str) -> str:
    base = unicodedata.normalize("NFD", char)[0]
    return base if base.isascii() and base.isalpha() else char


def stem(word: str) -> str:
    """A word's root, roughly."""
    word = word.removesuffix("'s").removesuffix("s'")
    if word in _ROOTS:
        return _ROOTS[word]
    for ending in _ENDINGS:
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= _SHORTEST and not word.endswith("ss"):
            return _tidied(rest, ending)
    return word.removesuffix("e") if len(word) > _SHORTEST else word


def _tidied(rest: str, ending: str) -> str:
    if ending in {"ied", "ies"}:
        return rest + "y"
    doubled = len(rest) > _SHORTEST and rest[-1] == rest[-2] and rest[-1] not in "lsz"
    return rest[:-1] if doubled else rest.removesuffix("e")


def words(text: str) -> list[str]:
    """The words of a text in any alphabet, plain."""
    return _WORD.findall(folded(text))


def stems(text: str) -> list[str]:
    """The roots of a text's words, in order."""
    return [stem(word) for word in TOKEN.findall(folded(text))]
