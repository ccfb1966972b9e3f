"""British spelling for words that the speech model writes as Americans do.

Only how a word is written changes, never which word it is: what is said differently stays ("math",
"airplane"), and so does what has two meanings in British spelling ("meter", "check", "license" but
for the driving licence). A list, and no rule for endings: a rule would spell "size" and "seize".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache

_ISE = """
    agoni anonymi antagoni apologi authori brutali categori centrali characteri civili criminali critici
    customi dehumani demorali depersonali desensiti destabili digiti disorgani emphasi empathi
    energi equali externali familiari fantasi finali formali generali glamori hospitali humani
    humili ideali immuni individuali institutionali internali jeopardi legali locali marginali
    maximi memori minimi mobili moderni morali neutrali normali optimi organi ostraci pathologi
    patroni penali personali polari populari pressuri prioriti publici radicali rationali reali
    recogni reorgani romantici saniti scrutini sensiti sexuali sociali speciali stabili standardi
    sterili stigmati subsidi summari symboli sympathi synchroni terrori theori tranquilli
    systemati traumati triviali unrecogni utili vandali vapori verbali victimi visuali vocali weaponi
""".split()
_YSE = "analy paraly cataly psychoanaly".split()
_OUR = """
    arm behavi cand clam col demean discol dishon endeav fav ferv flav harb hon hum lab misbehavi
    misdemean neighb od parl ranc rum sav savi splend tum val vap vig
""".split()
_LED = """
    cancel channel counsel dial equal fuel grovel initial label level marvel model panel pedal
    quarrel shovel shrivel signal spiral total travel tunnel unravel
""".split()
_OUR_ENDS = """
    s ed ing able ably al ally er ers ful hood hoods ite ites itism less ly
""".split()
_RE = "center theater fiber liter kilometer centimeter millimeter caliber somber specter".split()
_WHOLE = """
    mom mum  moms mums  mommy mummy  mommies mummies  momma mumma  gray grey  grayish greyish
    practicing practising  practiced practised  centered centred  centering centring
    pajamas pyjamas  mold mould  moldy mouldy  molding moulding  cozy cosy  coziness cosiness
    skeptic sceptic  skeptical sceptical  skepticism scepticism  aging ageing
    catalog catalogue  catalogs catalogues  dialog dialogue  dialogs dialogues
    defense defence  defenses defences  offense offence  offenses offences  pretense pretence
    program programme  programs programmes  donut doughnut  donuts doughnuts
    mustache moustache  smolder smoulder  smoldering smouldering
    fulfill fulfil  fulfills fulfils  fulfillment fulfilment  enroll enrol  enrolls enrols
    enrollment enrolment  enrollments enrolments  skillful skilful  skillfully skilfully
    willful wilful  willfully wilfully  installment instalment  installments instalments
    instill instil  instills instils  counselor counsellor  counselors counsellors
    traveler traveller  travelers travellers  jewelry jewellery  jeweler jeweller
    marvelous marvellous  woolen woollen
    pediatric paediatric  pediatrics paediatrics  pediatrician paediatrician
    pediatricians paediatricians  pedophile paedophile  pedophiles paedophiles
    pedophilia paedophilia  gynecology gynaecology  gynecologist gynaecologist
    anesthetic anaesthetic  anesthesia anaesthesia  anesthetist anaesthetist  anemia anaemia
    anemic anaemic  hemorrhage haemorrhage  hemorrhaging haemorrhaging  leukemia leukaemia
    diarrhea diarrhoea  orthopedic orthopaedic  orthopedics orthopaedics
    maneuver manoeuvre  maneuvers manoeuvres  plow plough  plows ploughs
    tidbit titbit  tidbits titbits
""".split()

_FAMILY = frozenset({"mom", "mommy", "momma"})  # with a capital they are still no name of a place
_LETTERS = re.compile(r"[A-Za-z]+")
_ENDED = re.compile(r"[.?!…][\"'”’)\]]*$")


def british(words: Sequence[str], keep: Collection[str] = ()) -> list[str]:
    """The words of a text in British spelling; marks, numbers and capitals stay as they are.

    Args:
        words: in order, with whatever stands around them.
        keep: words that are never touched, such as the names of the case; capitals do not matter.
    """
    kept = {part.casefold() for word in keep for part in _LETTERS.findall(word)}
    return [_spelled(words, place, kept) for place in range(len(words))]


def _spelled(words: Sequence[str], place: int, kept: Collection[str]) -> str:
    """Each part of "multi-colored" by itself."""

    def of(found: re.Match[str]) -> str:
        letters, plain = found.group(), found.group().lower()
        ours = _table().get(plain) or _licence(words, place, plain)
        if ours is None or plain in kept or _is_name(words, place, letters):
            return letters
        if plain.startswith("program") and _before(words, place) in {"computer", "software"}:
            return letters
        return _as(letters, ours)

    return _LETTERS.sub(of, words[place])


def _is_name(words: Sequence[str], place: int, letters: str) -> bool:
    """A capital within a sentence: "Center Parcs" spells itself as it likes."""
    if letters.islower() or letters.lower() in _FAMILY:
        return False
    if letters == "Gray":
        return True
    return place > 0 and _ENDED.search(words[place - 1]) is None


def _licence(words: Sequence[str], place: int, plain: str) -> str | None:
    driving = _before(words, place) in {"driving", "driver's", "drivers", "provisional"}
    return "licence" if plain == "license" and driving else None


def _before(words: Sequence[str], place: int) -> str:
    return words[place - 1].lower().strip(",.") if place else ""


def _as(letters: str, word: str) -> str:
    if letters.isupper() and len(letters) > 1:
        return word.upper()
    return word.capitalize() if letters[0].isupper() else word


@cache
def _table() -> dict[str, str]:
    return dict(_pairs())


def _pairs() -> Iterator[tuple[str, str]]:
    """American, British."""
    yield from _ended(_ISE, "z", "s", "e ed es er ers ing able ation ations ational".split())
    yield from _ended(_YSE, "z", "s", "e ed es er ing".split())
    yield from _ended(_OUR, "or", "our", ["", *_OUR_ENDS])
    yield from _ended(_LED, "", "l", ["ed", "ing"])
    yield from _ended([word[:-2] for word in _RE], "er", "re", ["", "s"])
    yield from zip(_WHOLE[::2], _WHOLE[1::2], strict=True)


def _ended(
    stems: Sequence[str], theirs: str, ours: str, ends: Sequence[str]
) -> Iterator[tuple[str, str]]:
    for stem in stems:
        for end in ends:
            yield f"{stem}{theirs}{end}", f"{stem}{ours}{end}"
