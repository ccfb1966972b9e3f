"""Direct speech: where it stands in a sentence, word for word, and whose it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from transcribe.draft.attribution import reports, resolve
from transcribe.draft.cast import Cast, Kind, Mention
from transcribe.draft.wording import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHORTEST = 2  # words; one word after "goes" is as often a place as a reply
MARKED = re.compile(
    # Engines hear "unquote" as "unquoted", "and quote" or "on quote" as well.
    r"(?P<open>(?<!\ba )(?<!\bthe )(?<!\bany )(?<!\btheir )\b(?:quote[ -]unquote|(?:and )?(?:i )?quote(?: from [\w']+(?= ?[,:]))?)\b[,:.]*\s*)(?P<said>.+?)"
    r"(?P<close>[\s,.;\"-]*\b(?:un-?quoted?|(?:end|end of|close|and|on|un) quote)\b|$)"
)
_WRITTEN = re.compile(r'"(?P<said>[^"]{2,}?)"')
_WORDS_WERE = re.compile(
    r"(?:\b(?:(?:exact|own|actual) (?:words|phrase|line)|words to me|words)(?:(?: to me)? (?:were|was|are))?(?: that)?"
    r"(?:,? and this is a quote|, not mine)?[,:]"
    r"|\bquoting (?:him|her|them)[,:]"
    r"|\b(?:his|her|their) (?:answer|reply|response) was[,:]"
    r"|\b(?!i\b|we\b)[a-z]+ puts? it(?: (?:was|is)| like this|(?: (?:really|quite|so|very))? well, (?:he|she|they) said)?[,:]"
    r"|\b(?:words|words to me) were[,:]?|\bwords (?:to|as|when|before|on) [^,]{2,30} (?:were|was)[,:]"
    r"|\bword for word[,:]?)\s*(?P<said>.+)$"
)
_SAY = r"said|says|saying|repeating|replied|answered|texted|shouted|yelled|shouting|yelling|screaming|whispered|mumbled|muttered|added|admitted|explained|insisted|joked|begged|pleaded|screamed"
_SPOKEN = re.compile(
    r"(?P<cue>\b(?:goes|went)(?: to (?:me|him|her|us|them))?[,.:]|\bgoes(?= (?:i|i'm|you|they|it's|no|yeah|what|why|we)\b)"
    r"|(?:\b(?:was|is|were)|'s) (?:just |all )?like(?:,|(?= (?:i|i'm|you|why|what|no|nah|yeah|oh|whatever)\b))"
    r"|\bturned (?:round|around) and (?:said|goes|went),?"
    r"|\b(?:all|what|(?:last|first|only|one) thing) (?:that )?(?:he|she|they)(?:'d| would| could)?(?: \w+ly)? (?:say|said|says|told me|told us)(?: to (?:me|us))? (?:was|is)[,:]"
    r"|(?<!\bi )(?<!\bwe )(?<!\bit )\b(?:(?:did|does|would) say|"
    + _SAY
    + r"|swore(?: down)?|kept (?:going|on)|snapped(?: at (?:me|us))?|(?:asked|texted|messaged)(?=(?: (?:me|us))?[,:])|asked (?!(?:if|whether|for|about|to|what|why|how)\b)[\w']+(?: [\w']+)?(?=, (?:can|could|will|do|are|is|why|what)\b))"
    r"(?: (?:back|out loud|me|us))?(?: to (?:me|him|her|us|them|(?:his|her|their|the) [\w']+|(?!(?:tell|ask|ring|say|give|let|come|go|be|get|leave|stop|do)\b)[\w']+(?: [\w']+)?(?=[,.:]))(?: straight| outright)?)?"
    r"(?: (?:(?:very|really|quite|so) )?\w+ly| (?:in front of|in|at|on) (?!my\b)[\w' ]{2,24}?)?"
    r"(?:, and (?:(?:he|she|they|this|that|it) [^,]*|i (?:wrote|think|noted|want))[^,]*)?[,.:]"
    r"|\btold (?:me|us|her|him|(?:his|her|their|the) [\w']+)(?: straight| outright| flat| flat out| straight out)?[,.:])\s*(?P<said>.+)$"
)
_INVERTED = re.compile(  # "I'm not scared of him, she said": no worker begins an account of a visit so
    r"^(?:(?:and|but|so|then|um|well)[, ]+)*(?P<said>(?:i'm|i (?:just|don't|never|can't|hate|want|know|won't|didn't|feel|miss|need|love"
    r"|wish)|i'd rather|don't|leave)\b[^?]*?),? "
    r"(?:(?:that's|was|is) what (?:he|she|they) (?:said|told me)|(?:he|she|they) (?:said|says|told me|goes|told us))(?P<more>,.*)?[. ]*$"
)
_TOLD = re.compile(r"\b(?:say|asked|messaged|told|swore|kept|snapped|" + _SAY + r")\b")
_DIRECT = re.compile(
    r"(?:(?:(?!(?:he|she|they|him|her|his|their)\b)[\w']+[, ]+){0,7}(?:i|i'm|i've|i'd|i'll|im|my|me|we|we're|you|your|you're|us)\b"
    r"|(?:no|nah|yeah|yes|don't|stop|leave|please|why|what|it's|it is|that's|nobody|they|who|how|whatever|can|could|will|thanks|thank|sorry|okay|get|give|let|look|listen|ask|tell)\b)"
)
_THEIR_OWN = re.compile(  # "he said, she's the only one who asks me": a worker tells it of him
    r"(?:he|she|they)(?:'s|'d|'ve|'re)? (?:(?!(?:and|but|so|then|i|we)\b)[\w']+ )*?(?:me|my|mine|i've ever)\b"
)
_WAS = re.compile(r"\b(?:was|is)[,:]$")
_SURELY_DIRECT = re.compile(
    r"(?:\w+[, ]+){0,3}(?:i|i'm|i've|i'd|i'll|my|me)\b|(?:what|why|who|how|you|don't|stop|leave)(?:'\w+)?\b"
)
_MOVES = re.compile(  # "before she went, she said": nobody speaks yet
    r"\b(?:before|when|after|until|till|since|once|if|while|as|where|why|how|the (?:day|night|time))(?: \w+){1,2} $"
)
_ASKED_IF = re.compile(
    r"if\b(?!(?: (?:(?!(?:he|she|they)\b)[\w']+)){0,6} (?:i|i'm|i'll|i'd|my|me)\b)"
)  # not "if they come I'll run"
_REPORTED = re.compile(
    r"(?:is|was|that(?!'s)|and|but|um|erm|so|like|which)\b|(?:he|she)(?:'s|'d| )"
)
_NARRATOR = re.compile(
    r", and (?:then )?(?:slammed|stormed|hung up|burst|shrugged|nodded|shook (?:his|her)|rolled (?:his|her)|walked (?:off|out)|went (?:quiet|red|to)|laughed|smiled)\b|,? (?:and|but|which|then|so)(?: then)?(?: (?:he|she|they) (?:then )?(?:looked|seemed|laughed|shrugged|smiled|cried"
    r"|walked|went|didn't look|started|put|left|said|told|goes|stopped|wouldn't|got up|was (?:crying|laughing|smiling|shaking))"
    r"| (?:i|we) (?:asked|said|told|explained|thought|think|could see)|"
    r" (?:tells|worried|made me|is exactly|was exactly|i think))\b|, (?:that's what|those were|his words|her words|he said|she said)(?=[ .?!]*$)"
)
_OWNER = re.compile(r"\b(?P<owner>his|her|their)\b(?=[^,]*words)")
_HE_FORMS = frozenset({"he", "him", "his"})

Span: TypeAlias = "tuple[tuple[int, int], int, int]"


@dataclass(frozen=True, slots=True)
class Quote:
    """Direct speech in a text. Offsets cover the words themselves."""

    start: int
    end: int
    text: str  # word for word, without the mark that closes it
    kind: Kind  # whose words


def quotes(
    text: str, cast: Cast, before: Mention | None, last: Kind = Kind.YOUNG
) -> tuple[Quote, ...]:
    """The direct speech in one sentence.

    Args:
        text: the sentence as it was said.
        cast: the people of the note.
        before: the subject of the sentence before.
        last: whose account the sentence before gave, for a bare "quote ... unquote".
    """
    source = plain(text)
    spans = list(_spans(source))
    return tuple(
        Quote(start, end, text[start:end], _owner(text[slice(*lead)], cast, before, last))
        for lead, start, end in spans
        if end > start
    )


def marked(text: str) -> tuple[tuple[int, int], ...]:
    """The start and end of what stands in quotation marks, or between "quote" and "unquote"."""
    source = plain(text)
    for rule in (MARKED, _WRITTEN):
        found = tuple(match.span("said") for match in rule.finditer(source))
        if found:
            return found
    return ()


def with_marks(text: str) -> str:
    """`text` with quotation marks where "quote" and "unquote" were said; else word for word."""
    for found in reversed(list(MARKED.finditer(plain(text)))):
        said = text[slice(*found.span("said"))].strip(" ,.;-")
        after = text[found.end() :]
        stop = "" if after[:1] in {".", "?", "!", ","} else "." if not after else ""
        text = f"{text[: found.start()]}“{said}”{stop}{after}"
    return text


def _spans(source: str) -> Iterator[Span]:
    """The lead-in, start and end of each quotation; the plainest mark wins."""
    for rule in (MARKED, _WRITTEN):
        found = [
            _trimmed(source, (0, match.start()), *match.span("said"))
            for match in rule.finditer(source)
        ]
        if found:
            yield from found
            return
    words = _WORDS_WERE.search(source)
    if words:
        yield _trimmed(source, (0, words.start("said")), *words.span("said"))
        return
    inverted = _INVERTED.match(source)
    if inverted:
        yield from _around(source, inverted)
        return
    cue = _SPOKEN.search(source)
    while cue:
        start, end = cue.span("said")
        if _is_direct(cue["cue"], source[start:end], after=source[: cue.start()]):
            yield _trimmed(source, (0, start), start, _narrator(source, start, end))
            return
        cue = _SPOKEN.search(source, start)


def _around(source: str, found: re.Match[str]) -> Iterator[Span]:
    """What is said before "she said" and, if they go on as "I", after it."""
    start = found.start("more")
    lead = (found.end("said"), start if start >= 0 else found.end())
    yield _trimmed(source, lead, *found.span("said"))
    if start >= 0 and _DIRECT.match(source[start:].lstrip(" ,")):
        yield _trimmed(source, lead, *found.span("more"))


def _is_direct(cue: str, said: str, *, after: str) -> bool:
    if len(said.split()) < _SHORTEST or ("went" in cue and _MOVES.search(after)):
        return False
    if not _TOLD.search(cue) or _WAS.search(cue):
        return True
    if re.search(r"\w, \w+ $", after):  # "Nobody touched her, she said, they were only loud"
        return _SURELY_DIRECT.match(said) is not None
    if said.rstrip().endswith("?") and not said.startswith(("if ", "whether ", "i ", "we ")):
        return True
    if _ASKED_IF.match(said) or ("asked" in cue and said.startswith("if ")):
        return False
    own = _DIRECT.match(said) is not None and _REPORTED.match(said) is None
    return own or _THEIR_OWN.match(said) is not None


def _narrator(source: str, start: int, end: int) -> int:
    """Where the worker takes over again after somebody's words."""
    found = _NARRATOR.search(source, start + 1, end)
    return found.start() if found else end


def _trimmed(source: str, lead: tuple[int, int], start: int, end: int) -> Span:
    while start < end and source[start] in "\"' ,:-":
        start += 1
    while end > start and source[end - 1] in '" ,.;:-':
        end -= 1
    return lead, start, end


def _owner(lead: str, cast: Cast, before: Mention | None, last: Kind) -> Kind:
    source = plain(lead)
    owners = list(_OWNER.finditer(source))
    people = list(cast.mentions(lead))
    if owners:
        word = "he" if owners[-1]["owner"] in _HE_FORMS else "she"
        pronoun = Mention(owners[-1].start(), owners[-1].end(), Kind.PRONOUN, word)
        return resolve(lead, pronoun, cast, before)
    said = [report for report in reports(lead + " ", cast, before) if report.kind is not Kind.SELF]
    if said:
        return said[-1].kind
    named = [one for one in people if one.kind is not Kind.SELF]
    if named:
        return resolve(lead, named[-1], cast, before)
    return last
