"""What a model makes of a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from safety.text import Domain, Severity


@dataclass(frozen=True, kw_only=True, slots=True)
class Opinion:
    """`at_least[severity]` is the probability that the risk is as grave as that, or graver;
    `domains` are in falling order of probability."""

    at_least: tuple[float, ...]
    domains: tuple[Domain, ...]

    @property
    def domain(self) -> Domain:
        return next(domain for domain in self.domains if domain is not Domain.NONE)


NO_OPINION: Final = Opinion(
    at_least=(1.0, *(0.0 for _ in list(Severity)[1:])), domains=tuple(Domain)
)
