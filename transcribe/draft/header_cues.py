"""The words of who, when, where and why, for a plain text."""

from __future__ import annotations

import re

from transcribe.draft.wording import pattern

KIND_OF_NOTE = pattern(r"""
case notes? (?:for|on|about|re)|case note|note (?:for|on|about)|for \w+'s (?:file|record)|writing up|phone call (?:with|from|to)|phoned|call (?:with|from|to)|video call|telephone call|voice note (?:for|about)|attempted (?:home )?(?:visit|contact|call|to)|(?:home |school |prison |hospital )?visit to|home visit|joint visit|return(?: home)? interview|supervision (?:with|for)|this is supervision|group session|group work|group note|session (?:with|note)|debrief (?:for|with)|recording (?:for|about|on)|this is about|catch[-\s]up with|one to one with|update on|i'm replying|replying to|talking about the|about (?:what|the (?:thing|note)) you (?:wrote|sent|put)|this is for
""")
"""What a recording says it is."""

INTRODUCES = re.compile(
    r"\b(?:this is|it's|it is|i'm|my name is|name's)\s+(?P<name>[A-Z][\w'-]+)|^(?:[\w\s,]*?)\b(?P<here>[A-Z][\w'-]+) here\b"
)

PRESENCE = pattern(r"""
(?:present|attending|attendees)(?: were| was|:)?|in attendance|was there|were there|was present|were present|were also there|was also there|with (?:me|us) (?:was|were)|(?:came|popped|came in|dropped) in at|was in (?:the (?:kitchen|room|house|flat|garden|next room|living room|car|other room)|for)|stayed in the (?:room|kitchen|car)|sat (?:in|with us|through)|joined (?:us|by|for|the)|let me in and|waited (?:in|outside)|was out|were out|wasn't there|weren't there|wasn't (?:in|home)|couldn't (?:get there|make it|come|attend)|didn't (?:attend|make it|come)|sent (?:her|his|their) apologies|apologies from|also (?:there|present)|helped out|running it|ran it|(?:came|turned up), and
|(?:was|were) with us|nobody else|no ?one else|around the table|in the room
""")
"""Who was there."""

ALONE = pattern(r"""
alone|on (?:his|her|their|our) own|haven't seen|hasn't been seen|by (?:himself|herself|themselves)|(?:just|only) (?:me and (?:him|her|them|\w+)|(?:him|her|them|\w+) and me|the two of us|us two|us)|just the two|one to one|one on one|had (?:him|her) to myself|in private|without (?:mum|dad|anyone|his|her|anybody)|(?:not|wasn't|isn't|never|hasn't been|was not|not been) seen|didn't (?:manage to |get to |actually )?(?:see|speak to) (?:him|her|them|\w+)(?: (?:himself|herself|today))?|did see|was seen|so not seen|never (?:turned|showed) up|couldn't see (?:him|her)|no show|me and (?:him|her)
""")
"""Seen, seen alone, and why not."""

MET = pattern(r"""
(?:i|we) (?:saw|met|visited|sat|did see|got there|arrived|spoke to|caught up with|picked (?:him|her) up)|i'd (?:met|seen)|(?:we )?met (?:at|in|outdoors|outside|up|on|by|him|her)|it was (?:at|in|on|by|outside) |at (?:home|school|college|his|her|their|the|mum's|dad's|nan's)|held (?:at|in)|took place|over the phone|on (?:teams|zoom|whatsapp)
""")
"""That and where a contact took place."""

MEETS = re.compile(
    r"^(?:(?:so|and|um|okay|right|well|then|anyway|basically|today|yesterday)[, ]+)*"
    r"(?:(?:(?:i|we)(?:'d|'ve| had| have)? (?:just |only )?)?(?:saw|seen|met|visited|caught|spoke (?:to|with)|rang|phoned|called(?! in\b)|picked \w+ up)"
    r"|(?:i|we)(?:'ve|'d| have| had)? (?:just )?(?:(?:was|were) (?:going|supposed|due|meant) to (?:see|meet|visit)|(?:come|came|got) off the phone (?:to|with)|went (?:to (?:see|visit|the|his|her|their|\w+'s)|round|over)|popped (?:in|round|over|by)|(?:had|did) (?:a|an|our|the) [\w -]{0,20}?(?:call|visit|meeting|session|catch[- ]up|one to one))"
    r"|[\w']+ (?:rang|phoned|called|came (?:to (?:the office|see (?:me|us)|us)|in to see (?:me|us)))(?! (?:his|her|the|an?)\b))\b"
)
"""That the contact took place, as the beginning of a sentence."""

WHY = re.compile(
    r"\b(?:because|so that|in case|to (?:talk|go|check|see how|see if|find|follow|discuss|plan|do|look|start|finish|complete|say|let|tell|ask)|about (?!(?:a |an )?(?:quarter|half|ten|five|twenty|one|two|three|four|six|seven|eight|nine|eleven|twelve|\d))|and (?:he|she|they|i|we) (?!(?:was|were|drove|went|walked|met|sat|had)\b))\b"
)
"""A reason, or something else that happened."""

HOURS = pattern(
    r"""(?:the )?(?:seventy[-\s]two|72)[-\s]?hours?|within (?:the )?(?:time ?scale|timeframe)"""
)
"""The clock of a return home interview."""

TURNS = pattern(r"""
let's (?:start|begin|talk|move|turn|go|do|come|think)|shall we|moving on(?: to)?|move on to|turning to|turn to|next (?:is|up|one is)|first(?: up| is)?|then|on to|what about|how about|where are we (?:up to|at|with)|that's \w+ done|last one|lastly|finally|over to|back to|starting with|start with|who's (?:first|next)|bring me up to date|talk me through|tell me about|update me on|how's|how is
""")
"""Turning to the next young person."""

PURPOSE = pattern(r"""
(?:the |my |our |main )?(?:reason|point|purpose|aim|idea|plan|focus|goal|object) (?:of|for|behind|was|today|i)|(?:this|it|that) was (?:a|an|our|my|the|his|her) (?:\w+[-\s]){0,4}(?:visit|session|meeting|review|one to one|catch[-\s]up|check[-\s]in|call|appointment|conference|panel|interview|keywork|follow[-\s]up|welfare check|contact)|i (?:went|was there|was here|called|rang|phoned|popped|came|attended|visited|arranged|asked to|wanted to|was calling|was ringing|was visiting|was meeting|was supposed|was due|was going|was trying)(?: \w+){0,4} (?:to|because|as|for)\b|i'd (?:gone|come|arranged|popped|planned|rung|been asked)(?: \w+){0,3} (?:to|because|for)|we(?:'d| had) (?:also )?(?:planned|arranged|agreed)|we (?:met|were there|were meeting|were looking|were going)(?: \w+){0,4} (?:to|at|because|for)|(?:visit|session|meeting|call|contact|group) (?:was|is) (?:to|about|for|because)|(?:tonight's|today's|this week's) (?:session|group|meeting)|(?:he|she|\w+) (?:rang|called|phoned|texted|contacted|messaged) (?:me |us )?(?:because|to let me know|to say|to ask|about|as)|asked (?:me|to) (?:to )?(?:see|meet|talk|call|visit|come)|this was (?:to|about|because|a|our|the)|it's about (?:him|her|them|\w+)|to (?:go over|check|find out|talk about|follow up|catch up|see how|do the)|follow[-\s]up (?:from|to|after)|as part of|the visit was|we used it to|i attended as|was because
""")
"""Why a contact took place."""

PURPOSE_NEXT = pattern(r"""
(?:it|this) covers|(?:the )?theme (?:was|is)|planned|arranged|session on|work on|returning (?:his|her|a|their)|asked (?:for|if|to|whether)|follow(?:ing)?[-\s]up|catch[-\s]up|to (?:check|see|talk|go|look|find|plan|discuss|review|start|finish|complete)|in order to|ahead of|as part of|because|meant to be|supposed to|due to (?:see|meet|do)|to do with|wanted to|focus(?:ed|ing)? on|about
""")
"""Weaker words of why, for a sentence that follows who, when and where."""

MISSING_EPISODE = pattern(r"""
(?:was |been |were )?reported missing|(?:being|been|was|went|gone) missing|missing (?:from|since|between|episode|on|overnight)|came back on|returned (?:on|home|at)|turned up at
""")
"""From when until when somebody was missing."""
