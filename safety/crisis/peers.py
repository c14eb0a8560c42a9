"""What the crisis screener is measured beside: a list of keywords, as many services have one."""

from __future__ import annotations

import re
from typing import Final

from safety.crisis.corpus import Message
from safety.text import NO_RISK, Domain, Risk, Severity

_KEYWORDS: Final = re.compile(
    r"\b(suicid\w*|kill (my|him|her|them)\w*|end my life|end it all|want to die|better off dead|"
    r"self.?harm\w*|cut(ting)? myself|hurt(ing)? myself|overdos\w*|took (all )?my pills|"
    r"hear(ing)? voices|raped?|molest\w*|beats? me|hits? me|abus(e|ed|ing|ive)|strangl\w*|"
    r"purg(e|ing)|starving myself|make myself throw up|relaps\w*|can'?t breathe|chest pain|"
    r"unconscious|bleeding|murder|shoot (him|her|them)|stab\w*|gun|noose)\b",
    re.IGNORECASE,
)

_FOUND: Final = Risk(severity=Severity.HIGH, domain=Domain.SUICIDE, score=1.0, reasons=("keyword",))


def keyword_list(message: Message) -> Risk:
    """High wherever a keyword stands."""
    return _FOUND if _KEYWORDS.search(message.text) else NO_RISK
