"""Leaves out layers of a trained network, to be trained once more: `train` begins with the result.

    python -m safety.training.crisis.cut BASE WEIGHTS OUT

Twelve layers take longer than a person's message may; eight that begin with what twelve have learnt
lose less than eight that begin anew.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import torch
from torch import nn

from safety.training.crisis.network import Network

KEPT: Final = (0, 2, 3, 4, 7, 9, 10, 11)
"""Found by leaving out one layer after the other, each time the one without which sentences keep
their likeness to each other best."""


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Leave out layers of the crisis model.")
    for name in ("base", "weights", "out"):
        parser.add_argument(name, type=Path)
    asked = parser.parse_args(arguments)
    network = Network(asked.base)
    network.load_state_dict(torch.load(asked.weights))
    encoder = network.encoder
    encoder.encoder.layer = nn.ModuleList(encoder.encoder.layer[at] for at in KEPT)
    encoder.config.num_hidden_layers = len(KEPT)
    encoder.save_pretrained(asked.out)
    shutil.copyfile(asked.base / "tokenizer.json", asked.out / "tokenizer.json")


if __name__ == "__main__":
    main()
