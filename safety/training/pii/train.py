"""Teaches the named entity recognizer of the English model to read chat.

    python -m safety.training.pii.train DATA [--everything] [--out FILE]

DATA is a folder with `pii/` and `crisis/` as README.md describes. Without --everything the
held-out texts are left out, and the figures are those of README.md. The same data, seed and
libraries give the same weights. Some minutes on one core.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example
from thinc.api import Adam, fix_random_seed

from safety.pii import name_model
from safety.pii.labelled import Labelled
from safety.training.pii import sources
from safety.training.pii.variation import Variation

SEED: Final = 20_261_122
EPOCHS: Final = 10
_CHAT_WEIGHT: Final = 4
_SENTENCE_WEIGHT: Final = 3
_BATCH: Final = 24
_DROPOUT: Final = 0.25
_FIRST_RATE: Final = 0.001
_LAST_RATE: Final = 0.0001


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Train the recognizer of names.")
    parser.add_argument("data", type=Path)
    parser.add_argument("--everything", action="store_true", help="train on held-out texts too")
    parser.add_argument("--out", type=Path, default=name_model.WEIGHTS)
    asked = parser.parse_args(arguments)
    texts = list(training_texts(asked.data, everything=asked.everything))
    nlp = train(texts)
    name_model.save(nlp, asked.out)
    sys.stdout.write(f"{len(texts)} texts, {asked.out.stat().st_size / 1e6:.1f} MB\n")


def training_texts(data: Path, *, everything: bool) -> Iterator[Labelled]:
    names = sources.TWEETS + (sources.TWEETS_HELD_OUT if everything else ())
    for name in names:
        yield from sources.tweets(data / "pii" / f"{name}.conll")
    made_up = data / "pii" / "synth_dev.json"
    for held_out in (False, True) if everything else (False,):
        for message in sources.sentences(made_up, held_out=held_out):
            yield from [message] * _SENTENCE_WEIGHT
    yield from sources.questions(data / "crisis" / "counsel_chat_dev.jsonl")
    for message in sources.chat():
        yield from [message] * _CHAT_WEIGHT


def train(texts: Sequence[Labelled]) -> Language:
    """The model after some rounds over the texts, each time in another guise."""
    fix_random_seed(SEED)
    chance = random.Random(SEED)
    nlp = name_model.begin()
    optimizer = Adam(_FIRST_RATE)
    variation = Variation(chance)
    order = list(texts)
    for epoch in range(EPOCHS):
        optimizer.learn_rate = _FIRST_RATE * (_LAST_RATE / _FIRST_RATE) ** (epoch / (EPOCHS - 1))
        chance.shuffle(order)
        losses: dict[str, float] = {}
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            examples = [_example(nlp, _in_other_guise(variation, each)) for each in batch]
            nlp.update(examples, sgd=optimizer, drop=_DROPOUT, losses=losses)
        sys.stdout.write(f"round {epoch + 1} of {EPOCHS}: loss {losses['ner']:.0f}\n")
        sys.stdout.flush()
    return nlp


def _in_other_guise(variation: Variation, message: Labelled) -> Labelled:
    return variation.lowered(variation.unpointed(variation.renamed(message)))


def _example(nlp: Language, message: Labelled) -> Example:
    doc = nlp.make_doc(message.text)
    gold = Doc(
        nlp.vocab, words=[token.text for token in doc], spaces=[bool(t.whitespace_) for t in doc]
    )
    spans = [
        gold.char_span(mark.start, mark.end, label=mark.type, alignment_mode="expand")
        for mark in message.marks
    ]
    gold.set_ents(_apart([span for span in spans if span is not None]))
    return Example(doc, gold)


def _apart(spans: Iterable[Span]) -> list[Span]:
    """Spans that share no token: what stands apart in a text may be one token to the model."""
    kept: list[Span] = []
    for span in spans:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


if __name__ == "__main__":
    main()
