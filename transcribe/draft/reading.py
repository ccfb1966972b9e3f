"""One sentence read: its words, people, reports and quotations, ready for the rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from transcribe.draft.attribution import Report, reports, resolve, subject_of
from transcribe.draft.cast import Cast, Kind, Mention
from transcribe.draft.quotes import Quote, direct_speech
from transcribe.draft.wording import plain, without_lead

if TYPE_CHECKING:
    from transcribe.model import Utterance

_LEFT_ALONE = re.compile(
    r"\b(?:just|only) (?:the two of us|us\b|us two|me and (?:him|her)|(?:him|her) and me)|\b(?:went|popped|gone) (?:out|upstairs|to the shop)\b"
    r"|\bleft us\b|\b(?:stayed|waited) (?:in|out|outside|downstairs|upstairs)\b|\bon (?:our|his|her) own\b|\bwas(?:n't| not) (?:there|in|home)\b|\bto ourselves\b"
)
Role = Literal["worker", "supervisor", "young_person", "other"]


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence with everything the rules ask about."""

    utterance: Utterance
    text: str  # the words as they were said
    bare: str  # plain, direct speech blanked, openers taken off
    opened: int  # length of those openers, in characters
    quotes: tuple[Quote, ...]  # what others said
    speaks: bool  # whether the worker's own words are in it: "I said, you can ring me"
    reports: tuple[Report, ...]
    subject: Mention | None
    role: Role  # of the speaker

    @property
    def quotes_young(self) -> bool:
        """Whether the young person's own words are in it."""
        return any(quote.kind is Kind.YOUNG for quote in self.quotes)

    @property
    def account(self) -> Report | None:
        """The report that the sentence gives: the first by somebody other than the speaker.

        A question that is answered in the same sentence gives way to the answer.
        """
        told = [one for one in self.reports if one.kind in {Kind.YOUNG, Kind.OTHER}]
        if len(told) > 1 and told[0].asked and told[1].said:
            return told[1]
        return next(iter(told), None)


def read(utterance: Utterance, cast: Cast, previous: Reading | None) -> Reading:
    """`utterance` read in the light of the sentence before it."""
    text = utterance.text
    before = previous.subject if previous else None
    speech = direct_speech(text, cast, before, _account(previous))
    found = tuple(one for one in speech if one.kind is not Kind.SELF)
    masked = _blanked(text, found)
    bare = without_lead(plain(masked))
    told = _blanked(text, speech)
    subject = subject_of(told, cast) or _continued(told, cast, before)
    if _LEFT_ALONE.search(bare):
        subject = None  # whoever went out is not whom "he told me" means next
    return Reading(
        utterance=utterance,
        text=text,
        bare=bare.rstrip(),
        opened=len(masked) - len(bare),
        quotes=found,
        speaks=len(found) < len(speech),
        reports=reports(masked, cast, before),
        subject=subject,
        role=_role(cast, utterance.speaker),
    )


def _continued(text: str, cast: Cast, before: Mention | None) -> Mention | None:
    """Whom the last sentence was about, if this one goes on about them with "he" or "she"."""
    first = next(cast.mentions(text), None)
    if first is None or first.kind is not Kind.PRONOUN:
        return None
    return before if resolve(text, first, cast, before) is Kind.OTHER else None


def _account(previous: Reading | None) -> Kind:
    return previous.account.kind if previous and previous.account else Kind.YOUNG


def _blanked(text: str, found: tuple[Quote, ...]) -> str:
    for quote in found:
        text = text[: quote.start] + " " * (quote.end - quote.start) + text[quote.end :]
    return text


def _role(cast: Cast, speaker: str | None) -> Role:
    if speaker is None:
        return "worker"
    if speaker in cast.supervisors:
        return "supervisor"
    if speaker in cast.young:
        return "young_person"
    return "worker" if speaker in cast.practitioners else "other"
