"""Whether two spellings of a name may be one name as it is said, by an English tongue.

A speech model writes a name as it sounds: Jo as Joe, Kai as Kye, Zac as Zach. Both spellings are
brought to their sounds and compared; short names have to sound the same, longer ones nearly.
"""

from __future__ import annotations

import math
import re
import unicodedata
from functools import cache, lru_cache

_VOWELS = "aeiouEIO@"
_CLOSE = tuple(frozenset(group) for group in ("sSX", "tdT", "kg", "pb", "fv", "mn", "gj", "vw"))
_KINDS = {sound: group[0] for group in ("sSX", "tdT", "kgj", "pb", "fvw", "mn") for sound in group}
_ALL_KINDS = "stkpfmlrhY"
_ROUNDED = 1e-9
_NEAR, _STRESSED, _UNSTRESSED, _FINAL_E = 0.5, 0.8, 0.35, 0.3
# Letters that no mark makes of a to z, and marks that make another sound: Polish, Turkish, Czech.
_LETTERS = str.maketrans(
    dict(zip("łıøđæœəß", "liodaoas", strict=True))
    | dict.fromkeys("şșśš", "sh")
    | dict.fromkeys("čć", "ch")
    | {"ğ": "gh", "ñ": "ny", "ð": "th", "þ": "th"}
)
# What nobody can say is spelt out: CC Lee is Cecilia, BC is Bisi.
_SPELT = re.compile(r"[bcdfghjklmnpqrstvwxz]{2,3}")
_SPOKEN = dict(
    zip(
        "bcdfghjklmnpqrstvwxz",
        "bi si di ef ji EX jE kE el em en pi ku a es ti vi dabalu eks sed".split(),
        strict=True,
    )
)
_SHORT, _MOST_SHORT, _MOST = 3, 0.3, 0.185

# In order: each spelling becomes its sound. Capitals and @ are sounds that no letter stands for:
# S as in she, X as in church, T as in think; E as in day, I as in my, O as in boy, @ a last e.
_RULES = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        *(
            (rf"^{letter}$", name)
            for letter, name in zip("bdjkt", ("bi", "di", "jE", "kE", "ti"), strict=True)
        ),
        ("^kn|^gn", "n"),
        ("^wr|^rh", "r"),
        ("^ps", "s"),
        ("^x", "s"),
        ("^sio|^sea(?=[mn])", "So"),
        ("^sia(?=n$)", "Sa"),
        ("(?<=o)isin$", "Sin"),
        ("^caoi", "ki"),
        ("aoi", "i"),
        ("^ewa$", "eva"),
        ("cz", "X"),
        ("eu(?=[bgl])", "u"),
        ("^sc(?=[eiy])", "s"),
        ("^h(?=[aeiouy])", "h"),
        ("^eoin|^eoghan", "oen"),
        ("eah$", "ia"),
        ("(?<=[aeiou])chi$", "kI"),
        ("bh|mh", "v"),
        ("(?<=n)h", ""),
        ("sch|sh|ti(?=an)", "S"),
        ("^ch(?=[rl])|ch(?=ael)|(?<=[^n]a)ch$|kh|ck", "k"),
        ("tch|ch", "X"),
        ("ph", "f"),
        ("eigh", "E"),
        ("igh", "I"),
        ("gh", ""),
        ("th", "T"),
        ("dge|dg", "j"),
        ("qu", "kw"),
        ("q|c(?![eiy])", "k"),
        ("c", "s"),
        ("kait|kate(?=l)", "kEt"),
        ("x", "ks"),
        ("z", "s"),
        ("(?<=[aeiouy])h(?![aeiouy])", ""),
        ("(?<=[aeo])r(?=[^aeiouy]|$)", ""),  # as it is said in London: Jordan, Taylor
        ("(?<=[^aeiouy])er$|(?<=[^aeiouy])or$|(?<=[^aeiouy])our$", "a"),
        (r"([^aeiou])\1", r"\1"),
        ("(?<=[zsl])oe$", "oi"),
        ("oe$|oh$", "o"),
        ("^y(?=[aeiou])", "Y"),
        ("(?<=[aeo])y(?=[aeiou])|ay|ei(?=[^r])|ey(?=.)|ai(?=.)", "E"),
        ("ai$|^([^aeiou]+)(?:y|ye|ie)$", r"\1I"),
        ("y(?=[^aeiou][aeiou])", "I"),
        ("ei|ee|ea|ie|ey|y", "i"),
        ("oo|ou|ew|ue", "u"),
        ("oy|oi(?=.)", "O"),
        ("oa|ow|au|aw(?![aeiou])", "o"),
        ("(?<=[^aeiouEIO])e$", "@"),
        (r"([aeiou])\1", r"\1"),
    )
)


def apart(one: str, other: str) -> float | None:
    """How far two names are from sounding the same: 0 is the same, None is another name."""
    a, b = _sound(one), _sound(other)
    share = difference(one, other)
    longest = max(len(a), len(b))
    if share is None or share > (_MOST_SHORT / longest if longest <= _SHORT else _MOST):
        return None
    return share * longest


def difference(one: str, other: str, *, begins: bool = True) -> float | None:
    """Which share of their sounds is not the same: 0 is none.

    None where they begin otherwise, if how a name `begins` is to count most.
    """
    return within(one, other, math.inf, begins=begins)


def within(one: str, other: str, most: float, *, begins: bool = False) -> float | None:
    """The same, but None as well if it is more than `most`: that is found much sooner."""
    a, b = _sound(one), _sound(other)
    if not a or not b:
        return None
    if begins and a[0] != b[0] and _swap(a[0], b[0], _STRESSED) > _STRESSED:
        return None
    longest = max(len(a), len(b))
    farthest = most * longest + _ROUNDED
    if _least(a, b) > farthest:
        return None
    share = _distance(a, b, farthest) / longest
    return share if share <= most else None


def sounds(name: str) -> str:
    """A letter or mark for each sound of a name as it is said."""
    return _sound(name)


@lru_cache(maxsize=4096)
def _sound(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    words = ("".join(char for char in word if "a" <= char <= "z") for word in bare.split())
    return "".join(map(_word, words))


def _word(said: str) -> str:
    if _SPELT.fullmatch(said):
        return "".join(_SPOKEN[letter] for letter in said)
    for pattern, sound in _RULES:
        said = pattern.sub(sound, said)
    return said


@cache
def _swap(one: str, other: str, vowel: float) -> float:
    if one == other:
        return 0
    if one in _VOWELS and other in _VOWELS:
        return vowel
    return _NEAR if any(one in group and other in group for group in _CLOSE) else 1


@cache
def _drop(sound: str) -> float:
    return _FINAL_E if sound == "@" else _STRESSED if sound in _VOWELS else 1


def _least(one: str, other: str) -> float:
    """Less than the distance, or as much, and found at once: what length and consonants tell."""
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    extra, finals = len(longer) - len(shorter), longer.count("@")
    dropped = _FINAL_E * min(extra, finals) + _STRESSED * max(extra - finals, 0)
    # A consonant that is not in the other is dropped or changed, and one change meets one of each.
    more, fewer = 0, 0
    for mine, its in zip(_consonants(one), _consonants(other), strict=True):
        if mine > its:
            more += mine - its
        else:
            fewer += its - mine
    return max(dropped, more, fewer)


@lru_cache(maxsize=4096)
def _consonants(said: str) -> tuple[int, ...]:
    """How many there are of each kind; those that count as close are of one kind."""
    kinds = [_KINDS.get(sound, sound) for sound in said if sound not in _VOWELS]
    return tuple(kinds.count(kind) for kind in _ALL_KINDS)


def _distance(one: str, other: str, farthest: float) -> float:
    """The least that turns one into the other; the first vowel weighs most. Infinite past `farthest`."""
    first = next((place for place, sound in enumerate(one) if sound in _VOWELS), 0)
    row = [0.0]
    for sound in other:
        row.append(row[-1] + _drop(sound))
    for place, sound in enumerate(one):
        vowel = _STRESSED if place == first else _UNSTRESSED
        after = [row[0] + _drop(sound)]
        for column, its in enumerate(other):
            swapped = row[column] + _swap(sound, its, vowel)
            dropped = min(row[column + 1] + _drop(sound), after[-1] + _drop(its))
            after.append(min(swapped, dropped))
        row = after
        if min(row) > farthest:
            return math.inf
    return row[-1]
