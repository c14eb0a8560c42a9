"""A screening process whose models are missing."""

from __future__ import annotations

from safety.child import Screens, serve
from safety.errors import SafetyConfigurationError


def load() -> Screens:
    raise SafetyConfigurationError("The model is missing; install the locked requirements again.")


if __name__ == "__main__":
    serve(load)
