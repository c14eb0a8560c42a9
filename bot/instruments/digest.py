"""A fingerprint of a form, so that a change without a new version is noticed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from decimal import Decimal

from bot.instruments.instrument import Form


def digest(form: Form) -> str:
    """SHA-256 over what a person is shown and how their answers are read. Sources, marks and
    notes are left out: they may be corrected without a new version."""
    shown = [form.language, form.recall_period, form.instructions, form.stem]
    items = [asdict(item) for item in form.items]
    scores = [{**asdict(score), "change": None} for score in form.scores]
    flags = [{**asdict(flag), "verified": None, "note": None} for flag in form.flags]
    crisis = [[asdict(rule.when), rule.severity.label, rule.domain] for rule in form.crisis]
    parts = [form.instrument, form.version, shown, items, scores, flags, crisis]
    text = json.dumps(parts, default=_plain, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"A form holds a {type(value).__name__}, which has no fingerprint.")
