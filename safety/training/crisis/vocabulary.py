"""Chooses the pieces of words that the crisis model keeps of its multilingual ancestor.

The vectors of 250,000 pieces are four fifths of the ancestor. Most belong to languages that few
will write here in, or to capitals and accents that `safety.crisis.wording` undoes before the model
reads. What is kept: every piece of the corpus, the single letters of many scripts, so that no
language is quite unreadable, and the pieces of the words most used in eighteen languages.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tokenizers import Tokenizer, models, pre_tokenizers
from wordfreq import top_n_list

from safety.crisis.characters import plain

LISTS: Final[Mapping[str, int]] = {
    "en": 40_000,
    **dict.fromkeys(("es", "de", "fr", "pt"), 25_000),
    **dict.fromkeys(("it", "nl", "pl", "ru", "tr"), 12_000),
    **dict.fromkeys(("sv", "uk", "ro", "ar", "hi"), 8_000),
    **dict.fromkeys(("zh", "ja", "ko"), 6_000),
}
"""How many words of a language are taken. The first five are those of the corpus."""

SPECIAL: Final = ("<s>", "<pad>", "</s>", "<unk>")
_UNKNOWN: Final = SPECIAL.index("<unk>")
_UNREACHABLE: Final = -1000.0
"""Log probability of the special pieces: "</s>" that a person types is split into its signs."""

_SPACE: Final = "\u2581"  # in pieces
_SCRIPTS: Final = frozenset({
    "LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "DEVANAGARI", "HANGUL", "HIRAGANA",
    "KATAKANA", "KATAKANA-HIRAGANA",
})  # fmt: skip
"""First words of the names of letters that are kept, used or not."""

_LONGEST_SIGN: Final = 4
_WITHIN_WORDS: Final = 5_000
"""So many words of a language are also taken without a space before them, as after a hyphen."""
_FIRST_RANK: Final = 10
_MOST_USED: Final = 10**9  # whole numbers: their sum does not depend on the order


@dataclass(frozen=True, kw_only=True, slots=True)
class Vocabulary:
    """Pieces with their log probabilities, the special ones first; `rows` are their numbers in
    the vocabulary they were chosen from."""

    pieces: Sequence[str]
    scores: Sequence[float]
    rows: Sequence[int]

    @classmethod
    def whole(cls, pieces: Sequence[str], scores: Sequence[float]) -> Vocabulary:
        return cls(pieces=pieces, scores=scores, rows=range(len(pieces)))

    def only(self, numbers: Iterable[int]) -> Vocabulary:
        chosen = sorted(numbers)
        return Vocabulary(
            pieces=[self.pieces[number] for number in chosen],
            scores=[self.scores[number] for number in chosen],
            rows=[self.rows[number] for number in chosen],
        )

    def tokenizer(self, *, begins_word: bool = True) -> Tokenizer:
        """It changes no letter: texts come as `Wording` has them."""
        scores = [_UNREACHABLE] * len(SPECIAL) + list(self.scores[len(SPECIAL) :])
        pieces = list(zip(self.pieces, scores, strict=True))
        tokenizer = Tokenizer(models.Unigram(pieces, _UNKNOWN, byte_fallback=False))
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(
            replacement=_SPACE, prepend_scheme="always" if begins_word else "never"
        )
        return tokenizer


def cut(whole: Vocabulary, texts: Sequence[str], most: int) -> Vocabulary:
    """At most so many pieces, unless `texts` and the single characters need more. The pieces that
    go are those whose words are used least."""
    lists = [frequent_words(language, count) for language, count in LISTS.items()]
    first, within = whole.tokenizer(), whole.tokenizer(begins_word=False)
    written = {char for words in lists for char in "".join(words)}
    needed = {*range(len(SPECIAL)), *_numbers(first, texts), *_characters(whole.pieces, written)}
    used: Counter[int] = Counter()
    for words in lists:
        _count(used, first, words)
        _count(used, within, words[:_WITHIN_WORDS])
    ranked = sorted(used.keys() - needed, key=lambda number: (-used[number], number))
    return whole.only(needed.union(ranked[: max(0, most - len(needed))]))


def frequent_words(language: str, count: int) -> list[str]:
    """The most used first, as the model reads them: plain and without apostrophes."""
    return [" ".join(plain(word).replace("'", "").split()) for word in top_n_list(language, count)]


def _count(used: Counter[int], tokenizer: Tokenizer, words: Sequence[str]) -> None:
    """A word is about as frequent as its rank is low."""
    for rank, encoding in enumerate(tokenizer.encode_batch(words)):
        for number in encoding.ids:
            used[number] += _MOST_USED // (rank + _FIRST_RANK)


def _numbers(tokenizer: Tokenizer, texts: Sequence[str]) -> Iterator[int]:
    for encoding in tokenizer.encode_batch(texts):
        yield from encoding.ids


def _characters(pieces: Sequence[str], written: Container[str]) -> Iterator[int]:
    """Single characters, with or without a space before them, and runs of signs and digits."""
    for number, piece in enumerate(pieces):
        text = piece.lstrip(_SPACE)
        if number < len(SPECIAL) or plain(text).strip() != text:
            continue
        if _is_sign(text) or (len(text) == 1 and (text in written or _is_readable(text))):
            yield number


def _is_sign(text: str) -> bool:
    """Also true of the piece that is nothing but the space."""
    return len(text) <= _LONGEST_SIGN and not any(map(_is_of_words, text))


def _is_of_words(char: str) -> bool:
    """A letter or a mark: the vowels of Hindi are marks."""
    return unicodedata.category(char)[0] in "LM"


def _is_readable(letter: str) -> bool:
    return unicodedata.name(letter, "?").split()[0] in _SCRIPTS
