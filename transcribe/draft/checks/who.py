"""Who did and said what: the people of a sentence against those who were named."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transcribe.draft.cast import Kind
from transcribe.draft.checks.acts import Act, acts, can_be
from transcribe.draft.checks.near import Near, beside, likeness, pairs, spoken
from transcribe.draft.checks.persons import Persons, persons, pronoun_class
from transcribe.draft.checks.stems import TOKEN, folded
from transcribe.draft.quotes import quotes
from transcribe.model import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transcribe.draft.checks.said import Said

_IN_PLACE = 0.9  # likeness of the words around two people who changed places
# What stands after a name that opens a sentence.
_NAMING = re.compile(
    r"(?:['’]s)? (?:said|says|told|tells|has|had|was|is|did|will|went|came|rang|asked|goes|and (?:his|her|I|he|she|Mr|Mrs)"
    r"|thinks|wants|can|also|let|took|gave|made|saw|met|left|got|kept|brought|bought|sent|spoke|ran|sat|heard|held|lost|paid|drove"
    r"|\w+ed|\w+n['’]t)\b|['’]s "
)
_COMMON = frozenset(
    """i i'm i've i'll i'd monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december mr mrs ms miss dr pc dc ds the a an this that these those there here it its he she they we you my
    his her their our your who what when where why how which and but so or if as at in on by for from to of with after before during
    since until because although though while then now today yesterday tomorrow no not nobody nothing everyone everything someone somebody
    something all both each every some many most one two three four five six seven eight nine ten first second third next last same
    nor also only just still however instead later earlier afterwards meanwhile once again mum dad nan school college police staff
    family home work support social worker young person people everybody anybody whoever attendance contact nothing english maths
    british okay yes""".split()
)


def others(text: str, said: Said) -> Iterator[Check]:
    """People and proper names that were not spoken of."""
    here, there = persons(text, said), persons(said.text, said)
    new = [name for name in here.named if not _spoken_of(name, here, there, said)]
    new += [word for word in _proper(text, said) if word not in new]
    if new:
        yield Check(
            "name", "look", f"“{new[0]}” was not named here. Listen, and check who is meant."
        )


def _spoken_of(name: str, here: Persons, there: Persons, said: Said) -> bool:
    if name in there.named:
        return True
    if name == said.speaker:
        return there.selves > here.selves
    before = persons(said.before, said).named if said.before else {}
    if name not in said.cast.young and name not in before:
        return False
    if there.together and said.cast.young == (name,):
        return True
    gender = here.gender_of(name)
    if there.pronouns(gender) > here.pronouns(gender):
        return True
    # A pronoun that stays may still be somebody else's: then nobody may have gone missing for it.
    return there.pronouns(gender) > 0 and not there.named.keys() - here.named.keys()


def _proper(text: str, said: Said) -> Iterator[str]:
    """Words with a capital that nobody said: names of people and places that came in."""
    known = _parts(f"{said.text} {said.before}") | _COMMON
    known |= {word for person in said.cast.people for word in _parts(person.name)}
    near = beside(text, said.text)
    for found in re.finditer(r"[^\W\d_][\w'’]*", text):
        word = found.group()
        if not word[0].isupper() or _parts(word) <= known:
            continue
        opens = _opens(text[: found.start()])
        if (
            not opens
            or _NAMING.match(text[found.end() :])
            or _for_somebody(found, text, near, said)
        ):
            yield re.sub(r"['’]s$", "", word)


def _for_somebody(found: re.Match[str], text: str, near: Near, said: Said) -> bool:
    """Whether the word stands where a person was named."""
    at = len(TOKEN.findall(folded(text[: found.start()])))
    people = {word for name in persons(said.text, said).order for word in _parts(name)}
    return near.near and any(
        one.start <= at < one.start + len(one.here)
        and any(
            word in people or pronoun_class(word) for each in one.there for word in _parts(each)
        )
        for one in near.changed
    )


def _parts(text: str) -> set[str]:
    return {re.sub(r"'s$", "", word) for word in TOKEN.findall(folded(text))}


def _opens(before: str) -> bool:
    """Whether what follows would have a capital anyway."""
    return not before.strip() or before.rstrip()[-1] in '.!?:"“'


def roles_swapped(text: str, said: Said) -> Iterator[Check]:
    """Somebody doing or saying what somebody else did or said."""
    here, there = acts(text, said), acts(said.text, said)
    wrong = next((one.shown for one in here if not _done(one, there, said)), None)
    shown = (
        wrong or _other_gender(text, said) or _other_pronoun(text, said) or _exchanged(text, said)
    )
    if shown:
        yield Check(
            "who",
            "look",
            f"“{shown}”: it may have been somebody else. Listen, and check who is meant.",
        )


def _done(one: Act, there: tuple[Act, ...], said: Said) -> bool:
    same = [
        (
            _may_be(one, each, said),
            one.passive == each.passive or None in {one.passive, each.passive},
        )
        for each in there
        if each.root == one.root
    ]
    return (True, True) in same or not any(who or voice for who, voice in same)


def _may_be(one: Act, other: Act, said: Said) -> bool:
    """Whether two acts may be one person's; "she rang Paula" is not about Paula."""
    if other.who.kind is Kind.PRONOUN and one.who.kind in {Kind.YOUNG, Kind.OTHER}:
        after = said.text[other.who.end :]
        near = re.split(r"[.,;:!?]| (?:and|but|because|when|that|so) ", after, maxsplit=1)[0]
        if one.name in persons(near, said).named:
            return False
    return can_be(one, other, said)


def _other_gender(text: str, said: Said) -> str | None:
    """A "he" or "she" that nobody who was spoken of can be."""
    here, there = persons(text, said), persons(said.text, said)
    if there.selves > here.selves or not (there.order or there.third):
        return None
    known = {there.gender_of(name) for name in there.order}
    for word in ("he", "she"):
        if here.third[word] and not there.third[word] and not known & {None, word}:
            return word
    return None


def _other_pronoun(text: str, said: Said) -> str | None:
    near = beside(text, said.text)
    if not near.near:
        return None
    spans = [(one.start, one.end) for one in quotes(spoken(said.text), said.cast, None)]
    for word, old, at in pairs(near):
        one, other = (pronoun_class(_bare(each)) for each in (word, old))
        if one and other and one != other and not any(a <= at < b for a, b in spans):
            return word
    return None


def _bare(word: str) -> str:
    return word.split("'", maxsplit=1)[0]


def _exchanged(text: str, said: Said) -> str | None:
    """Two people in each other's place, in words that are otherwise nearly those that were said."""
    ours, theirs = persons(text, said).order, persons(spoken(said.text), said).order
    if ours == theirs or sorted(ours) != sorted(theirs):
        return None
    around = [
        [word for word in TOKEN.findall(folded(each)) if word not in _named(names)]
        for each, names in ((text, ours), (spoken(said.text), theirs))
    ]
    return ours[0] if likeness(*around) >= _IN_PLACE else None


def _named(names: tuple[str, ...]) -> set[str]:
    return {word for name in names for word in _parts(name)}
