"""Who did and said what: the people of a sentence against those who were named."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from transcribe.draft.cast import Kind
from transcribe.draft.checks.acts import Act, acts, alike, can_be
from transcribe.draft.checks.near import Near, beside, likeness, pairs, spoken
from transcribe.draft.checks.persons import Persons, name_of, persons, pronoun_class
from transcribe.draft.checks.placed import moved
from transcribe.draft.checks.stems import TOKEN, folded, words
from transcribe.draft.quotes import quotes
from transcribe.model import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transcribe.draft.checks.said import Said

_IN_PLACE = 0.9  # likeness of the words around two people who changed places
# What stands after a name that opens a sentence.
_NAMING = re.compile(
    r"(?:['’]s)? (?:said|says|told|tells|has|had|was|is|did|will|would|could|should|may|might|must|cannot|does|are|were|went|came|rang|asked|goes|and (?:his|her|I|he|she|Mr|Mrs)"
    r"|thinks|wants|can|also|let|took|gave|made|saw|met|left|got|kept|brought|bought|sent|spoke|ran|sat|heard|held|lost|paid|drove"
    r"|\w+ed|\w+n['’]t)\b|['’]s "
)
_BY = re.compile(r"\b(?:visit|session|note|interview|call|meeting)\b[^.;]* by $")
_SHORT_FORM = 4  # letters of a name or a service in short
_NOUN = re.compile(r"(?:ance|ence|tion|sion|ment|ness|ity|ing|ship|ist|ism)s?$")  # no name
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
    more = (
        *_other_kin(text, said),
        *_apposed(text, said),
        *_renamed(text, said),
        *_proper(text, said),
    )
    new += [word for word in more if word not in new]
    if new:
        yield Check(
            "name", "look", f"“{new[0]}” was not named here. Listen, and check who is meant."
        )


def _spoken_of(name: str, here: Persons, there: Persons, said: Said) -> bool:
    if name in there.named:
        return True
    if name == said.speaker:
        return there.selves > here.selves and not _left_out(name, here, there)
    before = persons(said.before, said).named if said.before else {}
    gender = here.gender_of(name)
    if name not in said.cast.young and name not in before:
        # "Her father" for "he": the one parent or carer of the case whom it can be.
        kin = name in {one.name for one in said.cast.people} and any(
            each == (name, gender) for each in here.kin
        )
        return kin and there.third[gender or ""] > here.third[gender or ""]
    if there.together and said.cast.young == (name,):
        return True
    if there.pronouns(gender) > here.pronouns(gender):
        return True
    # A pronoun that stays may still be somebody else's: then nobody may have gone missing for it.
    return there.pronouns(gender) > 0 and not there.named.keys() - here.named.keys()


def _other_kin(text: str, said: Said) -> Iterator[str]:
    """A father where a mother was spoken of, though the case knows one parent by name."""
    there = persons(f"{said.text} {said.before}", said).kin
    for name, gender in persons(text, said).kin:
        genders = {each for other, each in there if other == name}
        if genders and gender not in genders:
            yield name


def _renamed(text: str, said: Said) -> Iterator[str]:
    """Somebody in the very place of somebody else, in words that are nearly those that were said."""
    near = beside(text, said.text)
    for one in near.changed if near.near else ():
        here, there = (persons(" ".join(each), said).named for each in (one.here, one.there))
        if here and there and not here.keys() & there.keys():
            yield next(iter(here))


def _apposed(text: str, said: Said) -> Iterator[str]:
    """Somebody who is called what another person of the case is: "Shanelle, her foster carer"."""
    known = {person.name for person in said.cast.people}
    for one, two in pairwise(said.cast.mentions(text)):
        beside_it = re.fullmatch(r", (?:his|her|their) ", folded(text[one.end : two.start]))
        name = name_of(two, said.cast)
        if beside_it and one.word in known and name in known - {one.word}:
            yield one.word


def _left_out(name: str, here: Persons, there: Persons) -> bool:
    """Whether the worker stands where somebody else was spoken of, who is in the sentence no more."""
    pronouns = here.third.total()
    named = there.named.keys() - here.named.keys()
    alone = not here.named.keys() - {name}
    return pronouns <= there.third.total() and (
        bool(named) or (alone and pronouns == 0 < there.third.total())
    )


def _proper(text: str, said: Said) -> Iterator[str]:
    """Words with a capital that nobody said: names of people and places that came in."""
    known = _parts(f"{said.text} {said.before}") | _COMMON
    known |= {word for person in said.cast.people for word in _parts(person.name)}
    near = beside(text, said.text)
    done = {one.root for one in acts(said.text, said)} - {"be", "hav", "have"}
    for found in re.finditer(r"[^\W\d_][\w'’]*", text):
        word = found.group()
        if not word[0].isupper() or _parts(word) <= known or _longer(word, known):
            continue
        opens = _opens(text[: found.start()])
        base = re.sub(r"['’]s$", "", word)
        if (
            not opens
            or (_NAMING.match(text[found.start() + len(base) :]) and not _NOUN.search(base.lower()))
            or alike(_next(text[found.end() :])) in done
            or _for_somebody(found, text, near, said)
        ):
            yield base


def _longer(word: str, known: set[str]) -> bool:
    """Whether it is the whole of what was said in short: "Snapchat" for "Snap"."""
    plain = folded(word)
    return any(len(one) >= _SHORT_FORM and plain.startswith(one) for one in known)


def _next(after: str) -> str:
    """The word that follows at once, perhaps none."""
    following = re.match(r" ([a-z']+)", folded(after))
    return following[1] if following else ""


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
    return {re.sub(r"'s$", "", word) for word in words(text)}


def _opens(before: str) -> bool:
    """Whether what follows would have a capital anyway."""
    return not before.strip() or before.rstrip()[-1] in '.!?:"“'


def roles_swapped(text: str, said: Said) -> Iterator[Check]:
    """Somebody doing or saying what somebody else did or said."""
    here, there = acts(text, said), acts(said.text, said)
    near = beside(text, said.text).near
    judged = [one for one in here if near or one.root != "be"]  # "he was" says little by itself
    wrong = next((one.shown for one in judged if not _done(one, there, said)), None)
    shown = (
        wrong
        or _other_gender(text, said)
        or _other_pronoun(text, said)
        or _exchanged(text, said)
        or _in_header(text, said)
        or moved(text, said)
    )
    if shown:
        yield Check(
            "who",
            "look",
            f"“{shown}”: it may have been somebody else. Listen, and check who is meant.",
        )


def _done(one: Act, there: tuple[Act, ...], said: Said) -> bool:
    same = [each for each in there if each.root == one.root]
    by = [each for each in same if _may_be(one, each, said)]
    if any(None in {one.passive, each.passive} or one.passive == each.passive for each in by):
        return True
    return not by and not any(one.passive is each.passive is not None for each in same)


def _in_header(text: str, said: Said) -> str | None:
    """A visit that a young person pays to the worker: "home visit to Dele by Kwame"."""
    source = folded(text)
    for one in said.cast.mentions(text):
        lead = source[: one.start]
        wrong = (one.word in said.cast.young and _BY.search(lead)) or (
            one.word in said.cast.practitioners and lead.endswith("visit to ")
        )
        if wrong:
            return text[one.start : one.end]
    return None


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
    before = persons(said.before, said)
    if there.selves > here.selves and _may_tell(said):
        return None
    if not (there.order or there.third or there.selves or before.order or before.third):
        return None
    known = {there.gender_of(name) for name in there.order}
    known |= {before.gender_of(name) for name in before.order}
    for word in ("he", "she"):
        said_so = there.third[word] or before.third[word]
        if here.third[word] and not said_so and not known & {None, word}:
            return word
    return None


def _may_tell(said: Said) -> bool:
    """Whether "I" may be somebody else than the worker, and so "he" or "she" in a note."""
    return said.speaker not in said.cast.practitioners or bool(quotes(said.text, said.cast))


def _other_pronoun(text: str, said: Said) -> str | None:
    near = beside(text, said.text)
    if not near.near:
        return None
    spans = [(one.start, one.end) for one in quotes(spoken(said.text), said.cast)]
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
