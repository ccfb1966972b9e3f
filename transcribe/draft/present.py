"""Who was there: the people whom the header sentences place in the contact."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transcribe.draft.cast import Cast, Kind, Mention
from transcribe.draft.wording import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

_HERE = re.compile(
    r"\b(?:present|attend(?:ed|ing|ance)|(?:was|were) (?:also )?(?:there|present|with us|in the)|and i (?:did|went|visited|met|saw|called)|with (?:me|us)|stayed|sat (?:in|with)"
    r"|joined|popped (?:in|by)|came|let me in|helped (?:out|run)|running it|ran it|in the (?:living |front |back |other )?room|around the table|we had|there was|there were|(?:was|were) in\b|throughout|(?:was|were) (?:both |all )?(?:at|in) the|also there|home visit|the auntie)\b"
)
_BESIDE = re.compile(
    r"\b(?:with|bumped into|ran into|saw|met|visited) (?:(?:his|her|their|the) )?$"
)
_APPOSED = re.compile(r", (?:his|her|their|the|a) \w+(?: \w+)?,")
_ROLE = re.compile(r"\b(?:his|her|their|the) (?:\w+ )?\w+, $")
_ALL = re.compile(
    r"\b(?:all (?:of them|\w+) (?:came|were (?:there|in))|every(?:one|body) (?:came|was there))\b"
)
_CALLED = re.compile(
    r"\b(?:call|phone call|spoke|speaking|on the phone|rang|meeting|supervision) (?:with|from|to)\b"
)
_AWAY = re.compile(
    r"\b(?:waited|wasn't|weren't|couldn't (?:get|make|come|attend|be)|didn't (?:come|attend|make|get|speak)|was (?:at work|out|late|not|asleep|sleeping)|(?:didn't|never) (?:see|meet) (?:him|her|them)|were out"
    r"|stayed (?:in the (?:car|house|kitchen|office|hall)|outside|downstairs|upstairs|indoors|inside)(?! with (?:us|me)\b)|in the (?:car|other room|next room)|went out|outside|apologies|(?:dropped|brought) (?:him|her)|had to|gave (?:his|her|their)|agreed|knows|on (?:his|her) way|let us|another table|no need|isn't here)\b"
)


def people_present(
    said: Sequence[str], kind: str, cast: Cast, *, seen: bool | None, spoken: bool
) -> tuple[str, ...]:
    """Names of those in the contact, the worker first; a role where there is no name."""
    if kind == "supervision":
        there = (*cast.supervisors, *(_spoken_of(said, cast.practitioners) or cast.practitioners))
        return tuple(name for name in there if not _stands_in(said, name))
    present = [*cast.practitioners[: None if kind == "group_session" else 1]]
    spoke = spoken and not any(re.search(r"didn't speak", plain(one)) for one in said)
    if seen or (spoke and _on_the_line(said, cast)):
        named = _spoken_of(said, cast.young)
        if kind == "group_session":
            everyone = any(_ALL.search(plain(text)) for text in said)
            named = cast.young if everyone and not named else _not_away(said, named, cast)
        present += named or cast.young[:1]
    if kind != "attempted_contact":
        present += [name for text in said for name in _others(text, kind, cast)]
    return tuple(dict.fromkeys(present))


def _on_the_line(said: Sequence[str], cast: Cast) -> bool:
    """Whether a call was with the young person, and not with somebody else about them."""
    for text in said:
        called = _CALLED.search(plain(text))
        if called:
            first = next((one for one in cast.mentions(text) if one.start >= called.end()), None)
            return first is None or first.kind is not Kind.OTHER
    return True


def _spoken_of(said: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    text = plain(" ".join(said))
    return tuple(name for name in names if re.search(rf"\b{re.escape(plain(name))}\b", text))


def _stands_in(said: Sequence[str], name: str) -> bool:
    """Whether somebody else holds it: "I'm covering because Gwen's away"."""
    off = re.compile(rf"\b{re.escape(plain(name))}(?:'s| is) (?:away|off|on leave|poorly|ill)\b")
    return any(off.search(plain(text)) for text in said)


def _not_away(said: Sequence[str], names: Sequence[str], cast: Cast) -> tuple[str, ...]:
    """Those of `names` of whom nobody says that they did not come: "Jude sent his apologies"."""
    away = {
        one.word
        for text in said
        for one in cast.mentions(text)
        if one.kind is Kind.YOUNG and _AWAY.search(_clause(plain(text), one))
    }
    return tuple(name for name in names if name not in away)


def _others(text: str, kind: str, cast: Cast) -> list[str]:
    source = plain(text)
    cue = _HERE.search(source) or (kind == "phone_call" and _CALLED.search(source))
    mentions = [one for one in cast.mentions(text) if one.kind is Kind.OTHER]
    away = {cast.called(one) for one in mentions if _AWAY.search(_clause(source, one))}
    return [
        cast.called(one)
        for one in mentions
        if (cue or _BESIDE.search(source[: one.start]))
        and cast.called(one) not in away
        and not _is_owner(source, one)
        and not _is_named(source, one, cast)
        and _known(one, cast)
    ]


def _clause(source: str, mention: Mention) -> str:
    """The words around a mention up to the next break."""
    start = max(source.rfind(", ", 0, mention.start), source.rfind(" and ", 0, mention.start), 0)
    apposed = _APPOSED.match(source, mention.end)  # "Carl, her partner, was out"
    after = apposed.end() if apposed else mention.end
    if _ROLE.search(source[: mention.start]) and source.startswith(", ", after):
        after += 1  # "her partner, Carl, was out"
    end = source.find(",", after)
    return source[start : end if end >= 0 else len(source)]


def _is_owner(source: str, mention: Mention) -> bool:
    return source.startswith("'s ", mention.end)


def _is_named(source: str, mention: Mention, cast: Cast) -> bool:
    """Whether the name follows, so that "her brother Levi" is one person."""
    return any(
        source.startswith(f" {plain(one.name)}", mention.end)
        for one in cast.people
        if one.name.strip()
    )


def _known(mention: Mention, cast: Cast) -> bool:
    """Known to the case, or family; "the school" in a header is a place and no person."""
    if mention.word in {person.name for person in cast.people}:
        return True
    return mention.gender is not None or cast.called(mention) in {
        person.name for person in cast.people
    }
