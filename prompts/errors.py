"""The one family of errors of `prompts`. A docstring is the sentence an operator reads."""

from __future__ import annotations


class PromptsError(Exception):
    """Words that a person or a language model should be given cannot be produced. The message
    names the key or the file; it never holds an argument's value."""
