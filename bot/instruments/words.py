"""The keys of the catalogue's words about results: `bands.ftl` and `instruments.ftl`."""

from __future__ import annotations

from collections.abc import Iterator

from bot.instruments.instrument import Form
from prompts.catalog import FALLBACK, Catalog, Say
from prompts.errors import PromptsError


def title_key(form: Form) -> str:
    """A short name for lists and buttons."""
    return f"instrument-{form.instrument}"


def about_key(form: Form) -> str:
    """What the questions are about, before they are asked."""
    return f"about-{form.instrument}"


def scale_key(form: Form) -> str:
    """How to read the number: its range and its direction."""
    return f"scale-{form.instrument}"


def band_key(form: Form, score_type: str, band: str) -> str:
    """The band's name in a word or two, to follow a number."""
    return f"band-{_stem(form, score_type)}-{band}"


def meaning_key(form: Form, score_type: str, band: str) -> str:
    """What the band means, in a sentence or two that are no diagnosis."""
    return f"meaning-{_stem(form, score_type)}-{band}"


def keys(form: Form) -> Iterator[str]:
    """Every key that a form needs in the catalogue."""
    yield from (title_key(form), about_key(form), scale_key(form))
    for score in form.scores:
        for band in score.bands:
            yield band_key(form, score.type, band.name)
            yield meaning_key(form, score.type, band.name)


def unworded(form: Form, catalog: Catalog) -> list[str]:
    """What the catalogue lacks about a form, as sentences. That every language has what English
    has is the catalogue's own check."""
    lacking = []
    for key in keys(form):
        try:
            catalog.render(Say(key), FALLBACK)
        except PromptsError as error:
            lacking.append(str(error))
    return lacking


def _stem(form: Form, score_type: str) -> str:
    return form.instrument if score_type == "total" else f"{form.instrument}-{score_type}"
