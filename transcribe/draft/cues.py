"""The words that show what kind of sentence it is, for a plain text. Word lists only."""

from __future__ import annotations

import re

from transcribe.draft.wording import pattern, spaced

THINKING_ALOUD = pattern(r"""
tell me more|go on|mm-?hm|let me (?:think|see|have a look|just check)|let's (?:have a look|see)|what else|where (?:was i|do i start|to start|did i get to|shall i (?:start|begin))
|bear with(?: me)?|hang on|hold on|one (?:sec|second|moment)|give me a (?:sec|second|minute)|testing(?: testing)?|is (?:this|it) (?:thing )?(?:on|recording|working)
|is this thing on|that's (?:it|all|me|us|everything|about it|the lot|a wrap|your lot|done|the call|the visit|the note)|that's (?:both|all)(?: of)? (?:them|those|these|three) done|that'll do|leaving now|signing off|over and out|hopefully this|picking me up|that's (?:it|all|everything) (?:from me|for now|for today|i've got)
|that is (?:it|all|everything)|i think that's (?:it|all|everything|about it|the lot)|(?:think )?that covers (?:it|everything)|i(?:'ve| have) covered (?:it|everything)|end of (?:note|recording|message|call|visit|session)|(?:note|recording|message|call) ends
|stopping (?:now|there|here)|i'll (?:leave|stop) it (?:there|here)|i'll (?:stop|leave it|finish) (?:there|here|now)|switching (?:this|it) off|turning (?:this|it) off|i'm done|all done|done and dusted
|(?:okay|right|so|and) done|not relevant|never ?mind|that's not relevant|ignore that|scrap that|quick (?:one|note)|carry on|sorry about that|just waiting for|just (?:finding|getting|looking for) my
|it's been a (?:bit of a )?(?:day|week|one)|it's (?:quite |really |so )?(?:windy|noisy|loud)|thanks,? \w+|thank you,? \w+|thanks|thank you|cheers|bless|safe|bye|bye bye|goodbye|speak soon|take care|see you (?:later|then)
|nothing else|anything else|i can't (?:think|remember) (?:of )?(?:anything else|what else)|my (?:bus|train) is here|before i (?:get on|forget|drive|go)|going now|driving now|recording(?: now| this)?|it's going|here we go|(?:i'll )?start again|take two|(?:it|that) (?:just )?cut out(?: on me)?|can you hear me|we're rolling|one two,? one two
|i'm (?:in|back in) (?:the|my) car(?: outside the \w+)?|i'll (?:just )?(?:do|get|record) this(?: down| now| quickly)?,? (?:while|before) (?:it's (?:all )?fresh|i (?:forget|drive|go|set off))
|i'm (?:gonna|going to) (?:move|head off|head home|drive|set off|get going)(?: before i get a ticket| now)?(?= *(?:[,.!?]|$))|i'm (?:going|heading|off) home(?: now)?(?= *(?:[,.!?]|$))
|excuse (?:me|the)|dog's barking|the parking|parking was|traffic was|roadworks|battery|on my way (?:back|home)|writing this up|sat in (?:the|my) car|i'm in (?:the|my) car|phew|that was a long one|lost my train of thought|nearly done|last bit|god|gosh|perfect|brilliant|lovely|great|no worries|sounds good
""")
"""What people say to themselves, to the recorder or to be polite."""

EMPTY = frozenset(
    """a about again ah all also and anyway at bit but bye cheers done er erm everything for from get go god got great have hi hiya i
    i'll i'm i've is it it's just know like lot me mm mmm hm hmm moment more my no nope note now of off oh okay ok on one out
    really right say see so sorry stop sure testing thank thanks that that's the then there there's think this
    to today um uh us well what yeah yep yes you your perfect lovely good fine alright okay-doke brilliant sounds quick
    thing here with we're recording bless mate cool up too do be""".split()
)
"""Words that carry nothing on their own. None that says no, none of a third person, none of what goes on."""

WELLBEING = pattern(r"""
how are (?:you|things)|how have you been|how've you been|how you(?:'re)? doing|in yourself|how's (?:your|the) (?:workload|caseload|week|head|health)|sleeping|my sleep|i'm (?:tired|exhausted|knackered|shattered|stressed|struggling|okay|alright|coping|burnt out|overwhelmed|behind)
|tired|stressed|stressful|burn(?:t|ed)? ?out|overwhelm\w*|annual leave|time off|time off in lieu|lieu days|toil|on leave|your leave|that leave|my leave|days? off|day off|sick(?:ness)?(?: leave)?|off sick|workload|caseload|how many cases|my cases|too many cases|on top of things
|training|refresher|trauma course|course in|clinical supervision|counselling|occupational health|wellbeing|well-being|rota|out of hours|overtime|working late|my back|my own (?:kids|children|family|mum|dad|health)|the baby|childcare|headaches?|anxious|anxiety|my confidence|finding it (?:hard|tough|difficult)|finding (?:the|my)
|appraisal|probation review|one of my|flexible working|compressed hours|my hours|your hours|work from home|protected time|my notes|behind on|looking after yourself|take (?:a|that|the) (?:break|day)|upset me|got to me|hit me hard|i cried|taking it home|switch off|feel(?:s|ing)? like a lot|debrief|return to work|phased return|holiday|asye|portfolio|study (?:days?|leave)
""")
"""The worker's own health, feelings, workload, leave and training."""

FUTURE = pattern(
    r"""
(?<!if )will(?! (?:be )?fine)|'ll|shall|'m (?:also |now |just )?going to|am (?:also )?going to|(?:is|are|'s|'re|be) (?<!still )(?:also )?going to(?! (?:school|college|dance|football|boxing|work|church|mosque|the|his|her|a|an|my|court on)\b)|gonna|need(?:s)? to|have(?:n't)? got to|'ve got to|'s got to|has got to|have to|has to|must|agreed to|promised to|offered to|has agreed|'s agreed|'s offered|'s promised|is to|am to|'m to|are to|due to|plan(?:s|ning)? to|planned in|aim(?:ing)? to
|booked(?: in)?|'m (?:seeing|meeting|visiting|calling|ringing|sending|doing|making|going|back|popping|taking|asking|speaking|talking|chasing|emailing|writing|referring|dropping|picking|booking|requesting|arranging)
|'re (?:seeing|meeting|going|doing|visiting)|are meeting|is (?:sending|coming|going|meeting|bringing|taking|ringing|calling|doing)|'s (?:sending|coming|going|meeting|bringing|taking|ringing|calling|doing)|meet(?:ing)? (?:up )?again|see (?:him|her|them) again|could do with|want(?:s)? me to
|next (?:session|visit|supervision|meeting|appointment|group|one to one|call|review|one|contact|catch up|home visit|step)(?:'s| is| will be| on)?|same time|in the diary|follow(?:ing)? up|let's (?:get|book|make|have|put|meet|ask|do|aim)
|(?:can|could|would|will) you|you(?:'ll)? need to|you(?:'ll)? have to|you should|i(?:'d)? want you to|i'd like you to|(?<![a-z] )make sure|please|hold off|to be (?:done|sent|booked|completed|made)
"""
)
"""Something ahead."""

FUTURE_START = re.compile(
    spaced(r"""^(?:i'll|we'll|i\ will|we\ will|i'm\ going\ to|i\ am\ going\ to|i\ need\ to|i've\ got\ to|i\ have\ to|i\ must|i'm\ to
|(?:need|got|have)\ to|next\ (?:session|visit|supervision|meeting|appointment|group|one|review|call)|to\ (?:do|chase|ring|call|book|send|refer|ask))\b"""),
    re.VERBOSE,
)

ANALYSIS = pattern(r"""
i (?:really |still |also |do |just |personally )?(?:think|reckon|feel|believe|suspect|wonder|guess|suppose|sense|imagine)|i (?:don't|do not|can't) (?:really |actually )?(?:think|believe|feel|reckon|know|see|buy)|i'm in two minds|i'm (?:hearing|picking up|left with|also left)|for me,? (?:the|it|this|that|he|she)|if i'm honest|i'd want to (?:be|know|understand|explore)|i(?:'d| would) want to be curious|i'm (?:not )?(?:convinced|sure|certain|wondering|thinking|minded|uneasy|leaning|inclined|struck)
|i'd (?:say|put|give|hold|argue|score|rate|guess|question|be)|i would (?:say|put|give|hold|argue|score|rate)|my (?:own )?(?:view|sense|hunch|guess|gut|read|reading|impression|feeling|hypothesis|thinking|take|analysis|assessment|theory|fear|instinct|professional judgement|judgement|formulation)\b(?: feeling)?
|to me,? (?:it|this|that|he|she|the|they)|to my mind|in my (?:view|opinion|mind)|on balance|it (?:just )?(?:feels|sounds|looks|seems)(?: to me)?(?: like| as if| as though)?|that (?:feels|sounds|looks|seems)|feels? (?:like|as if)|sounds? (?:to me )?like|seems to me|what strikes me|what stands out|the way i see it|as i see it|how i see it|what i make of
|could (?:just |well |also )?be|may (?:just |well |also )?be|might (?:just |well |also )?be|may well|might well|it could be|it may be|it might be|i get the (?:impression|sense|feeling)|i got the (?:impression|sense|feeling)|out of ten|something doesn't feel|doesn't feel right|doesn't add up|doesn't fit|suggests|which tells me|that tells me|tells me (?:that|she|he|they)
|not like (?:him|her|them)|out of character|adding two and two|jump to|we should(?:n't)? assume|we shouldn't|i don't want to (?:jump|assume)|push (?:is|factor|here)|pull (?:is|factor|here)|the driver|driving (?:this|it)|is (?:really )?about|underplaying|minimising|masking|is being (?:exploited|groomed|controlled|used)|this is (?:exploitation|grooming|county lines|coercion|control)|perhaps|hypothes[ie]s|curious (?:about|whether|if)|what if|meaning that|the risk (?:is|has) (?:higher|lower|gone)
""")
"""The worker's own judgement."""

DECISION = pattern(r"""
(?:my|the|our|management|manager's|manager) decision|decided|deciding|decision is|i've (?:made|taken) the decision|(?:we|i)(?:'ve| have) (?:both |all )?agreed (?:that|to|we|not to)|we(?:'re| are) (?:not )?(?:going to )?(?:stepping|step|clos\w+|escalat\w+|keep\w*|staying)|agreed (?:to|that we|we'd|we should) (?:keep|close|step|stay|escalate|hold|refer|move|extend|reduce|increase|continue|not)
|stays? open|stay(?:ing)? open|keep(?:ing)? (?:him|her|them|it|this|the case|\w+) open|(?:him|her|them|\w+) closed|hold off (?:closing|on|escalating|stepping)|clos(?:e|ing) (?:him|her|them|the case|this|it)|clos(?:e|ed|ing|ure) (?:at|after|in|until)|ready to close|step(?:ping)? (?:this |it |him |her |them )?(?:up|down)|threshold|escalat(?:e|ing) (?:this|it|to)
|strategy meeting yet|go ahead with|going ahead with|going with|change the plan|the plan stays|the plan is to|sign(?:ed|ing)? (?:this |it )?off|signed off|on that basis|the reason being|given (?:the|that|all)|i'm happy (?:for|to|with)|i'm not happy (?:for|to)|i'm (?:not )?(?:going to|minded to) (?:change|escalate|close|move|step|transfer|re-?allocate|approve|agree|authorise)|i (?:won't|will not|don't) (?:want|think we need|agree)
|let's (?:keep|hold|leave|carry on|stick|not|stay|wait|give it|continue|step|close|pause)|i (?:also )?agree (?:with|that|to)|(?:i'm|we're) (?:content|comfortable|satisfied)|i want (?:that|this|it) (?:\w+ )?(?:reviewed|kept|looked)|i want (?:him|her|them|this|us|\w+) to|i don't want (?:him|her|them|this|us)|we (?:do|don't|won't|will) (?:not )?(?:go|need|escalate|refer|close|step|update|take)|not (?:closing|escalating|stepping|going to (?:close|escalate|refer|step))|management oversight|authoris\w+|approv(?:e|ed|ing)|re-?allocat\w+|transfer(?:red)? to|remain(?:s)? (?:open|at|on)|tier (?:two|three|four|2|3|4)|level (?:two|three|four|2|3|4)
""")
"""Threshold, plan or direction being settled."""

MANAGER = pattern(
    r"""(?:my |the |our |team |service |duty )?managers?|head of service|team leader|supervisor|in supervision|at (?:panel|marve|the strategy meeting|conference)|the panel|panel"""
)
"""Somebody who can decide."""

FEELING = pattern(r"""
lighter|heavier|better|worse|alright|not (?:great|good|too bad)|breathe|fine|up and down|getting there|hard|tough|relie(?:ved|f)|supported|good|bad|okay|rough|busy|manageable|full on
""")
"""How somebody is, in a word or two; it counts only as an answer to "how are you?"."""
