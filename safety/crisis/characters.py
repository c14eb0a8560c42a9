"""Undoes what people, keyboards and evasion do to letters, so that rules see plain words."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_HOMOGLYPHS: Final = str.maketrans(
    dict(
        zip(
            "авеѕікорсухјԁһԛԝмнтпгαβεικνορτυχγωηɑɡօոᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢ",
            "abesikopcyxjdhqwmhtnrabeikvoptuxywnagonabcdeghijklmnoprtuvwyz",
            strict=True,
        )
    )
)
"""Cyrillic and Greek letters that look like Latin ones (Unicode TR 39 confusables, the common
ones). Only applied to texts with many Latin letters: Russian must stay Russian."""

_STRAIGHT: Final = str.maketrans({
    **dict.fromkeys("‘’‛ʼ＇`´′", "'"),
    **dict.fromkeys("“”„‟«»″〝〞「」『』", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    "…": "...",
    "ı": "i",
    "ł": "l",
    "ø": "o",
    "đ": "d",
})  # fmt: skip
_IDEOGRAPH: Final = re.compile("([\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])")
_INVISIBLE: Final = ("Cf", "Me", "Cc", "Cs", "Co", "Cn")
_MARKS: Final = (
    ("\u0300", "\u036f"),
    ("\u1ab0", "\u1aff"),
    ("\u1dc0", "\u1dff"),
    ("\u20d0", "\u20ff"),
    ("\ufe00", "\ufe0f"),
)
"""Accents and whatever is piled up on letters. The vowel signs of Hindi are letters themselves."""
_PICTURES: Final = ("So", "Sk")

MEANINGS: Final = {
    "🔪": "knife", "🗡": "knife", "🔫": "gun", "💊": "pills", "🩸": "blood", "🪢": "rope",
    "⚰": "coffin", "🪦": "grave", "😂": "lol", "🤣": "lol", "😹": "lol",
    "💀": "lol", "☠": "lol", "😆": "lol", "😜": "lol", "🙃": "lol",
}  # fmt: skip
"""What a picture says that words may not. A skull is laughter among the young."""


def plain(text: str) -> str:
    """Case-folded text without accents, invisible characters, pictures or lookalike letters,
    with straight quotes; Chinese and Japanese characters stand apart as words."""
    if text.isascii():
        return text.lower().translate(_CONTROL)
    folded = unicodedata.normalize("NFKC", text).translate(_STRAIGHT).casefold()
    letters = "".join(map(_visible, unicodedata.normalize("NFKD", folded)))
    if _has_much_latin(letters):
        letters = letters.translate(_HOMOGLYPHS)
    return _IDEOGRAPH.sub(r" \1 ", unicodedata.normalize("NFKC", letters))


def pictures(text: str) -> frozenset[str]:
    """The meanings of the pictures in a text."""
    if text.isascii():
        return frozenset()
    return frozenset(MEANINGS[char] for char in set(text) if char in MEANINGS)


def is_mostly_foreign(text: str) -> bool:
    """Most letters are of a script other than Latin."""
    letters = [char for char in text[:2000] if char.isalpha()]
    return bool(letters) and 2 * sum(char > "\u024f" for char in letters) > len(letters)


_CONTROL: Final = {code: " " for code in range(32) if chr(code) not in "\n"} | {127: " ", 96: "'"}


def _visible(char: str) -> str:
    if char < "\u0080":
        return char if char >= " " or char == "\n" else " "
    category = unicodedata.category(char)
    if category in _INVISIBLE or (category == "Mn" and _is_mark(char)):
        return ""
    return " " if category in _PICTURES else char


def _is_mark(char: str) -> bool:
    return any(first <= char <= last for first, last in _MARKS)


def _has_much_latin(text: str) -> bool:
    """A quarter of the letters: a Latin text keeps that many however well it is disguised."""
    letters = [char for char in text[:2000] if char.isalpha()]
    return 4 * sum("a" <= char <= "z" for char in letters) > len(letters)
