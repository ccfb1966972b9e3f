"""Direct speech, word for word, and only the young person's."""

from datetime import datetime

import pytest

from templates import note_type
from transcribe.draft import draft, from_script
from transcribe.draft.quotes import with_marks
from transcribe.model import Person

PEOPLE = (
    Person("Kwame", "young_person"),
    Person("Dele", "practitioner"),
    Person("Kwame's mum", "parent"),
    Person("Miss Fenwick", "professional"),
    Person("Mr Osei", "professional"),
    Person("Denny", "peer"),
)
AT = datetime(2026, 3, 10, 16, 42)  # noqa: DTZ001 - London time without an offset is the contract


def quotes(said: str, kind: str = "case_note") -> tuple[str, ...]:
    return draft(from_script(f"He was in his uniform.\n{said}"), note_type(kind), PEOPLE, AT).quotes


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("He goes, they know where my nan lives.", "they know where my nan lives"),
        ("He goes they know where my nan lives.", "they know where my nan lives"),
        ("Kwame was like, why would I do that?", "why would I do that?"),
        ("He said, quote, I'm not scared for me, unquote.", "I'm not scared for me"),
        ("Kwame said quote I'm not scared for me end quote and left.", "I'm not scared for me"),
        ('He said, "I\'m not scared for me."', "I'm not scared for me"),
        ("He said, “I’m not scared for me.”", "I’m not scared for me"),
        ("His exact words were, it's not what you think.", "it's not what you think"),
        ("He said, I don't want to go back there.", "I don't want to go back there"),
        ("When mum asked why, he went, I'm not saying names.", "I'm not saying names"),
        ("He goes, um, he said he'd post them.", "um, he said he'd post them"),
        ("He texted me, I'm not coming in today.", "I'm not coming in today"),
        ("He kept saying, I just want my mum.", "I just want my mum"),
        (
            "He kept repeating, I can't go back, I can't go back.",
            "I can't go back, I can't go back",
        ),
        ("He mumbled, I dunno, it just happened.", "I dunno, it just happened"),
        ("His answer was, I haven't got anyone else.", "I haven't got anyone else"),
        ("He said, and I wrote this down, I want to be a nurse.", "I want to be a nurse"),
        ("He asked me, do I have to go to court?", "do I have to go to court?"),
        (
            "He put it like this: I'm always the one who gets blamed.",
            "I'm always the one who gets blamed",
        ),
        ("The way he put it was, I'm just surviving.", "I'm just surviving"),
        ("He said and I'm quoting him, I hate Sundays.", "I hate Sundays"),
        ("Direct quote from Kwame, I feel better after football.", "I feel better after football"),
        ("Kwame's words, not mine, the place is a dump.", "the place is a dump"),
        (
            "I asked if he feels safe and he said, he's the only one who asks me how my day was.",
            "he's the only one who asks me how my day was",
        ),
        (
            "He told me, if there's no money I know where to go.",
            "if there's no money I know where to go",
        ),
        ("He shouted, get out of my room, and slammed the door.", "get out of my room"),
        ("He said to his uncle, I'm sorry, I didn't mean it.", "I'm sorry, I didn't mean it"),
        ("What he actually said was, if I stop they'll come.", "if I stop they'll come"),
        ("He put it like this, everyone thinks I started it.", "everyone thinks I started it"),
        (
            "He said, and he looked me in the eye, she's never made me do anything.",
            "she's never made me do anything",
        ),
        ("I asked and he said, that's just how I am.", "that's just how I am"),
        ("It's harder, he said, what's the point of a plan.", "what's the point of a plan"),
        (
            "I asked what he'd want his brother to hear and he said, nothing, I've got nothing to say.",
            "nothing, I've got nothing to say",
        ),
        ("He said to PC Rowe, you've searched me three times.", "you've searched me three times"),
        ("He asked Mr Finch, can I write to him?", "can I write to him?"),
        ("His last words as I left were, don't tell my mum.", "don't tell my mum"),
        ("He said very quietly, I think about it.", "I think about it"),
        ("He said, honestly, I just want to sleep.", "honestly, I just want to sleep"),
        ("He said in front of his uncle, I want my mum.", "I want my mum"),
        ("He did say, and I think it matters, I've never hurt anyone.", "I've never hurt anyone"),
        ("The last thing he said was, see you Thursday.", "see you Thursday"),
        ("He told his uncle, I'm not your slave.", "I'm not your slave"),
        ("He swore down, I never touched it.", "I never touched it"),
        ("He asked, is my mum okay?", "is my mum okay?"),
        ("I asked what did he say, and he goes, I told him no.", "I told him no"),
        ("His exact phrase was, dead to me.", "dead to me"),
        ("He put it really well, he said, it's like being a ghost.", "it's like being a ghost"),
        (
            "His take on it is, Denny's a child playing at being a boss.",
            "Denny's a child playing at being a boss",
        ),
        ("He was adamant, nobody laid a hand on me.", "nobody laid a hand on me"),
        (
            "Asked what would help, he said, if they just knocked first.",
            "if they just knocked first",
        ),
        ("He shouted across the yard, wait for me.", "wait for me"),
        ("His reply, which he showed me, was, I am better than that.", "I am better than that"),
        ("He rolled his eyes and said, not this again.", "not this again"),
        ("He said more than once, nobody even fed the dog.", "nobody even fed the dog"),
        (
            "I rang him and he was fine, he said, it's a joke, it's a meme.",
            "it's a joke, it's a meme",
        ),
        ("How long for, I asked, and he said, two nights for the lot.", "two nights for the lot"),
        (
            "He waited until she'd gone and then said, she thinks she's the boss.",
            "she thinks she's the boss",
        ),
        ("What he'd like, in his words, is somewhere to be.", "somewhere to be"),
        (
            "What he wants, and these are his words, is for my mum to listen.",
            "for my mum to listen",
        ),
        ("He opened with, you busy?", "you busy?"),
        ("He came up with, my nan, the shed, being warm.", "my nan, the shed, being warm"),
        ("I asked how, and he came back with, how do you think?", "how do you think?"),
        ("He was very definite, that's over, he's dead to me.", "that's over, he's dead to me"),
        ("He called up the stairs, second half's starting.", "second half's starting"),
        (
            "He put it better than I could, it's like they've got a lead on me.",
            "it's like they've got a lead on me",
        ),
        ("How far, I said, and he grinned and said, all the way.", "all the way"),
        ("The last thing I heard him say was, they're here.", "they're here"),
        (
            "He sent, sorry about last night, Denny had my phone.",
            "sorry about last night, Denny had my phone",
        ),
        (
            "He told Miss Fenwick, it's the only quiet room in here.",
            "it's the only quiet room in here",
        ),
        ("Asked him how they got there, quote, we bunked it, unquote.", "we bunked it"),
        ("I put it to him and, quote, she only rang twice, unquote.", "she only rang twice"),
        ("On the Saturday, quote, it was police everywhere, unquote.", "it was police everywhere"),
        ("Ended it himself with, got to go, this is my stop.", "got to go, this is my stop"),
        ("All he'd give me was, I found it.", "I found it"),
        (
            "He said, my uncle never says it, he just shouts.",
            "my uncle never says it, he just shouts",
        ),
        (
            "I asked why, and he whispered, he doesn't bite, he just shouts.",
            "he doesn't bite, he just shouts",
        ),
        ("He answered with, who's this, and when I told him he laughed.", "who's this"),
        (
            "He said, so you're leaving me, and then he grinned and hugged me.",
            "so you're leaving me",
        ),
        ("I asked whose it was and all I got was, no comment.", "no comment"),
        (
            "And the next thing out of Kwame was, they never say it to me.",
            "they never say it to me",
        ),
        ("When he came back he said, I heard that.", "I heard that"),
        (
            "Miss Fenwick told him, eat up, and he said to her, you're not my nan.",
            "you're not my nan",
        ),
        ("He said, four of you, and to be fair to him he's right.", "four of you"),
        ("He said, yes boss, and gave me a salute.", "yes boss"),
        (
            "First thing he goes is, I didn't touch him, ask anyone.",
            "I didn't touch him, ask anyone",
        ),
        ("I told him mum had rung and he went, whatever.", "whatever"),
        ("I asked where he had been and all he said was, around.", "around"),
        ("I asked about the knife and it was just, I found it, over and over.", "I found it"),
        ("At five I got a text from Kwame, and it said, come another day.", "come another day"),
        ("I got a text from him, it said, I'm fine.", "I'm fine"),
        (
            "He said, my dad drinks, and he looks at me like I'm nothing.",
            "my dad drinks, and he looks at me like I'm nothing",
        ),
        (
            "I asked if he felt safe and he goes, safe enough, and then he changed over.",
            "safe enough",
        ),
        (
            "He asks me, are you going to be there, and his voice goes small.",
            "are you going to be there",
        ),
        ("He said, who told you that, with a big grin on him.", "who told you that"),
        (
            "He said, I told my mum at the time, and mum goes, stop attention seeking.",
            "I told my mum at the time, and mum goes, stop attention seeking",
        ),
        (
            "He goes, my mate saw it, and he rang the police.",
            "my mate saw it, and he rang the police",
        ),
        (
            "I'm like, have you told school that, and he's like, what for, so they send a babysitter?",
            "what for, so they send a babysitter?",
        ),
        (
            "I asked if he was nervous, are you ready, and, quote, I was born for this, unquote.",
            "I was born for this",
        ),
        (
            "I'm quoting him here, they had that old man in his own bedroom.",
            "they had that old man in his own bedroom",
        ),
        ("His answer, in full, was, just out, innit.", "just out, innit"),
        ("His opening remark was, am I getting kicked out?", "am I getting kicked out?"),
        (
            "He asked me, is it a loan or do they give it you, and I explained it.",
            "is it a loan or do they give it you",
        ),
        (
            "He stopped and said to me, not quite looking, my stepdad read my diary.",
            "my stepdad read my diary",
        ),
        ("I told him so and he goes, swear down, and I go, swear down.", "swear down"),
        ("He come out with, I got the letter on the bus.", "I got the letter on the bus"),
        ("He shrugged, do what you want.", "do what you want"),
        ("And from the kitchen he called, two sugars, Dele?", "two sugars, Dele?"),
        ("He mumbled something like, if you say so.", "if you say so"),
        (
            "On why he left, this is verbatim, she was shouting and I thought, I'm gone.",
            "she was shouting and I thought, I'm gone",
        ),
        ("He went, pinky promise, and stuck his finger out.", "pinky promise"),
        ("And he said please don't tell my mum.", "please don't tell my mum"),
        ("He said thanks for not going mad at me.", "thanks for not going mad at me"),
        (
            "He wanted to know, are you going to tell her I said that?",
            "are you going to tell her I said that?",
        ),
        ("He was silent for ages, and then, don't tell my mum.", "don't tell my mum"),
        ("He was quiet, and then out of nowhere, I'm not going back.", "I'm not going back"),
        ("And he was so pleased, he said, I won, and he was actually smiling.", "I won"),
        ("As soon as it shut he said can you tell them to stop.", "can you tell them to stop"),
        (
            "I asked whether his mum knows, and his exact words were, my mum will go mad.",
            "my mum will go mad",
        ),
        ("The way he described it was, I felt like I was drowning.", "I felt like I was drowning"),
        (
            "What he put back was, yeah I'll be there, so he knew I was coming.",
            "yeah I'll be there",
        ),
        ("Then Kwame said, kind of into his sleeve, I want to go home.", "I want to go home"),
        (
            "And these are his words now, I couldn't breathe in there.",
            "I couldn't breathe in there",
        ),
        ("This boy said to him, wait there, and he said, I'm not coming.", "I'm not coming"),
        (
            "He did say, and I made a note of it, I'd tell you if I could.",
            "I'd tell you if I could",
        ),
        ("I asked if he felt safe, he said, at home yeah, outside no.", "at home yeah, outside no"),
        ("Word for word he said, I've got no one else.", "I've got no one else"),
        ("He looked up and said, is this going on my record.", "is this going on my record"),
        ("He said, he actually said this, I'd rather be in custody.", "I'd rather be in custody"),
        ("He put it well I thought, it's like a treadmill.", "it's like a treadmill"),
        ("He was kissing his teeth going, they can't even count.", "they can't even count"),
    ],
)
def test_the_young_persons_words_are_exact(said: str, words: str) -> None:
    assert quotes(said) == (words,)


@pytest.mark.parametrize(
    "said",
    [
        "Mum goes, I can't cope with him.",
        "Miss Fenwick said, quote, he has done well, unquote.",
        "He goes to college every day.",
        "He went to the shop, then home.",
        "He said he was fine.",
        "He said no, he hasn't hurt himself.",
        "Nobody touched him, he said, they were only loud.",
        "What would help, he said, is if the calls were on a set day.",
        "I said to him, you can call me any time.",
        "We said, you can come with us.",
        "I texted him, I'm outside.",
        "He asked whether he had to go to court.",
        "He put it in his bag, I think.",
        "Before he went, he said his dad had cancelled again.",
        "He asked me, if I could help.",
        "He told me his dad came in and he said, get out of my house.",
        "Kwame told me his dad came home and he said, I'll kill you.",
        "He read me a message, it said, you've got till Friday.",
        "He asked whether he'd get moved again.",
        "He said the bus was late, so he walked.",
        "I'm going, okay, breathe, where are you right now?",
        "I got hold of Mr Osei on the landline and he said, I feel dreadful.",
        "He'd little to say, beyond that his mum's shifts are long ones.",
        "Put that in writing to him by Friday, would you, so that he has it from you.",
        "What would have stopped you going, I asked.",
        "I got a text from his mum, and it said, he isn't in.",
        "I got a text from Kwame's mum, and it said, I'm worried about him.",
        "I got a text from Ryan, and it said, I'm outside.",
        "I asked if he's going, and mum thinks not.",
        "When he read the dates out, mum goes, you've been tracking me.",
        "He said to tell his mum, I love you.",
        "He said, he's been to college and I gave him my number.",
        "He said, nobody showed him a knife.",
        "He says, he's not carrying and he's not been asked to.",
        "He said, no, he doesn't want to go back there.",
        "He said they don't shout, they're just loud.",
        "So we told Mr Osei in the car park, and he said, you come to me first.",
        "He said okay, he'd do that with his mum.",
        "I rang mum and she said, I can't cope with him.",
        "I rang Mr Osei and he said, I saw a knife on the bed.",
        "Her words were, it was only a plate.",
        "I asked him what home is like, and mum said it's calm.",
        "I said it, not in those words, and I'd tell him first.",
        "I rang him and said, can you come down, I'm outside.",
        "When I got hold of him he was fine, he said.",
        "A man called Cal met him at the other end, that's what he told me.",
        "I heard a bang and a man's voice saying, open the door.",
        "He was all over the place, and his mum's line was, I only read the one page.",
        "He told me about the fight, I was quite shocked.",
        "He said no to that, I'm going to try again next week.",
        "He was going, I could tell, to lose his temper.",
        "One of them said to him, you owe us a weekend.",
        "That message said, don't be rude, I know what time you finish.",
        "So just to say at the top, I haven't seen him.",
        "He's not going, he said, and he's told them his grandad has had a fall.",
        "I could hear a television going, and there was a light on in the hall.",
        "Mum will write down when he comes and goes, and she'll give me that on Friday.",
        "Thank you for telling me, I'm going to move two of those off you by Friday.",
        "He was quiet, and then out of nowhere, I got a call from school.",
        "He was silent for ages, and then, my phone rang and I went out.",
    ],
)
def test_nobody_elses_words_are_quoted(said: str) -> None:
    assert quotes(said) == ()


def test_what_is_broken_in_two_is_two_quotations() -> None:
    said = "If it comes to it, he said, I'm going back to my cousin's."
    assert quotes(said) == ("If it comes to it", "I'm going back to my cousin's")


def test_what_is_broken_by_she_said_may_go_on_with_but() -> None:
    assert quotes("I do like her, he said, but I don't like who I am round there.") == (
        "I do like her",
        "but I don't like who I am round there",
    )
    assert quotes("Let him think what he wants, he said to me, I'm not moving.") == (
        "Let him think what he wants",
        "I'm not moving",
    )
    assert quotes("When mum read it out, he goes, you've been tracking me.") == (
        "you've been tracking me",
    )


def test_a_quotation_goes_on_over_two_sentences() -> None:
    said = "He said, quote, I wasn't lost.\nI knew where I was the whole time, unquote."
    assert quotes(said) == ("I wasn't lost", "I knew where I was the whole time")
    assert with_marks("I knew where I was the whole time, unquote.") == (
        "“I knew where I was the whole time”."
    )


def test_somebody_who_is_called_they_is_quoted() -> None:
    """ "They" are mostly several people, but not where a young person is called so."""
    said = "They told me they slept on the bus.\nThey had their bag with them.\nThey said, I only told my mate."
    made = draft(from_script(said), note_type("case_note"), PEOPLE, AT)
    assert made.quotes == ("I only told my mate",)


def test_they_beside_the_name_is_one_person() -> None:
    said = (
        "Kwame's got their blazer on.\nI'm not scared of him, they said, I'm scared of what I'd do."
    )
    made = draft(from_script(said), note_type("case_note"), PEOPLE, AT)
    assert made.quotes == ("I'm not scared of him", "I'm scared of what I'd do")


def test_every_line_of_an_annotation_is_a_quote() -> None:
    said = "But you put that I was, um, angry, and I weren't."
    assert quotes(said, "young_person_annotation")[-1] == said
