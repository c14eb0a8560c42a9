"""The network of the crisis model: an encoder, the mean of its outputs, one layer for both answers.

Fifteen outputs: five severities, then ten domains, as `safety.crisis.model` reads them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import AutoModel

from safety.crisis.model import DOMAINS, token
from safety.text import Severity

OUTPUTS: Final = len(Severity) + len(DOMAINS)
_DROPOUT: Final = 0.1


class Network(nn.Module):  # type: ignore[misc] # torch is no dependency of this package
    def __init__(self, base: Path) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(
            base, add_pooling_layer=False, attn_implementation="eager"
        )
        self.dropout = nn.Dropout(_DROPOUT)
        self.head = nn.Linear(self.encoder.config.hidden_size, OUTPUTS)

    def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
        read = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        mask = attention_mask.unsqueeze(-1).float()
        return self.head(self.dropout((read * mask).sum(1) / mask.sum(1)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Pieces:
    """A text in the tokenizer's numbers; `types` tell earlier turns (0) from the text (1)."""

    ids: tuple[int, ...]
    types: tuple[int, ...]


class Reader:
    """Turns words into pieces, as `safety.crisis.model` does."""

    def __init__(self, base: Path, *, earlier: int, longest: int) -> None:
        self._tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
        self._tokenizer.encode_special_tokens = True
        self._begin, self._end = token(self._tokenizer, "<s>"), token(self._tokenizer, "</s>")
        self.pad = token(self._tokenizer, "<pad>")
        self._earlier, self._longest = earlier, longest

    def pieces(self, words: str, earlier: str) -> Pieces:
        before = self._ids(earlier)[-self._earlier :] if earlier else []
        head = [self._begin, *before, self._end] if before else [self._begin]
        ids = [*head, *self._ids(words)[: self._longest], self._end]
        types = [0] * len(head) + [int(bool(before))] * (len(ids) - len(head))
        return Pieces(ids=tuple(ids), types=tuple(types))

    def _ids(self, words: str) -> list[int]:
        return list(self._tokenizer.encode(words, add_special_tokens=False).ids)


def batch(rows: Sequence[Pieces], pad: int) -> tuple[Any, Any, Any]:
    """Ids, mask and types, each padded to the longest."""
    longest = max(len(row.ids) for row in rows)

    def padded(values: Sequence[Sequence[int]], filler: int) -> Any:
        return torch.tensor([[*row, *[filler] * (longest - len(row))] for row in values])

    return (
        padded([row.ids for row in rows], pad),
        padded([[1] * len(row.ids) for row in rows], 0),
        padded([row.types for row in rows], 0),
    )
