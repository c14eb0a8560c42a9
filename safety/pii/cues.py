"""What people write right before a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Self

from safety.pii.passage import Passage

_REACH: Final = 60
"""Characters before a word that are looked at."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that announce a name. `last` are the words that can come last: looking at the one
    before a name is so much cheaper than the pattern that most words never meet it."""

    last: frozenset[str]
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, last: str, pattern: str) -> Self:
        flags = re.IGNORECASE | re.VERBOSE
        return cls(frozenset(last.split()), re.compile(rf"(?:{pattern})[\s(\"]{{0,2}}$", flags))

    def precedes(self, passage: Passage, at: int) -> bool:
        """Whether the word at a place stands right after the cue."""
        if passage.low(at - 1) not in self.last:
            return False
        start = passage.words[at].start
        return bool(self.pattern.search(passage.text[max(0, start - _REACH) : start]))


INTRODUCED: Final = Cue.of(
    "is was are name names surname called just actually really llamo es heiße heisse ist m'appelle"
    " est é e chamo chiamo è",
    r"""
    \b(?:my|his|her|their|our|the|your|ur|\w{1,20}'s)\s
        (?:(?:first|full|last|real|legal|birth|chosen|dead|sur|maiden|middle|nick)\s?)?
        (?:name(?:'?s|\s(?:is|was))|names\sare)(?:\s(?:just|actually|really))?
    | \b(?:sur|first\s|last\s)name(?:\s(?:is|was)|'s|\s?[:=])
    | (?:^|[\n.,;])\s?(?:full\s)?name(?:\sis|\s{0,3}[:=]\s{0,3})
    | \bi(?:'m|\sam|m)\scalled
    | \b(?:me\sllamo|mi\snombre\ses|ich\shei(?:ß|ss)e|mein\sname\sist|je\sm'appelle
        |mon\snom\sest|meu\snome\s[ée]|me\schamo|mi\schiamo|il\smio\snome\s[èe])
    """,
)
"""The person says that a name follows: even an ordinary word is one then."""

NAMED: Final = Cue.of(
    "me called named as by aka k a name names love regards yours sincerely cheers thanks thx xoxo"
    " signed from",
    r"""
    \b(?:call(?:s|ed|ing)?\sme|called|named|known\sas|(?:go|goes|going)\sby|aka|a\.k\.a\.?)
    | (?:^|[\n.!?])\s?(?:love|regards|yours|sincerely|cheers|thanks|thx|xoxo),
    | \n\s?(?:love|regards|yours|sincerely|cheers|thanks|signed)(?:\sfrom)?,?
    | \bnames?[:,]?
    """,
)

PRESENTED: Final = Cue.of(
    "am i'm im its it's is soy bin suis sou o a ist it this here",
    r"""
    (?:^|[\s,.!])(?:i\s?am|i'?m|its|it's|it\sis|this\sis|here\sis|soy|ich\sbin|je\ssuis
        |sou(?:\s[oa])?|hier\sist)
    """,
)
"""A name may follow, but a mood does more often."""

TOLD: Final = Cue.of(
    "told asked texted messaged rang phoned emailed to with",
    r"""
    \b(?:told|asked|texted|messaged|rang|phoned|emailed
        |(?:spoke|talk(?:ed|ing)?|speak(?:ing)?|lied|replied|apologi[sz]ed?)\s(?:to|with))
    """,
)
"""Only a person can be the one."""

ADDRESSED: Final = Cue.of(
    "ask text message ring phone met kissed hugged dating dated marry married visit visited"
    " visiting call called dumped blocked to and n w with me i",
    r"""
    \b(?:ask|text|message|ring|phone|met|kissed|hugged|dating|dated|marr(?:y|ied)
        |visit(?:ed|ing)?|call(?:ed)?|dumped|blocked|listen(?:ed)?\sto
        |(?:me|i)\s(?:and|n|&)
        |(?:lunch|dinner|coffee|drinks|breakfast|brunch|out|chat|hang(?:ing)?|hung|row|fight
            |argument|date|up|stay(?:ed|ing)?|liv(?:e|ed|ing)|sleep|slept|night|evening|friends
            |in\slove|broke|things)\s(?:w|with|w/))
    """,
)
"""A person is likely the one."""

HOME: Final = Cue.of(
    "in to near from outside around at by the central north south east west downtown inner"
    " greater hometown town is en de aus à a em",
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
    """,
)

EMPLOYED: Final = Cue.of(
    "at for from by with in w the is was called school college uni university work employer company"
    " clinic surgery hospital church gym nursery",
    r"""
    \b(?:work(?:s|ed|ing)?|start(?:s|ed|ing)?|jobs?|employed|intern(?:ed|ing|ship)?|shifts?|fired|sacked|laid\soff
        |made\sredundant|apprentice(?:ship)?|manager|cashier|nurse|teacher
        |stud(?:y|ies|ied|ying|ent)|degree|placement|interview(?:ed)?|enroll?ed|hired|quit
        |resigned|contract|promoted|volunteer(?:s|ed|ing)?|a\slevels|appointment|inpatient|patient
        |treated)
        (?:\s(?!(?:at|for|from|by|with)\b)[\w'-]{1,15}){0,3}
        \s(?:at|for|from|by|with|in|w)(?:\sthe)?
    | \b(?:expelled|excluded|suspended|discharged|graduated|transferred)\sfrom
    | \bmy\s(?:school|college|uni(?:versity)?|work(?:place)?|employer|company|clinic|surgery
        |hospital|church|gym|nursery)(?:'s|\sis|\swas)?(?:\scalled)?
    """,
)
