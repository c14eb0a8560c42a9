"""Teaches the crisis model on the corpus.

    python -m safety.training.crisis.train BASE DATA OUT [--weights W] [--rounds N] [--rate R]
        [--tweets N]

BASE is what `safety.training.crisis.base` makes; DATA a folder with `pii/btc_*.conll` (Broad
Twitter Corpus, CC BY 4.0), whose tweets are everyday messages without risk. OUT gets the network's
weights. Half an hour on two cores; the part `dev` of the corpus is for `calibrate`, `test` for
nobody but `evenkeel bench screening`. README.md says how the weights that ship were made.
"""

from __future__ import annotations

import argparse
import math
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from torch import nn

from safety.crisis.corpus import Message, read_corpus
from safety.crisis.lexicon import load_lexicon
from safety.crisis.model import DOMAINS, words_of
from safety.crisis.wording import Wording
from safety.text import Domain, Severity
from safety.training.crisis.network import Network, Pieces, Reader, batch
from safety.training.crisis.tweets import tweets

SEED: Final = 20_261_122
_BATCH: Final = 32
_WARMING: Final = 0.1
_DECAY: Final = 0.01
_EARLIER: Final = 48
_LONGEST: Final = 160
_RANGE_SHARE: Final = 0.15
"""Of the weight of a label, for each severity that is accepted too."""
_SECOND_SHARE: Final = 0.25


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """Words as the model reads them, and what it is to say: a share for each severity."""

    words: str
    earlier: str
    severities: tuple[float, ...]
    domain: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """How the network is taught: rounds over all examples, at a rate that falls to nothing."""

    rounds: int
    rate: float


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Train the crisis model.")
    for name in ("base", "data", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--weights", type=Path, help="go on from these")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--tweets", type=int, default=1500)
    asked = parser.parse_args(arguments)
    torch.manual_seed(SEED)
    network = Network(asked.base)
    if asked.weights:
        network.load_state_dict(torch.load(asked.weights))
    examples = list(_examples(asked.base, asked.data, asked.tweets))
    reader = Reader(asked.base, earlier=_EARLIER, longest=_LONGEST)
    teach(network, reader, examples, Course(rounds=asked.rounds, rate=asked.rate))
    torch.save(network.state_dict(), asked.out)


def teach(network: Network, reader: Reader, examples: Sequence[Example], course: Course) -> None:
    chance = random.Random(SEED)
    network.encoder.embeddings.word_embeddings.weight.requires_grad = False
    optimizer, schedule = _optimizer(network, course, math.ceil(len(examples) / _BATCH))
    for number in range(1, course.rounds + 1):
        network.train()
        total = 0.0
        rows = [_read(reader, example, chance) for example in examples]
        for part in _parts(rows, chance):
            logits = network(*batch([rows[at] for at in part], reader.pad))
            loss = _loss(logits, [examples[at] for at in part])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += float(loss.detach()) * len(part)
        sys.stdout.write(f"round {number} of {course.rounds}: loss {total / len(examples):.3f}\n")
        sys.stdout.flush()


def _examples(base: Path, data: Path, most_tweets: int) -> Iterator[Example]:
    wording = Wording(load_lexicon().grammar.spelling, words_of(base / "tokenizer.json"))
    for message in read_corpus("train"):
        earlier = " / ".join(wording.of(turn) for turn in message.earlier[-3:])
        yield Example(
            words=wording.of(message.text),
            earlier=earlier,
            severities=_shares(message),
            domain=DOMAINS.index(message.domain),
        )
    nothing = tuple(float(severity is Severity.NONE) for severity in Severity)
    for text in tweets(data, random.Random(SEED))[:most_tweets]:
        yield Example(
            words=wording.of(text),
            earlier="",
            severities=nothing,
            domain=DOMAINS.index(Domain.NONE),
        )


def _shares(message: Message) -> tuple[float, ...]:
    """The label, softened towards what else is accepted and what the second reading gave."""
    lowest, highest = message.accepted
    shares = [_RANGE_SHARE * (lowest <= severity <= highest) for severity in Severity]
    shares[message.severity] += 1 - sum(shares)
    if message.second is not None:
        shares = [share * (1 - _SECOND_SHARE) for share in shares]
        shares[message.second] += _SECOND_SHARE
    return tuple(shares)


def _read(reader: Reader, example: Example, chance: random.Random) -> Pieces:
    return reader.pieces(_typed(example.words, chance), _typed(example.earlier, chance))


def _typed(words: str, chance: random.Random) -> str:
    """As somebody else might have typed it: slips of the finger, no punctuation."""
    if chance.random() < 0.25:
        words = _with_slips(words, chance)
    return re.sub(r"[.,!?]", "", words) if chance.random() < 0.15 else words


def _with_slips(words: str, chance: random.Random) -> str:
    typed = words.split(" ")
    for _ in range(max(1, len(typed) // 12)):
        at = chance.randrange(len(typed))
        word = typed[at]
        if len(word) > 3:
            place = chance.randrange(1, len(word) - 1)
            swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
            typed[at] = chance.choice([word[:place] + word[place + 1 :], swapped])
    return " ".join(typed)


def _parts(rows: Sequence[Pieces], chance: random.Random) -> list[list[int]]:
    """Batches of about equal length, so that little is padding."""
    order = list(range(len(rows)))
    chance.shuffle(order)
    near = _BATCH * 20
    ordered = [
        at
        for start in range(0, len(order), near)
        for at in sorted(order[start : start + near], key=lambda at: len(rows[at].ids))
    ]
    parts = [ordered[start : start + _BATCH] for start in range(0, len(ordered), _BATCH)]
    chance.shuffle(parts)
    return parts


def _loss(logits: Any, examples: Sequence[Example]) -> Any:
    """Cross entropy of both answers; for severity also how far apart the cumulated shares are,
    since to take critical for none is worse than to take it for high."""
    wanted = torch.tensor([example.severities for example in examples])
    domains = torch.tensor([example.domain for example in examples])
    given = torch.log_softmax(logits[:, : len(Severity)], 1)
    severity = -(wanted * given).sum(1)
    apart = ((given.exp().cumsum(1) - wanted.cumsum(1)) ** 2).sum(1)
    domain = nn.functional.cross_entropy(logits[:, len(Severity) :], domains, reduction="none")
    return (severity + apart + 0.5 * domain).mean()


def _optimizer(network: Network, course: Course, steps_a_round: int) -> tuple[Any, Any]:
    """AdamW, with a rate that rises at first and then falls to nothing."""
    steps = course.rounds * steps_a_round
    free = [each for each in network.parameters() if each.requires_grad]
    optimizer = torch.optim.AdamW(
        [
            {"params": [each for each in free if each.ndim > 1], "weight_decay": _DECAY},
            {"params": [each for each in free if each.ndim == 1], "weight_decay": 0.0},
        ],
        lr=course.rate,
    )

    def share(step: int) -> float:
        return min(1.0, step / (_WARMING * steps)) * (steps - step) / steps

    return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, share)


if __name__ == "__main__":
    main()
