"""What to answer where a wording of a chart is not read: the amount that was written, or the form, or nothing.

A hint never proposes what was not written. `about 6 months` is answered with `6 months`, if it is exact, and with the
form of a range; a word of which nobody can say what amount it is (`chronic`), with the form alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from bvn_asp.classes import late
from bvn_asp.errors import Misread, did_you_mean, nearest
from bvn_asp.model import size
from bvn_asp.model.dates import SHORT, as_written, is_short
from bvn_asp.model.numerals import arabic, in_digits
from bvn_asp.model.quantity import Interval, is_empty
from bvn_asp.model.quantity import both as both_of
from bvn_asp.model.vocabulary import Fact

Reader = Callable[[Fact, str], Interval]
_TIMES = ("days", "weeks", "months", "years")
_COUNTED = ("points", "sessions", "signs", "units")
_NEAR = late(
    r"\b(?:approx(?:imately|\b\.)?|about|around|roughly|circa|ca\b\.?|some|est(?:imated|\b\.)?|nearly|almost|close to|"
    r"not quite|just under|or so|give or take)(?!\w)|(?<=[\s\d-])ish\b|~+|≈|\?+$",
    re.I,
)
_SHORT_OF = late(r"nearly|almost|close to|not quite|just under", re.I)
_WORD = late(r"(?<![\w.])(?!at (?:least|most|the))[a-z]+(?:-[a-z]+)*(?!\w)", re.I)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ASIDE = _words(
    "left right bilateral central paracentral foraminal lateral midline vas nrs nprs bmi odi bdi t s ii avg average "
    "age averaging aged worst best current currently now today baseline total overall reported reports rated rating "
    "score scale level pain of in at is the for past last x ago duration times visits visit treatments sessions pt "
    "small mild moderate large"
)
_SEX = _words("m f male female man woman w wm wf bm bf hm hf lady")
_NOTHING_KNOWN = late(
    r"n\.?/?a\.?|not (?:applicable|known|sure|assessed|tested|available|checked|evaluated)|tbd|tbc|pending|awaiting.*|"
    r"unsure|uncertain|unclear|undetermined|indeterminate|inconclusive|unable to .*|unavailable|no data|"
    r"no info(?:rmation)?|do(?:es)?n'?t know|dk|\?+|to follow|requested|u/k|ukn",
    re.I,
)
_ELSEWHERE = late(r"(?:see|per|cf|refer to) .*|attached|as above|same|ditto|on file", re.I)
_NOT_SAID = late(
    r"(?:not|none|no|never) (?:documented|stated|recorded|reported|described|addressed|commented(?: on)?|specified|"
    r"given|mentioned|noted in .*|mention(?: of .*)?)|unspecified|nr|not in (?:the )?(?:report|chart|note).*",
    re.I,
)
_SAID_NOT = late(
    r"(?:denie[ds]|deny|negative|neg|absent|none|nil|without|ruled out|excluded|nope|no|not (?:seen|present|found|"
    r"identified|visualized|evident)|normal|unremarkable|wnl|within normal limits)\b.*|-|--|\(-\)",
    re.I,
)
_NO_LONGER = late(
    r"no longer|no change|no improvement|no worse|no better|but|however|except|other than|until", re.I
)
_SAID = late(r"positive|pos|present|\+|\(\+\)|yeah|yep|there|noted|seen", re.I)
_SIDES = late(
    r"(?:on the |to the )?(?:left|right|bilateral(?:ly)?|both|l|r|lle|rle|lt|rt|b/l|bil)"
    r"(?:[ -](?:side|sided|leg|foot|hip))?|[lr] ?[<>] ?[lr]",
    re.I,
)
_DOUBT = late(
    r"possibl[ey]|probabl[ey]|suspected|suspicious|likely|unlikely|maybe|perhaps|questionable|equivocal|borderline|"
    r"rule[ -]out|r/o|concern(?:ing)? for|may be|might|"
    r"(?:can(?:no|')?t|can not|could not|not) (?:be )?(?:entirely )?(?:exclude|excluded|rule out|ruled out)|\?$",
    re.I,
)
_BESIDE = _words(
    "s p s/p hx of the a an at in on with noted seen present finding findings change changes block system device plan "
    "policy disease pain joint arthropathy pathology left right bilateral done per report mri since "
    "cleared visits sessions weeks months wks mos x"
)
_LEVEL = late(r"(?:[ls]\d)(?:_?[/-]?_?[ls]?\d)?|(?:19|20)\d\d")
_SOME = late(
    r"\b(?:(?:a )?few|several|many|some|(?:a )?couple(?: of)?|multiple|numerous|a number of|long[- ]?standing)\b|"
    r"chronic|^(?:days|weeks|months|years)$",
    re.I,
)


# -- amounts -----------------------------------------------------------------------------------


def of_amount(known: Fact, written: str, read: Reader) -> str:
    """The hint for a text that is no amount of a fact.

    Args:
        read: reads an amount; raises Misread.
    """
    text = in_digits(written).strip(" .;!")
    comma = re.fullmatch(r"(-?\d+),(\d+)((?: ?[a-z%][\w./]*)?)", text, re.I)  # of tenths, or of thousands
    if comma:
        whole, part, unit = comma.groups()
        choices = [f"{whole}.{part}{unit}", f"{whole}{part}{unit}" if len(part) == 3 else f"{whole} to {part}{unit}"]
        choices = choices if unit.strip() or len(part) == 3 else choices[:1]
        offered = [f"`{each}`" for each in choices if _readable(known, each, read)]
        if offered:
            return f"write {' or '.join(offered)}" + (", whichever is meant" if offered[1:] else ", with a point")
    if _NOT_SAID.fullmatch(text):
        return _unsaid()
    if _NOTHING_KNOWN.fullmatch(text):
        return _unknown()
    if _ELSEWHERE.fullmatch(text):
        return "write here what it says there"
    for hint in (_of_dates, _of_unit, _of_age, _of_size, _of_two, _of_sign, _of_near, _of_one):
        found = hint(known, text, read)
        if found:
            return found
    return _form(known, text)


def _readable(known: Fact, text: str, read: Reader) -> bool:
    try:
        read(known, text)
    except Misread:
        return False
    return True


def _of_dates(known: Fact, text: str, read: Reader) -> str:
    """`since March 2023` of a length of time, `born 1962` of an age."""
    match = re.fullmatch(
        r"(?:(?:ongoing |present |pain |persistent )?(?:since|from|onset|started|began|beginning|starting|as of|"
        r"onset in|in|on|dob|born|b\.|date of birth|s/p|done|performed)[:\s]+(?:in |on |about )?)?(.+)",
        text, re.I,
    )
    dates = as_written(match[1]) if match else ()
    if match and not dates and is_short(match[1]) and (known.type == "duration" or known.unit == "years"):
        return SHORT
    if not dates:
        return ""
    if known.type == "duration":
        key, bare = "since", "if it began then, "
    elif known.unit == "years":
        key, bare = "born", "if that is the date of birth, "
    else:
        return ""
    forms = " or ".join(f"`{{{key}: {each}}}`" for each in dates)
    which = ", whichever is meant" if len(dates) > 1 else ""
    return f"{bare if match and match[1] == text else ''}write {forms}{which}"


def _of_unit(known: Fact, text: str, read: Reader) -> str:
    """The unit of a length of time, where none is given, or one is misspelled."""
    if known.type != "duration":
        return ""
    choices = [f"`{text} {each}`" for each in _TIMES if _readable(known, f"{text} {each}", read)]
    if choices:
        return "say the unit: " + " or ".join(filter(None, (", ".join(choices[:-1]), choices[-1])))
    match = re.fullmatch(r"(.*\d)\s*([a-z]+)", text, re.I)
    if match is None:
        return ""
    meant = "months" if match[2].lower() == "m" else nearest(match[2], _TIMES, same_start=True)
    found = f"{match[1]} {meant}"
    return f"`{found}`, if that is meant" if meant and _readable(known, found, read) else ""


def _of_age(known: Fact, text: str, read: Reader) -> str:
    if known.unit != "years":
        return ""
    decade = re.fullmatch(r"(?:in )?(?:his |her |their |the )?(?:early |mid |late |mid-)?'?(\d)0'?s", text, re.I)
    if decade:
        return f"write `{decade[1]}0 to {decade[1]}9`"
    bare = _without(text, _SEX)
    return f"write `{bare}` here, and the sex by itself" if bare and _readable(known, bare, read) else ""


def _of_size(known: Fact, text: str, read: Reader) -> str:
    """A weight, with the height or without it, where a body mass index is meant."""
    if known.unit != "kg/m2":
        return ""
    weight = re.search(r"\d+(?:\.\d+)? *(?:kgs?|lbs?|pounds|kilograms)\b", text, re.I)
    if weight is None:
        return ""
    rest = (text[: weight.start()] + " " + text[weight.end() :]).strip(" ,;/.and")
    try:
        size.index_of(weight[0], rest, known.unit)
    except Misread:
        return f"with the height beside it: `{{weight: {weight[0]}, height: …}}`"
    height = f"'{rest.replace(chr(39), chr(39) * 2)}'" if set(rest) & set("'\"") else rest
    return f"write `{{weight: {weight[0]}, height: {height}}}`"


def _of_two(known: Fact, text: str, read: Reader) -> str:
    """Two amounts: both ends of a range, or a fraction, where it is one or the other."""
    spread = re.fullmatch(r"(\d+(?:\.\d+)?) ?(?:\+/-|±|\+-) ?(\d+(?:\.\d+)?)(.*)", text)
    if spread:
        middle, off = Decimal(spread[1]), Decimal(spread[2])
        found = f"{middle - off} to {middle + off}{spread[3]}"
        return f"write `{found}`" if off <= middle and _readable(known, found, read) else ""
    both = re.fullmatch(r"(\d+(?:\.\d+)?) ?(/|,| or ) ?(\d+(?:\.\d+)?)( ?[a-z][\w.]*)", text, re.I)
    if both:
        low, high = Decimal(both[1]), Decimal(both[3])
        half = both[2] == "/" and re.fullmatch(r" ?(?:day|week|month|year|inch)", both[4], re.I)
        offered = [f"{low} to {high}{both[4]}"] if low < high and not half else []
        if both[2] == "/" and low < high and (low / high * 100) % 25 == 0:
            offered.insert(0, f"{(low / high).normalize():f}{both[4]}")
        offered = [each for each in offered if _readable(known, each, read)]
        which = ", whichever is meant" if len(offered) > 1 else ""
        return "write " + " or ".join(f"`{each}`" for each in offered) + which if offered else ""
    halves = re.split(r"\s*(?:\bbut\b|\band\b|,|&)\s*", text)
    unit = re.search(r"[a-z]+$", text, re.I)
    sides = [_bounded(known, each, read) or (unit and _bounded(known, f"{each} {unit[0]}", read)) for each in halves]
    if len(sides) == 2 and sides[0] and sides[1] and (sides[0].low is None) is not (sides[1].low is None):
        shared = both_of(sides[0], sides[1])
        hold = shared is not None and not is_empty(shared, known.grid)
        return f"write `{{{', '.join(_bound(each) for each in sides if each)}}}`" if hold else ""
    ends = re.fullmatch(r"(\d+)(?:/10)? (?:at )?(worst|best),? (\d+)(?:/10)? (?:at )?(worst|best)", text, re.I)
    if ends and known.unit == "points" and ends[2].lower() != ends[4].lower():
        found = "{} to {}".format(*sorted((ends[1], ends[3]), key=int))
        return f"write `{found}`, if all between can be" if _readable(known, found, read) else ""
    return ""


def _bounded(known: Fact, text: str, read: Reader) -> Interval | None:
    """What a text that sets one bound allows; None for any other."""
    try:
        found = read(known, text)
    except Misread:
        return None
    return found if (found.low is None) is not (found.high is None) else None


def _bound(side: Interval) -> str:
    """`less_than: 1 year`."""
    if side.high is None:
        return f"{'more_than' if side.low_open else 'at_least'}: {side.low}"
    return f"{'less_than' if side.high_open else 'at_most'}: {side.high}"


def _of_near(known: Fact, text: str, read: Reader) -> str:
    """`about 6 months`: the amount, and that a range is what it is."""
    bare = " ".join(_NEAR.sub(" ", text).split()).removesuffix("-")
    if bare == text or not re.match(r"-?\d", bare) or not _readable(known, bare, read):
        return ""
    if _SHORT_OF.search(text) and _readable(known, f"less than {bare}", read):
        return f"`less than {bare}`, or a range that holds it: `{_range(known, bare)}`"
    return f"`{bare}`, if it is that; else a range that holds it: `{_range(known, bare)}`"


def _of_sign(known: Fact, text: str, read: Reader) -> str:
    match = re.fullmatch(r"- (\d+(?:\.\d+)?)", text)
    assert known.low is not None
    if match is None or known.low.amount >= 0:
        return ""
    both = [each for each in (f"-{match[1]}", match[1]) if _readable(known, each, read)]
    return "write " + " or ".join(f"`{each}`" for each in both) + ", whichever is meant" if both else ""


def _of_one(known: Fact, text: str, read: Reader) -> str:
    """The amount of a text that says besides only what can stand beside it: a side, a scale, a size in words."""
    bare = _without(text, _ASIDE | frozenset(known.name.split("_")))
    return _noted(bare) if bare and re.search(r"\d", bare) and _readable(known, bare, read) else ""


def _without(text: str, words: frozenset[str]) -> str:
    """A text without some words; nothing if none of them is in it."""
    apart = re.sub(r"(?<=\d)(?=[a-z])(?!mm|cm)", " ", text, flags=re.I)
    kept = _WORD.sub(lambda word: "" if words.issuperset(word[0].lower().split("-")) else word[0], apart)
    return "" if kept == apart else " ".join(re.sub(r"\(\s*\)", "", kept).split()).strip(" ,;:/()=")


def _noted(value: str) -> str:
    inside = value if re.match(r"-?\w", value) else f'"{value}"'
    return f"write `{value}`, the rest as a note if it matters: `{{value: {inside}, evidence: {{note: …}}}}`"


def _range(known: Fact, text: str) -> str:
    unit = re.search(r"[a-z]\S*$", text, re.I)
    return f"… to … {unit[0]}" if unit else "… to …"


def _form(known: Fact, text: str) -> str:
    """How an amount is written, where no amount was found."""
    lowered = text.lower()
    if known.type == "duration":
        unit = next((each for each in ("days", "weeks", "months", "years") if each[:-1] in lowered), "months")
        if _SOME.search(lowered):
            return f"how long at least, or from how long to how long? `at least … {unit}`, `… to … {unit}`"
        return "a number with its unit, or a range: `at least` or `at most` before it, `to` between two"
    counted = known.unit in _COUNTED and re.fullmatch("no|none|nil", lowered)
    none = "none" if "none" in known.spelled else "0" if counted else ""
    if none and _SAID_NOT.fullmatch(text) and not _NO_LONGER.search(text) and not re.search(r"\d", text):
        return f"`{none}`, if the chart says that there is none"
    said = arabic(lowered)
    small = [word for word in known.spelled if re.search(rf"(?<![\w]){re.escape(word)}(?![\w])", said)]
    widest = {known.spelled[word] for word in small} - {known.spelled.get("none")}
    if len(widest) == 1 and not re.search(r"\d ?(?:mm|cm)", said):
        return f"`{widest.pop()}`, if that is all that is known"
    if "present" in known.spelled and (_SAID.fullmatch(text) or text.lower() == "yes" or _SIDES.fullmatch(text)):
        return "how much? `present`, if it is there and not measured"
    return _amounts(known)


def _amounts(known: Fact) -> str:
    form = "a number, or a range of numbers"
    return f"{form}; `present`, if it is there and not measured" if "present" in known.spelled else form


# -- names -------------------------------------------------------------------------------------


def of_name(known: Fact, text: str, folded: str) -> str:
    """The hint for a text that is no named value of a fact.

    Args:
        folded: the text with its words joined by `_` and numbers as digits.
    """
    listed = "one of " + ", ".join(known.values)
    plain = in_digits(text).strip(" .;!")
    named = _named_in(known, folded)
    negated = re.search(r"\b(?:no|not|non|without|denie[ds]|never|less|more|rather|former|was)\b", plain, re.I)
    if _NOT_SAID.fullmatch(plain):
        return _unsaid()
    if _NOTHING_KNOWN.fullmatch(plain):
        return _unknown()
    if _ELSEWHERE.fullmatch(plain):
        return f"write here what it says there: {listed}"
    if len(named) > 1:
        return _between(known, named, plain)
    if _DOUBT.search(plain):
        some = ", ".join(known.values)
        return f"write `{{one_of: [{some}]}}` if the chart leaves it open" if len(known.values) < 4 else (
            f"`unknown` if the chart leaves it open; {listed}"
        )
    start = re.match(r"(yes|no)\s*(?:[,;:(]|-\s)", plain, re.I)
    if start and known.type == "yes_no":
        return _noted(start[1].lower())
    if known.absent and not set(named) - {known.absent} and _SAID_NOT.fullmatch(plain) and not _NO_LONGER.search(plain):
        if re.fullmatch(r"-+", plain):
            return f"`{known.absent}`, or `unknown` if the dash is a blank"
        return f"`{known.absent}`, if the chart says that there is none"
    if known.absent and known.type == "yes_no":
        if _SAID.fullmatch(plain):
            return "`yes`, if the chart says that it is there"
        if _SIDES.fullmatch(plain):
            return "`yes`, if it is there, the side as a note if it matters: `{value: yes, evidence: {note: …}}`"
    if named and not negated and _only_beside(known, named[0], folded):
        return _noted(named[0])
    if named:
        return listed
    denied = {each for each in known.values if re.fullmatch(rf"(?:no|not|non)_(?:\w+_)?{re.escape(folded)}", each)}
    near = did_you_mean(text, [each for each in known.values if each not in denied], "", True, True)
    near = near or _by_meaning(known, text, denied) or _by_ending(known, folded, denied)
    if not near:
        return listed
    part = len(folded) > 2 and f"`{folded}`" not in near and re.search(rf"[`_]{re.escape(folded)}[`_]", near)
    return near.replace("?", ", or `other`?") if part and "other" in known.values else near


def _by_meaning(known: Fact, text: str, denied: set[str]) -> str:
    """The value of which a text misspells the meaning, or gives the first letters: `Geogia`, `MA`."""
    values = [each for each in known.values if each not in denied]
    letters = text.lower() if len(text) > 1 else ""
    begun = [each for each in values if "_" in each and "".join(part[:1] for part in each.split("_")) == letters]
    if begun:
        return f"did you mean {' or '.join(f'`{each}`' for each in begun)}?"
    meant = {known.values[each]: each for each in values}
    near = nearest(text, meant, same_digits=True, same_start=True)
    return f"did you mean `{meant[near]}`, {near}?" if near else ""


def _by_ending(known: Fact, folded: str, denied: set[str]) -> str:
    """The value that ends with a number that stands alone: `II` for `type_2`."""
    number = arabic(folded)
    ending = [each for each in known.values if each not in denied and each.endswith(f"_{number}")]
    return f"did you mean `{ending[0]}`?" if number.isdecimal() and len(ending) == 1 else ""


def _between(known: Fact, named: list[str], plain: str) -> str:
    one = f"`{{one_of: [{', '.join(named)}]}}` if the chart leaves it between them"
    if _takes_several(known) and known.absent not in named and re.search(r"\band\b|[,+&]|\bwith\b", plain, re.I):
        return f"write `{{all_of: [{', '.join(named)}]}}` if it says all of them, {one}"
    return f"write {one}"


def _takes_several(known: Fact) -> bool:
    """Whether a fact can be several of its values at once: what else causes a pain."""
    return known.type == "one_of" and known.judgement and bool(known.absent)


def _named_in(known: Fact, folded: str) -> list[str]:
    """The values that a folded text names; `type_1_or_2` names two."""
    text = re.sub(r"(?<![a-z])([a-z]+)_(\d)(?:_(?:or|to|and))?[_/&-](\d)(?!\d)", r"\1_\2_\1_\3", folded)
    whole = f"_{text}_"
    for word in sorted(known.spelled, key=len, reverse=True):  # `mod` names `moderate`
        whole = whole.replace(f"_{_word(word)}_", f"_<{known.spelled[word]}>_")
    for value in sorted(known.values, key=len, reverse=True):  # `no relief` does not name `relief`
        whole = whole.replace(f"_{_word(value)}_", f"_<{value}>_")
    return [value for value in known.values if f"<{value}>" in whole]


def _word(value: str) -> str:
    return re.sub(r"[\s_-]+", "_", value.strip().lower())


def _only_beside(known: Fact, value: str, folded: str) -> bool:
    rest = f"_{folded}_"
    for word in sorted([value, *(w for w, meant in known.spelled.items() if meant == value)], key=len, reverse=True):
        rest = rest.replace(f"_{_word(word)}_", "_")
    own = set(known.name.split("_"))
    counted = not any(re.search(r"\d", each) for each in known.values)
    return all(
        each in _BESIDE or each in own or _LEVEL.fullmatch(each) or (counted and each.isdecimal())
        for each in rest.split("_") if each
    )


def _unknown() -> str:
    return "`unknown`, if nobody knows; leave it out where the chart says nothing"


def _unsaid() -> str:
    return "`not_reported`, if a report on file does not say; leave it out where there is none"
