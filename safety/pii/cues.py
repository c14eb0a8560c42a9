"""What people write right before a name. Each pattern is matched against the end of what precedes
a word."""

from __future__ import annotations

import re
from typing import Final

_REACH: Final = 60
"""Characters before a word that are looked at."""


def _ending(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern})\s?$", re.IGNORECASE | re.VERBOSE)


INTRODUCED: Final = _ending(
    r"""
    \b(?:my|his|her|their|our|the|your|ur|\w{1,20}'s)\s
        (?:(?:first|full|last|real|legal|birth|chosen|dead|sur|maiden|middle|nick)\s?)?
        (?:name(?:'?s|\s(?:is|was))|names\sare)(?:\s(?:just|actually|really))?
    | \b(?:sur|first\s|last\s)name(?:\s(?:is|was)|'s|\s?[:=])
    | (?:^|[\n.,;])\s?(?:full\s)?name(?:\sis|\s{0,3}[:=]\s{0,3})
    | \bi(?:'m|\sam|m)\scalled
    | \b(?:me\sllamo|mi\snombre\ses|ich\shei(?:ß|ss)e|mein\sname\sist|je\sm'appelle
        |mon\snom\sest|meu\snome\s[ée]|me\schamo|mi\schiamo|il\smio\snome\s[èe])
    """
)
"""The person says that a name follows: even an ordinary word is one then."""

NAMED: Final = _ending(
    r"""
    \b(?:call(?:s|ed|ing)?\sme|called|named|known\sas|(?:go|goes|going)\sby|aka|a\.k\.a\.?)
    | \n\s?(?:love|regards|yours|sincerely|cheers|thanks|signed)(?:\sfrom)?,?
    | \bnames?[:,]?
    """
)

PRESENTED: Final = _ending(
    r"""
    (?:^|[\s,.!])(?:i\s?am|i'?m|its|it's|it\sis|this\sis|here\sis|soy|ich\sbin|je\ssuis
        |sou(?:\s[oa])?|hier\sist)
    """
)
"""A name may follow, but a mood does more often."""

TOLD: Final = _ending(
    r"""
    \b(?:told|asked|texted|messaged|rang|phoned|emailed
        |(?:spoke|talk(?:ed|ing)?|speak(?:ing)?|lied|replied|apologi[sz]ed?)\s(?:to|with))
    """
)
"""Only a person can be the one."""

ADDRESSED: Final = _ending(
    r"""
    \b(?:ask|text|message|ring|phone|met|kissed|hugged|dating|dated|marr(?:y|ied)
        |visit(?:ed|ing)?|call(?:ed)?|dumped|blocked|listen(?:ed)?\sto
        |(?:me|i)\s(?:and|n|&)
        |(?:lunch|dinner|coffee|drinks|breakfast|brunch|out|chat|hang(?:ing)?|hung|row|fight
            |argument|date|up|stay(?:ed|ing)?|liv(?:e|ed|ing)|sleep|slept|night|evening|friends
            |in\slove|broke|things)\s(?:w|with|w/))
    """
)
"""A person is likely the one."""

HOME: Final = _ending(
    r"""
    \b(?:live|lives|living|lived|based|born|raised|gr[eo]w(?:ing)?\sup|grown\sup|mov(?:e|ed|ing)
        |relocat(?:e|ed|ing)|stay(?:s|ed|ing)?|reside[sd]?|located
        |(?:i'?m|i\sam|he'?s|she'?s|originally|come|comes|came|family\sis|parents\sare|back)
            (?=\sfrom))
        (?:\s(?:back|here|up|down|over|out|just|now|away|home|alone|currently|there|originally
            |with\s(?:my\s)?\w{1,15})){0,3}
        \s(?:in|to|near|from|outside|around|at|by)
        (?:\s(?:the|central|north|south|east|west|downtown|inner|greater)){0,2}
    | \bhome\s?town(?:'?s|\sis)?
    | \b(?:vivo\sen|soy\sde|ich\s(?:wohne|lebe)\sin|ich\skomme\saus|j'habite\s[àa]|je\sviens\sde
        |moro\sem|sou\sde|vivo\sa)
    """
)

EMPLOYED: Final = _ending(
    r"""
    \b(?:work(?:s|ed|ing)?|jobs?|employed|intern(?:ed|ing|ship)?|shifts?|fired|sacked|laid\soff
        |made\sredundant|apprentice(?:ship)?|manager|cashier|nurse|teacher
        |stud(?:y|ies|ied|ying|ent)|degree|placement|interview(?:ed)?|enroll?ed|hired|quit
        |resigned|contract|promoted|volunteer(?:s|ed|ing)?|a\slevels|appointment|inpatient|patient
        |treated)
        (?:\s(?!(?:at|for|from|by|with)\b)[\w'-]{1,15}){0,3}
        \s(?:at|for|from|by|with|in|w)(?:\sthe)?
    """
)


def before(text: str, start: int) -> str:
    """What precedes a place in a text, as far as a cue reaches."""
    return text[max(0, start - _REACH) : start]
