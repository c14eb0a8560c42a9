"""What a message looks like on Telegram, and what Telegram's refusals mean to the engine.
Limits: https://core.telegram.org/bots/api#sendmessage"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken

from bot.adapters.adapter import Button, Message
from bot.adapters.telegram_wire import FloodError, NotTakenError, TooLargeError
from bot.errors import SendError, SendLaterError, SendRefusedError, SendUnknownError

LONGEST_CAPTION = 1024
SHORT_LABEL = 3
SHORT_LABELS_A_ROW = 5
SOON = 2.0
AFTER_REPAIR = 60.0

UNCHANGED = "message is not modified"
NOT_EDITABLE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",
)


def text_of(message: Message, limit: int) -> str:
    """The text with the progress above it, `3/9`. Raises SendRefusedError for what Telegram would
    refuse in any case."""
    units = _utf16_units(message.text)
    if units > limit:
        raise SendRefusedError("too long")
    if message.progress is None:
        return message.text
    headed = f"{message.progress[0]}/{message.progress[1]}\n\n{message.text}"
    return headed if _utf16_units(headed) <= limit else message.text


def keyboard_of(buttons: Sequence[Button]) -> InlineKeyboardMarkup | None:
    if not buttons:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(text=each.label, callback_data=each.data) for each in row]
            for row in _rows(buttons)
        ]
    )


def says(refusal: BadRequest, *sentences: str) -> bool:
    """Telegram has no codes for its refusals, only sentences."""
    return any(sentence in refusal.message.lower() for sentence in sentences)


def send_error(exc: Exception) -> SendError:
    """Never carries the library's own words: they can hold the text, the URL and the token."""
    match exc:
        case FloodError():
            return SendLaterError(exc.seconds)
        case NotTakenError():
            return SendLaterError(SOON)
        case TooLargeError():
            return SendRefusedError("too large")
        case InvalidToken() | Conflict():
            return SendLaterError(AFTER_REPAIR)
        case Forbidden():
            return SendRefusedError("blocked")
        case BadRequest() if says(exc, "chat not found"):
            return SendRefusedError("gone")
        case BadRequest() | ChatMigrated():
            return SendRefusedError("bad request")
        case _:
            return SendUnknownError()


def _rows(buttons: Sequence[Button]) -> Iterator[list[Button]]:
    """One answer a row, full width; answers as short as numbers side by side, in even rows."""
    for short, run in groupby(buttons, key=lambda each: len(each.label) <= SHORT_LABEL):
        yield from _even_rows(list(run), SHORT_LABELS_A_ROW if short else 1)


def _even_rows(buttons: list[Button], most: int) -> Iterator[list[Button]]:
    rows = -(-len(buttons) // most)
    for row in range(rows):
        yield buttons[row * len(buttons) // rows : (row + 1) * len(buttons) // rows]


def _utf16_units(text: str) -> int:
    try:
        return len(text.encode("utf-16-le")) // 2
    except UnicodeEncodeError:
        raise SendRefusedError("bad characters") from None
