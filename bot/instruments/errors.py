"""What can be wrong with a form or with answers. A docstring is the sentence an operator reads."""

from __future__ import annotations

from bot.errors import BotError, ConfigurationError


class FormFileError(ConfigurationError):
    """A form file is wrong. Correct the named field of the named file."""

    def __init__(self, file: str, what: str) -> None:
        super().__init__(f"{file}: {what}")


class UnknownInstrumentError(BotError):
    """No instrument or form has this name. `evenkeel instruments list` shows what there is."""

    def __init__(self, asked: str, known: tuple[str, ...]) -> None:
        super().__init__(f"There is no instrument {asked!r}. Known are: {', '.join(known)}.")


class AnswersError(BotError):
    """These answers do not fit the form. The message names the item, never the answer."""
