"""The one family of errors of `bot`. A docstring is the sentence an operator reads."""

from __future__ import annotations


class BotError(Exception):
    """Something went wrong in the conversation worker."""


class ConfigurationError(BotError):
    """A setting is missing or wrong. The command ends with exit code 2."""


class SendError(BotError):
    """A message could not be handed to its platform."""


class SendRefusedError(SendError):
    """The platform will never take this message here: the person blocked the bot, the chat is
    gone, or the message is malformed. `reason` is a word, never the platform's free text."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The platform refused a message for good: {reason}.")
        self.reason = reason


class SendLaterError(SendError):
    """The platform did not take the message and says so; it may be sent again after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The platform asks to wait {seconds:g} seconds before sending again.")
        self.seconds = seconds


class SendUnknownError(SendError):
    """The answer to a send was lost: the platform may have taken the message."""

    def __init__(self) -> None:
        super().__init__("The platform's answer to a message was lost; it may have been sent.")
