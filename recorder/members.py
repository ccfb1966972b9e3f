"""One young person's part of a note about several: nobody else's name in it, and nobody else's words.

By rule, and for the safe side: what is not surely about this young person alone, or about all, is
left out, with the reason. A person looks at both before anything is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from recorder.drawings import as_sentence, of_member, texts
from templates import staff_only
from transcribe.model import (
    Action,
    Check,
    Contact,
    Draft,
    Drawing,
    DrawingRemoved,
    Removed,
    Statement,
)
from transcribe.sounds import apart

ANOTHER = "another young person"

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_OWNED = re.compile(r"['’]s?$")
# Names that are everyday words, too: only with a capital are they taken for somebody.
_EVERYDAY = frozenset(
    "will may grace hope joy mark rose faith summer amber jay ray dean drew frank guy jack pat rob "
    "sky star sunny dawn eve art bill bob max neil nick penny ruby sandy sue tanner victor".split()
)
_QUOTED = re.compile(r"[\"“”]|\bquote\b|\bunquote\b", re.IGNORECASE)
_SPEAKING = re.compile(
    r"\b(?:said|says|saying|told|tells|telling|asked|asks|asking|replied|shouted|whispered|mentioned|"
    r"admitted|denied|denies|explained|reckons?|texted|messaged|wrote|disclosed|reported|claimed)\b",
    re.IGNORECASE,
)
_ONE = re.compile(
    r"\b(?:he|she|him|her|hers|his|himself|herself|this (?:young person|boy|girl|lad))\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\b(?:they|them|their|theirs|themselves)\b", re.IGNORECASE)
_EVERYBODY = re.compile(
    r"\b(?:we|all of (?:us|them)|they all|everyone|everybody|the (?:whole )?group|the session|"
    r"both of them|each of them|together)\b",
    re.IGNORECASE,
)
_GROUP = "group_session"
_FOR_ALL = ("header", "purpose")
_WORDS = "young_person_words"


@dataclass(frozen=True, slots=True)
class Member:
    """A young person, and every name that they go by."""

    key: str  # case id, or their name where they have no case
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """What of a note is one member's."""

    draft: Draft
    left_out: tuple[tuple[Statement, str], ...]  # sentences, and why


def share_of(draft: Draft, member: Member, others: Sequence[Member]) -> Share:
    """The part of `draft` that belongs on `member`'s record; nobody of `others` is named in it."""
    reading = _Reading(member, others, draft.kind)
    kept: list[Statement] = []
    left_out: list[tuple[Statement, str]] = []
    for statement in draft.statements:
        why = reading.why_not(statement)
        if why is None:
            kept.append(reading.alone(statement))
        else:
            left_out.append((statement, why))
    stands = _stands(draft, kept)
    actions = (each for each in draft.actions if not each.private and _says(stands, each))
    kept += [reading.alone(as_sentence(each)) for each in of_member(draft, member.key)]
    made = _draft(draft, kept, actions, reading)
    made = replace(made, contact=replace(made.contact, next_on=None))  # is when the workers meet
    removed = (each for each in draft.removed if reading.is_surely_mine(each.statement))
    return Share(replace(made, removed=_removed(removed, reading)), tuple(left_out))


def of_staff_alone(draft: Draft, members: Sequence[Member]) -> Draft:
    """What of a supervision goes on no young person's record, and nobody of `members` in it."""
    reading = _Reading(Member("", ()), members, draft.kind)
    keys = {"header", *staff_only()}
    kept = [reading.alone(each) for each in draft.statements if each.section in keys]
    stands = _stands(draft, kept)
    # A task of theirs may stand in no sentence: it was carried over from the time before.
    actions = (each for each in draft.actions if each.private or _says(stands, each))
    removed = (each for each in draft.removed if each.statement.section in keys)
    return replace(
        _draft(draft, kept, actions, reading),
        removed=_removed(removed, reading),
        followed=draft.followed,
        drawings=tuple(reading.drawing(each) for each in draft.drawings if each.member is None),
        drawings_removed=tuple(reading.taken_out(each) for each in draft.drawings_removed),
    )


def named(draft: Draft, members: Iterable[Member]) -> frozenset[str]:
    """The keys of those whom a note seems to name, in any spelling that sounds like theirs."""
    words = {match.group() for text in _texts(draft) for match in _WORD.finditer(text)}
    return frozenset(
        each.key for each in members if any(_is_name(word, each.names, near=True) for word in words)
    )


def is_named_in_full(draft: Draft, members: Iterable[Member]) -> bool:
    """Whether a note has every part of a name that one of these goes by, letter for letter."""
    words = {match.group() for text in _texts(draft) for match in _WORD.finditer(text)}
    bare = {_OWNED.sub("", word).casefold() for word in words}
    return any(
        all(any(_is_name(word, [part], near=False) for word in words) for part in parts)
        for member in members
        for parts in map(str.split, member.names)
        if parts and bare.issuperset(map(str.casefold, parts))
    )


def _texts(draft: Draft) -> Iterable[str]:
    said = (*(each.text for each in draft.statements), *(each.what for each in draft.actions))
    return (*said, *texts(draft))


class _Reading:
    """A note read from its beginning: whom it is about at each sentence."""

    def __init__(self, member: Member, others: Sequence[Member], kind: str) -> None:
        self._member = member
        self._together = kind == _GROUP  # in supervision, "we" are the workers
        self._others = [each for each in others if each.key != member.key]
        self._about: frozenset[str] | None = None  # None: nobody was turned to yet

    def why_not(self, statement: Statement) -> str | None:
        """Why a sentence is not this member's; None if it is."""
        text = statement.text
        nobodys = _nobodys(statement)
        if nobodys is not None:
            return nobodys
        named = self._named(text)
        found = self._subject(statement, named)
        if named:
            self._about = named
        elif self._of_all(statement):
            self._about = None
        mine = frozenset({self._member.key})
        if self._named(statement.speaker or "") - mine:
            return "somebody else of them says it"
        if found is not None and self._member.key not in found:
            return "it is about somebody else" if found else "it is not clear whom it is about"
        alone = found == mine
        if not alone and self._words_of_somebody(statement):
            return "it holds words that may be somebody else's"
        if found is not None and not alone and statement.section not in _FOR_ALL:
            return self._mixed(text, named)
        return None

    def is_surely_mine(self, statement: Statement) -> bool:
        """Whether a sentence is this member's wherever it stood: it names them, and nobody else."""
        named = self._named(f"{statement.speaker or ''} {statement.text}")
        return _nobodys(statement) is None and named == {self._member.key}

    def alone(self, statement: Statement) -> Statement:
        """A sentence, and what was said of it, with every other member's name taken out."""
        return replace(
            statement,
            text=self.masked(statement.text),
            checks=tuple(self._check(each) for each in statement.checks),
        )

    def drawing(self, drawing: Drawing) -> Drawing:
        """A drawing, with every other member's name taken out of what is said of it."""
        caption, made_by = self.masked(drawing.caption), self.masked(drawing.made_by)
        return replace(drawing, caption=caption, made_by=made_by)

    def taken_out(self, gone: DrawingRemoved) -> DrawingRemoved:
        """A drawing that was taken out, and why; it goes to nobody, whosever it was said to be."""
        drawing = replace(self.drawing(gone.drawing), member=None)
        return replace(gone, drawing=drawing, why=self.masked(gone.why))

    def _check(self, check: Check) -> Check:
        said = check.confirmed
        answer = None if said is None else replace(said, why=self.masked(said.why))
        instead = None if check.instead is None else self.masked(check.instead)
        message = self.masked(check.message)
        return replace(check, message=message, confirmed=answer, instead=instead)

    def masked(self, text: str) -> str:
        """The text with every other member's name taken out."""
        out: list[str] = []
        end, before = 0, False
        for match in _WORD.finditer(text):
            gap = text[end : match.start()]
            is_other = self._other_of(match.group()) is not None
            if is_other and before and not gap.strip():  # first name and surname are one person
                end = match.end()
                if _OWNED.search(match.group()):
                    out[-1] = f"{ANOTHER}'s"
                continue
            out.append(gap)
            out.append(_instead(match.group()) if is_other else match.group())
            end, before = match.end(), is_other
        out.append(text[end:])
        masked = "".join(out)
        return masked[:1].upper() + masked[1:] if text[:1].isupper() else masked

    def names_other(self, text: str) -> bool:
        """Whether somebody else of them is named."""
        return any(self._other_of(match.group()) for match in _WORD.finditer(text))

    def _subject(self, statement: Statement, named: frozenset[str]) -> frozenset[str] | None:
        """Whom a sentence is about; None: all of them, or what they did together."""
        if named:
            return named
        text = statement.text
        if self._of_all(statement):
            return None
        if self._together and _SEVERAL.search(text) and not _ONE.search(text):
            return frozenset()  # one of them or several: there is no telling
        if self._about is None and not _ONE.search(text):
            return None
        # He, she, or nobody is named: it goes on about whom it was about; unknown is nobody's.
        return frozenset() if self._about is None else self._about

    def _of_all(self, statement: Statement) -> bool:
        text = statement.text
        said = statement.section == _WORDS or _ONE.search(text)
        return self._together and not said and _EVERYBODY.search(text) is not None

    def _mixed(self, text: str, named: frozenset[str]) -> str | None:
        """A sentence about this member and others: only one that names them, and nobody speaks."""
        if not named:
            return "it is not clear whom of them it is about"
        return "it is about somebody else, too" if _SPEAKING.search(text) else None

    def _words_of_somebody(self, statement: Statement) -> bool:
        return statement.section == _WORDS or _QUOTED.search(statement.text) is not None

    def _named(self, text: str) -> frozenset[str]:
        found = {self._who(match.group()) for match in _WORD.finditer(text)}
        return frozenset(each for each in found if each is not None)

    def _who(self, word: str) -> str | None:
        other = self._other_of(word)
        mine = other is None and _is_name(word, self._member.names, near=True)
        return self._member.key if mine else other

    def _other_of(self, word: str) -> str | None:
        """Which of the others a word names; this member's own name is nobody else's."""
        if _is_name(word, self._member.names, near=False):
            return None
        exact = (each for each in self._others if _is_name(word, each.names, near=False))
        found = next(exact, None)
        if found is None and not _is_name(word, self._member.names, near=True):
            found = next((e for e in self._others if _is_name(word, e.names, near=True)), None)
        return None if found is None else found.key


def _nobodys(statement: Statement) -> str | None:
    """Why a sentence is no young person's, whoever the one before is about."""
    if statement.section in staff_only():
        return "it goes on no young person's record"
    return "it is not clear whose picture it is" if statement.tells_of_picture else None


def _is_name(word: str, names: Iterable[str], *, near: bool) -> bool:
    """Whether a word is one of the names, or a part of it; `near`: as it may have been misheard."""
    bare = _OWNED.sub("", word)
    for part in (part for name in names for part in name.split() if len(part) > 1):
        if bare.casefold() == part.casefold():
            return bare[0].isupper() or part.casefold() not in _EVERYDAY
        if near and bare[0].isupper() and len(bare) > 2 and apart(bare, part) is not None:  # noqa: PLR2004 - letters
            return True
    return False


def _instead(word: str) -> str:
    return f"{ANOTHER}'s" if _OWNED.search(word) else ANOTHER


def _draft(
    whole: Draft, kept: Sequence[Statement], actions: Iterable[Action], reading: _Reading
) -> Draft:
    texts = [statement.text for statement in kept]
    return Draft(
        kind=whole.kind,
        contact=_contact(whole.contact, reading),
        statements=tuple(kept),
        actions=tuple(_masked(actions, reading)),
        quotes=tuple(quote for quote in whole.quotes if any(quote in text for text in texts)),
        template=whole.template,
        models=whole.models,
        reworded=whole.reworded,
    )


def _stands(whole: Draft, kept: Sequence[Statement]) -> list[Statement]:
    """What is kept, as it was said."""
    ids = {statement.id for statement in kept}
    return [statement for statement in whole.statements if statement.id in ids]


def _says(stands: Iterable[Statement], action: Action) -> bool:
    return any(map(action.said_in, stands))


def _masked(actions: Iterable[Action], reading: _Reading) -> Iterable[Action]:
    """What is to be done; never by another young person."""
    for action in actions:
        if not reading.names_other(action.who or ""):
            yield replace(action, what=reading.masked(action.what))


def _removed(removed: Iterable[Removed], reading: _Reading) -> tuple[Removed, ...]:
    return tuple(
        replace(each, statement=reading.alone(each.statement), why=reading.masked(each.why))
        for each in removed
    )


def _contact(contact: Contact, reading: _Reading) -> Contact:
    present = tuple(each for each in contact.present if not reading.names_other(each))
    place = None if contact.place is None else reading.masked(contact.place)
    # What was significant of one of them need not be of another: that is said of each anew.
    return replace(contact, present=present, place=place, significant=None)
