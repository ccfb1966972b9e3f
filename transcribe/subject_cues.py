"""The words around a name that make it whom a recording is about, or who speaks, for a plain text."""

from __future__ import annotations

import re

from transcribe.draft.wording import spaced

_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_ORDINALS = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth"
    "|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth|twenty"
    "|thirty"
)
WHEN = (
    rf"(?:{_DAYS}|{MONTHS}|{_ORDINALS}|\d[\d:.a-z]*|one|two|three|four|five|six|seven|eight|nine|ten"
    r"|eleven|twelve|half|past|quarter|to|o'clock|am|pm|the|of|at|it's|today|this|morning|afternoon"
    r"|evening|tonight|dated?|time|and|is|just|quick)"
)
_TALK = (
    r"session|visit|meeting|contact|catch[-\s]?up|one[-\s]to[-\s]one|key ?work(?: session)?|home visit"
    r"|school visit|joint visit|(?:tele)?phone call|video call|call|return home interview"
    r"|return interview|debrief|welfare check|check[-\s]in|appointment|review"
)
_SORT = "case|voice|visit|session|contact|file|quick|short|brief|recording|new|another"
# "not for Jo", "I still have to do one for Jo", "my last note for Jo": not what this one is.
NOT_THIS = re.compile(
    r"\b(?:not|never|isn't|wasn't|aren't|won't|can't|don't|didn't|haven't|hasn't|no longer|instead of"
    r"|rather than|remind|later|tomorrow|still|forgot|forgotten|need|needs|owe|should|supposed|have to"
    r"|has to|had to|going to|gonna|want to|wanted|about to|before i|last|previous|earlier|other|old|next"
    r"|asked|did|wrote|made|sent|read|said|says|told|write|apart from|except|unlike|without|if"
    r"|delete|ignore|cancel|scrap|bin|wants?|expects?|mixed up|lost|find|found|already"
    r"|somebody|someone|anybody|anyone|could|can you|please)\b"
)
CLAUSE = re.compile(r"[.;!?]|,? but |,? so |, (?=this|it|i'm|the )")
STRONG = re.compile(
    spaced(
        rf"""(?<![\w'-])(?:
        (?:(?:{_SORT})[-\s])*notes?(?: number \w+)?(?:,? {WHEN})*,? (?:for|on|about|re|regarding)
        |(?:quick|short|another|next|second|new) one (?:for|on|about)
        |update (?:on|about)
        |(?:recording|write[-\s]?up|record|memo|entry|summary|log|report)(?:,? {WHEN})* (?:for|on|about|of)
        |(?:this|it|that)(?:'s|'ll be| is| will be)(?: one's| one is)?(?: all)?,? (?:for|about|on|regarding)
        |(?:case|voice) note[,.]? (?:and )?(?:it's|this is)(?: for| about)?
        |to go (?:on|in|into)
        |this one(?:'s| is) (?:for|about|on)
        |supervision(?: session)? (?:with|for|about|on)
        |but (?:for|about)
        )(?![\w'-])"""
    ),
    re.VERBOSE,
)
WEAK = re.compile(
    spaced(
        rf"""(?<![\w'-])(?:
        (?:{_TALK}) (?:with|to|for|from|on|about|at)
        |(?:case|voice|visit|contact) note
        |(?:just|i've) (?:seen|met|met with|visited|been (?:to see|with|out with|out to see|round to)
          |spoken (?:to|with)|left|finished(?: up)? with|had (?:a|my) (?:{_TALK}) with|dropped(?: off)?
          |come off the phone (?:to|with)|got off the phone (?:to|with)|come from (?:seeing|visiting))
        |(?:just )?finish(?:ing|ed)(?: off| up)? (?:a {_TALK} )?with
        )(?![\w'-])"""
    ),
    re.VERBOSE,
)
OPENS = re.compile(rf"(?:(?:okay|ok|so|right|then|um+|er)[\s,.…]+)*(?:{_TALK})(?=[,.:] )")
FILLER = re.compile(
    r"[\s,.…:–-]*(?:(?:um+|uh+|erm?|er|a young (?:person|man|woman|lad) (?:called|named)|a (?:boy|girl|lad)"
    r" called|my young person|our young person|young person|the file of|called|let me (?:think|see|check)|you know|what's (?:his|her|their) name)[\s,.…:–-]+)*"
)
AND = re.compile(r",? (?:and|&)(?: also| then)?(?: for| about)? ")
INSTEAD = re.compile(
    r"[\s,.…–-]*(?:(?:no|sorry|i mean|actually|correction|scratch that|wait|hang on|rather|beg your"
    r" pardon|or rather|i tell a lie)[\s,.…–-]+)+(?:(?:not|it's|this is|that's|case|note|for|about|on)[\s,]+)*"
)
PEERS = re.compile(
    r"'s?(?: \w+)? (?:friends?|mates?|brothers?|sisters?|cousins?|girlfriend|boyfriend|ex|partner|bestie"
    r"|son|daughter|baby|twin|flatmates?|classmates?|group|associates?|peers?|best friend|siblings?)\b"
)
OWN = re.compile(
    rf"'s? (?:(?:{_SORT}|{_TALK}|latest|supervision|last) )*(?:notes?|file|record|{_TALK}|update|recording)\b"
)
# "Hi, Amara again" says who speaks; "Hi Amara, can you ring me" says who is spoken to.
SELF = re.compile(
    r"(?<![\w'-])(?:(?:this is|it's|it is|i'm|i am|my name is|my name's|name's),? +|(?:hi|hello|hiya), +"
    r"|(?:recorded|dictated) by +"
    r"|(?:note|recording|memo)(?: (?:for|on|about)(?: \w+){1,2})? (?:by|from) +)"
)
HERE = re.compile(r",? (?:here|speaking|recording)\b")
NAMED_FIRST = re.compile(rf"[,.]? (?:(?:{_SORT}) )*note\b|,? (?:{_TALK})\b")
NAMED_AND_DATED = re.compile(rf"[,.] (?:it's |on )?(?:{_DAYS}|the (?:{_ORDINALS})|\d)")
LEAD = re.compile(r"(?:(?:okay|ok|so|right|then|um+|er|hi|hello|this is|it's|here's)[\s,.…]+)*")
GREETED = re.compile(r"(?:.*[\s,])?(?:this is|it's|hi|hello)[\s,]+$")
IN_NAME = re.compile(r"(?:(?<=\s)|^)[\"“‘'(\[]\s*([^\"“”‘’)\]]+?)\s*[\"”’')\]](?=\s|$)")
DATED = re.compile(rf"[\s,]+(?:the )?(?:\d|{_ORDINALS})")
