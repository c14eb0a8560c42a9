"""What a reply says of the one who speaks. A program has little to tell of itself, so what it may
say is listed, and whatever else it tells of a life is a claim to have one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from safety.replies.reading import Sentence


@dataclass(frozen=True, kw_only=True, slots=True)
class Selfhood:
    """`i` may be followed by the keys of `says`, and such a key by the words in its set, or by
    anything where that is empty; `my` may be followed by `owns`. Words in `skips` are passed over.
    """

    i: frozenset[str]
    my: frozenset[str]
    says: Mapping[str, frozenset[str]]
    owns: frozenset[str]
    skips: frozenset[str]


def claims_a_life(sentence: Sentence, selfhood: Selfhood) -> bool:
    """Words between quotation marks are somebody else's; "may I" and "am I" claim nothing."""
    words = sentence.words
    return any(
        (
            word in selfhood.i
            and (at == 0 or words[at - 1] not in selfhood.says)
            and not _may_say(words[at + 1 :], selfhood)
        )
        or (word in selfhood.my and not _may_own(words[at + 1 :], selfhood))
        for at, word in enumerate(words)
        if at not in sentence.quoted
    )


def _may_say(rest: tuple[str, ...], selfhood: Selfhood) -> bool:
    said = [word for word in rest[:6] if word not in selfhood.skips]
    if not said:
        return True
    if said[0] not in selfhood.says:
        return False
    after = selfhood.says[said[0]]
    return not after or not said[1:] or said[1] in after


def _may_own(rest: tuple[str, ...], selfhood: Selfhood) -> bool:
    return not rest or any(word in selfhood.owns for word in rest[:2])
