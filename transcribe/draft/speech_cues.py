"""How somebody's words are led in and closed: "she said,", "his words were,", "quote ... unquote"."""

from __future__ import annotations

import re

from transcribe.draft.wording import spaced


def _verbose(rule: str) -> re.Pattern[str]:
    return re.compile(spaced(rule), re.VERBOSE)


MARKED = _verbose(
    # Engines hear "unquote" as "unquoted", "and quote" or "on quote" as well.
    r"""(?P<open>(?<!\ba )(?<!\bthe )(?<!\bany )(?<!\btheir )(?<!\bi'm )\b
        (?:quote[\s-]unquote|(?:and )?(?:i )?quote(?: from [\w']+(?= ?[,:]))?)\b[,:.]*\s*)
    (?P<said>.+?)
    (?P<close>[\s,.;"-]*\b(?:un-?quoted?|(?:end|end of|close|and|on|un|i'm) quote)\b|$)"""
)
# A quotation that began in a sentence before: "I knew where I was, unquote."
CLOSED = re.compile(r"^(?P<said>.+?)[\s,.;\"-]+(?:un-?quoted?|(?:end|end of|close) quote)\b")
WRITTEN = re.compile(r'"(?P<said>[^"]{2,}?)"')

_BE = r"(?:was|were|is|are)"
# What follows is somebody's words, whatever they are.
WORDS_WERE = _verbose(
    rf"""(?:\bin (?:his|her|their) own words,|\b(?:in|and these are|and those are|these are) (?:his|her|their)(?: own| exact)? words, (?:is|was)\b|\b(?:(?:exact|own|actual) (?:words|phrase|line)|words to me|(?<!those )(?<!other )(?<!many )words)(?:(?: to me)? {_BE})?(?: that)?
        (?:,? and this is a quote|, not mine| now| here)?[,:]
    |\bquoting (?:him|her|them)(?: here| now| exactly)?[,:]
    |(?<!how )\b(?!i\b|we\b)[a-z]+ puts? it(?: (?:was|is)| like this|(?: (?:really|quite|so|very|much))? (?:well|better)(?: than [^,]{{2,20}})?(?:,? i thought)?(?:, (?:he|she|they) said)?)?[,:]
    |\b(?:words|words to me) were[,:]?|\bwords (?:to|as|when|before|on|i|out of) [^,]{{2,30}} (?:were|was)[,:]
    |\b(?:word for word|verbatim)[,:]?(?: (?:he|she|they) (?:said|says|told me)[,:])?)\s*"""
)

# What follows is likely to be somebody's words: "her reply, which she showed me, was, I am better".
NOUNS = (
    "words?|answer|reply|response|reaction|take|view|verdict|version|question|comment|line|phrase|message|text|point"
    "|excuse|reason|explanation|description|summary|recollection|memory|theory|story|account|advice|wish|thought"
    "|feeling|warning|comeback|shot|remark|greeting|request|offering"
)
_ANSWERS = rf"""\b(?:(?:his|her|their|[a-z]+'s)|the(?= (?:\w+ )?(?:answer|reply|response)\b))(?: (?:only|first|last|exact|whole|\w+ing))?\s(?:{NOUNS})
    (?: (?:i got|on|of|to|about|when|as|for|after|before)\b[^,.:;]{{0,40}}|, which [^,]{{2,40}},|, in (?:full|its entirety|so many words),)? {_BE}(?: just| simply)?[,:]"""
_THING = rf"""\b(?:all|what|the way|how|(?:the )?(?:(?:very|\w+) )?thing)(?: that)?(?: (?:i )?(?:ever )?(?:heard|got))?(?: (?:he|she|they|[a-z']+)(?:'d| would| could| did| actually| \w+ly)*\s(?:say|said|says|told (?:me|us)|goes|went|texted|wrote|shouted|came out with|kept saying|(?:give|gave) (?:me|us)|came back with|put(?: back| down)?|described it|(?:typed|sent|messaged)(?: back)?)|(?: that)? i (?:got|heard)(?: back| from (?:him|her|them))?|(?: that)? (?:came )?out of (?:(?:his|her|their) mouth|[a-z]+))
    (?: (?:to|about|when|as|after|before|next|first|back)\b[^,.:;]{{0,40}})?(?:, [^,]{{2,40}},)? {_BE}[,:]"""
ANSWERED = _verbose(rf"(?:{_ANSWERS}|{_THING})\s*")

# Ways of saying that take somebody's words as they are.
SAID = r"""said|says|saying|wrote|writes|(?<!in )writing|c[ao]mes? (?:back|out|up) with|burst out|let out|called out|cut in|spat(?: out)?|swore|sent(?=(?: me| us| back)?,)|let slip|going(?=,)
    |(?:opened|started|began|ended|finished|signed off|picked up)(?: it| things)?(?: himself| herself| themselves)? (?:with|by saying|off by saying|off with|off)|went on|carried on
    |(?:shot|fired|hit|snapped|bit|messaged|texted|wrote|typed) back|(?:piped|spoke) up|(?:chipped|butted|jumped|chimed) in|called(?= (?:out|over|across|down|up|from|after|through|back)\b)
    |(?:repl(?:y|ie)|shout|yell|scream|shriek|whisper|mumbl|mutter|murmur|mouth|add|admit(?:t)?|announc|answer|argu|assert|blurt(?:ed)? out|complain|conced|confess|confid
        |conclud|contend|counter|declar|demand|exclaim|explain|groan|grumbl|grunt|growl|hiss|insist|interject|interrupt|jok|moan|object|plead|point(?:ed)? out|proclaim|protest
        |quip|rant|remark|repeat|respond|retort|roar|scoff|snap(?:p)?|snarl|sob(?:b)?|stammer|stat|stress|stutter|text|type|utter|volunteer|wail|whimper|whin|yelp|beg(?:g)?
        |promis|warn|reassur|mock|teas|sniff|croak|observ|reflect|reason|suggest|confirm|announc|correct|comment)(?:es|ies|s|ed|d|ing|ied)"""
_ADVERB = r"(?:(?:very|really|quite|so|more) )?\w+ly|again|first|then|twice|once|straight|outright|flat|flat out|straight (?:out|up|away|off)|simply|just|next|later|more than once|a few times|several times|over and over(?: again)?"
_WHOM = r"""(?:me|him|her|us|them|(?:his|her|their|the|my) [\w']+
    |(?!(?:tell|ask|ring|say|give|let|come|go|be|get|leave|stop|do|look)\b)[\w']+(?: (?!(?:that|this|so|it|\w+ing)\b)[\w']+)?(?=[,.:]))"""
_ASIDE = r"""(?:, (?:(?:he|she|they) (?:actually|really|literally) said (?:this|that|it)|(?:(?:kind of|sort of|half|right|straight) )*(?:into|to|under|through|behind|at|over) (?:his|her|their) \w+(?: \w+)?|and (?:(?:he|she|they|this|that|it) (?!said\b|says\b|goes\b|went\b|told\b|replied\b|answered\b|was like\b|just said\b)(?:(?!\b(?:said|says|goes|went|told|replied|answered|like)\b)[^,])*|i (?:wrote|think|noted|want|quote|made a note|put it down)[^,]*)|(?:looking|with|in a|in front of|under|through|without|half|very|really|almost|when i|as i|as we) [^,]*|not (?:quite |even |really )?\w+ing(?: [^,]*)?|(?:quiet|soft|slow|angri|sad|nervous|gent|calm|loud|happi|cheeri|shy|careful|eventual)ly\b[^,]*|(?:um, )?(?:quite|very|really) \w+ly|word for word))"""
_VERBS = rf"""
    (?<!\bcomes and )\b(?:goes|went|(?<=\bthey )go)(?: to (?:me|him|her|us|them))?(?=[,.:])|(?:\b{_BE}|'s) (?:just |all )?like(?=,)
    |\bturned (?:round|around) and (?:said|goes|went)|\b(?:and|all i|i|just) got(?: back)?(?=,)|\b(?:wanted|wants|wanting) to know(?=,)
    |(?<!\bit )\b(?:(?:did|does|would|could|only|just|(?<!little )(?<!nothing )(?<!much )(?<!a lot )(?<!\bjust )to|will|might|ever|always|even) say|{SAID}|swore down|kept (?:going|on)
        |(?:asked|asks|asking|texted|messaged)(?=(?: (?:me|us))?(?: (?:straight|outright|again|quietly))?[,:])|ask(?:ed|ing) (?!(?:if|whether|for|about|to|what|why|how)\b)[\w']+(?: [\w']+)?(?=, (?:can|could|will|do|are|is|why|what)\b)
        |(?<!\bthank you for )(?:told|telling|tells|begged|warned|promised|assured|reminded|corrected|interrupted|stopped) {_WHOM})"""
_TAIL = rf"""(?P<tail>(?: (?:back|out loud|aloud|out|over|up|me|us))*(?: (?:over |straight |back )?(?:to|at) {_WHOM})?(?: (?:{_ADVERB}))*)
    (?: something)?(?: along the lines of)?(?P<more>(?: (?:in|at|on|as|with|about|from|before|after|when|while|through|over|under|next to|underneath|across|into|down|up|round|by|of|out of|towards|during|without|for|like|last|yesterday|today)\b(?! my\b)[^,.:;?]{{0,60}}?)?)
    {_ASIDE}?"""
SPEECH = _verbose(rf"(?P<verb>{_VERBS}){_TAIL}(?:[,:]|\.(?=\s*\S))\s*")
# No comma is needed: "he goes I don't know", "he was like no way".
BARE = _verbose(
    rf"""\bgoes (?=(?:i|i'm|you|they|it's|no|yeah|what|why|we)\b)
    |(?:\b{_BE}|'s) (?:just |all )?like (?=(?:i|i'm|you|why|what|no|nah|yeah|oh|whatever)\b)
    |\bkept (?:on )?(?:saying|repeating|telling me|asking) (?=(?:please|don't|i'm|leave me)\b)
    |\b(?:said|says|asked|asks) (?=(?:can|could|will|would|do|are) (?:you|we|i|somebody|someone)\b)
    |\b(?:said|says|goes) (?=(?:please|okay|ok|sorry|thanks|thank you|yeah|no|nah|don't)\b(?! to\b)[^.?]*\b(?:you|you're|my|me|i|i'm|i've|i'll)\b)"""
)
# Whoever does this says something with it, if what follows asks or orders: "he shrugged, do what you want".
GESTURE = _verbose(
    r"""\b(?:shrugged|nodded|laughed|smiled|grinned|sighed|winked|waved|called|tutted|shook (?:his|her|their) head|rolled (?:his|her|their) eyes),\s*"""
)
# "She was adamant, nobody touched me", "he described it as, like being in prison"
MANNER = _verbose(
    r"""\b(?:was|is|were|'s) (?:(?:very|really|quite|so|just|absolutely) )?(?:adamant|clear|firm|insistent|certain|definite)(?: (?:with|about) [^,]{2,30})?[,:]\s*
    |\b(?:his|her|their|[a-z]+'s) (?:answer|reply|response|comeback)(?: to (?:that|this|me|it))?,(?: and [^,]*,)?\s*
    |\bout (?:it|this|that) (?:came|comes)[,:]\s*
    |\b(?:described|summed|called|calls|describes) (?:it|him|her|them|that|this|us|me|(?:his|her|the) [\w']+)(?: up)?(?: as)?[,:]\s*"""
)
# "He was silent for ages, and then, don't tell my mum": nobody is said to speak.
SILENCE = _verbose(
    r"""\b(?:silent|quiet|silence|pause|said nothing|didn't (?:say anything|answer|speak)|thought about it)\b[^,]{0,30},? (?:and |but )?then(?: (?:just|quietly|eventually|finally))?,\s*
    |\b(?:and|but) (?:then )?(?:out of nowhere|out of the blue|from nowhere),\s*"""
)
OUT_OF_IT = re.compile(
    r"i'm|i (?:don't|can't|hate|want|won't|miss|need|love|wish)\b|if .*\bdon't\b"
)
# "I got a text from Marlon, and it said, I'm fine": written words are always theirs.
SENT = r"\b(?:text|message|whatsapp|voicemail|voice note|snap|dm|note|letter|card|email)(?: back)? from (?:(?:his|her|the) )?"
MESSAGE = re.compile(
    rf"{SENT}[\w']+(?: [\w']+)?,? (?:(?:and|which|that) )?(?:it )?(?:just |only )?(?:said|says|read|reads|saying|reading),\s*"
)
# "Then it was just, I'm not saying names": only what can be nothing else.
IT_WAS = re.compile(r"\b(?:it|which) (?:was|is)(?: (?:just|only|all|simply|back to))?,\s*")
# "I'm not scared of him, she said": no worker begins an account of a visit so.
INVERTED = _verbose(
    r"""^(?:(?:and|but|so|then|um|well)[, ]+)*(?P<said>.+?),? (?P<who>(?:that's|was|is|were|are|'s) (?:what|how) (?:he|she|they|[a-z]+) (?:said|told me|put it|puts it|described it)
    |(?:was|were|is|are) (?:his|her|their|[a-z]+'s) (?:exact |own |actual |very )?(?:words|answer|reply|response)
    |(?<=, )(?:he|she|they|(?!(?:it|that|this|i|we|which|who)\b)[a-z]+) (?:said(?: to (?:me|us))?|says|told me|goes|told us|wanted to know|asked))(?P<more>,.*)?[\s.]*$"""
)
_DOES = r"""looked|seemed|laughed|shrugged|smiled|grinned|giggled|cried|walked|went|didn't look|started|put|left|stopped|wouldn't|got up|turned|showed|rolled
    |wiped|sat|stood|hugged|gave|took|burst|leaned|pulled|covered|ran|picked|threw|hung|closed|pointed|reached|nodded|winked|carried on|pushed|hid|kicked|cracks|cracked|shrugs|smiles|grins
    |giggles|rolls|wipes|nods|winks|gets up|changes the|changed the"""
NARRATOR = _verbose(
    rf"""(?:, (?:and |but )?(?:then )?(?:slammed|stormed|hung up|burst|shrugged|nodded|shook (?:his|her)|rolled (?:his|her)|walked (?:off|out)|went (?:quiet|red|to)|laughed|smiled|grinned|laughing|smiling|crying|looking|shrugging)\b
    |,? (?:and|but|which|then|so)(?: then)?(?: (?P<again>he|she|they|[a-z]+) (?:then |just )?(?:(?P<does>{_DOES}|(?:was|is) (?:(?:actually|really|nearly|almost|just|still|sort of|kind of|even) )?(?:crying|laughing|smiling|grinning|shaking|gone|off))|told|goes|asked|(?:was|is) like|{SAID})\b
      | (?:tells|worried|made me|is exactly|was exactly|i think)\b)
    |, and (?:he|she|they)(?:'s|'re) (?:just |all )?(?:like|going)(?=,)|, and i couldn't (?:fault|argue|disagree)
    |, (?:and|but|so) (?:then )?(?:i|we) (?:asked|said|explained|think|could see|told (?:him|her|them))\b
    |, and (?:when|as|after) (?:i|we) \w+
    |, and (?:then )?\w+ (?P<whose>his|her)\b
    |, and (?:that|this) (?:was|is)\b
    |,? (?:um, )?(?:and|but) to be (?:fair|honest)\b
    |, and (?:then )?(?:straight after|there (?:was|were|wasn't|weren't))\b
    |, so (?:he|she|they) knew (?:that )?(?:i|we)\b
    |, and (?:then )?(?:gave|handed|showed|passed|sent) me\b
    |, like (?:he|she|they|it) (?:was|were)\b
    |, and (?:then )?(?P<face>his|her|their) (?:voice|face|eyes?|hands?|legs?|knees?|shoulders|head|lips?|chin|mouth)\b
    |, with (?:a|an|his|her|their) (?:(?:big|little|small|huge|massive|wry|sort of) )?(?:grin|smile|smirk|shrug|laugh|wink|sigh|straight face|frown)\b
    |, over and over(?: again)?(?=[\s.?!]*$)
    |, which (?:i|is|was|he|she|to me|tells|made|worr)
    |, (?:that's what (?:he|she) said|those were|his words|her words|(?P<closing>he|she) (?:said|says|goes))(?=[\s.?!]*$|, ))"""
)
# "Safe enough, and then she changed the subject": nobody is spoken of to whom "she" may belong.
TELLS_ON = re.compile(
    r",? (?:and|but) (?:then )?(?P<again>he|she|they) (?:then |just )?(?!(?:is|was|said|says)\b)[a-z]+\b|,? and (?:i (?:go|goes)|i'm (?:like|going))(?=,)"
)
WENT_ON = re.compile(r"and (?:he|she|they|i|we|there)\b")  # "he went, and I followed"
BREAKS = re.compile(  # "he's going, he said", "he was going, I could tell, to lose it"
    r"(?:he|she|they) (?:said|says)\b|i (?:could|think|thought)\b"
)
# "He told me about the fight, I was quite shocked": the worker was.
TOLD_OF = re.compile(r"(?:told|telling|tells) \w+$")
I_WAS = re.compile(
    r"(?:i (?:was|wasn't|felt|think|thought|asked|explained|said|told|wonder|wondered|could see)|i'll|i'm (?:going to|not sure|worried)|we)\b"
)
SOMEBODY = re.compile(
    r"\b(?:he|she|they|him|her|his|them|their|man|men|woman|boys?|girls?|lads?|guys?|someone|somebody|mates?|friends?|people|feds|police|teachers?|olders|everyone|everybody|nobody|no one)\b"
)
ASKS = re.compile(r"\b(?:what|how)(?: [\w']+){1,3} $")
NOW = re.compile(r"(?:says|tells|asks|reckons)\b")
PUTS_IT = re.compile(r"\bhow\b|\b(?:words|answer|reply|response)$")
# What "she said" may stand behind, as no worker begins a sentence of their own with it.
BEGINS_AS_I = re.compile(
    r"(?:i'm|i (?:just|do|don't|never|can't|hate|want|know|won't|didn't|feel|miss|need|love|wish)"
    r"|i'd rather|don't|leave)\b"
)
# "I thought you were the bank, he said, I'm not talking": what a worker does not do.
AS_I = re.compile(
    r"(?:i|my) (?!(?:asked|rang|told|said|explained|put|offered|tried|suggested|saw|went|gave|then|also|texted|called)\b)"
)
# "If it comes to it, he said, I'm going back": what follows shows whose it is.
DEPENDS = re.compile(
    r"(?:(?:if|when|because|cos|even if|as long as)\b.*\byou\b|(?:if|because|cos|even if|as long as)\b(?!.*\b(?:i|we)\b))"
)
OF_MINE = re.compile(
    r"(?:my|nobody|no one|everyone|you|it's|that's) [^,]*\b(?:i|i'm|i've|me|my|you|your)\b"
    r"|(?:my (?:mum|dad|nan|brother|sister|mate|head|phone)|you)\b"
)
MOVES = re.compile(  # "before she went, she said", "I asked if he's going, and": nobody speaks yet
    r"\b(?:before|when|after|until|till|since|once|if|while|as|where|why|how|the (?:day|night|time))(?: [\w']+){1,2} $"
)
# "She said about the party, nobody was there": it may be that she said it about the party.
LOOSE = re.compile(r" (?:about|for|with|by|of|from|like)\b")
# "Nobody touched her, she said, they were only loud": as a rule that is an account.
BESIDE = re.compile(
    r"^(?!(?:(?:so |and |then |when )?(?:i|we) (?:asked|wondered)|\w+ing|asked|when|if|once|after|before|as|on|in|at|then|so|with|while)\b).*\w, \w+ $"
)
RECOUNTS = re.compile(
    r"\bsaid (?:that )?(?:he|she|they)(?:'d|'s| had| has)? $"
)  # "he said he told them,"
