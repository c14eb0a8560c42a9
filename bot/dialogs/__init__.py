"""Dialogs: conversations about one thing each. `dialog.py` says what they are given and give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.dialogs.dialog import Dialog
    from bot.instruments.instrument import Instruments


def all_dialogs(instruments: Instruments) -> Mapping[str, Dialog]:
    """Every dialog by its name. Imported here, when they are needed, so that the values in this
    package can be imported without them."""
    from bot.dialogs.assessment import Assessment
    from bot.dialogs.crisis import Crisis
    from bot.dialogs.exercise import Exercise
    from bot.dialogs.export import Export
    from bot.dialogs.forget import Forget
    from bot.dialogs.help import Help
    from bot.dialogs.history import History
    from bot.dialogs.journal import Journal
    from bot.dialogs.mood import Mood
    from bot.dialogs.onboarding import Onboarding
    from bot.dialogs.privacy import Privacy
    from bot.dialogs.profile import Profile
    from bot.dialogs.talk import Talk

    dialogs: tuple[Dialog, ...] = (
        Talk(),
        Onboarding(),
        Crisis(),
        Mood(),
        Journal(),
        Assessment(instruments),
        History(instruments),
        Exercise(),
        Help(),
        Privacy(),
        Export(),
        Forget(),
        Profile(),
    )
    return {dialog.name: dialog for dialog in dialogs}
