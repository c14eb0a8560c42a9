"""The one family of errors of `safety`. A docstring is the sentence an operator reads."""

from __future__ import annotations


class SafetyError(Exception):
    """Screening could not be done."""


class SafetyConfigurationError(SafetyError):
    """A model or a data file that screening needs is missing or damaged."""


class NetworkRefusedError(SafetyError):
    """A library tried to reach the network while screening. Screening is offline: install the
    model from the package lock instead."""
