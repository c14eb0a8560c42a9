"""Makes the files that screening loads out of a trained network.

    python -m safety.training.crisis.export BASE WEIGHTS OUT

Writes the network as ONNX with whole numbers for weights, the tokenizer beside it, and a card with
the temperature that makes the probabilities of the part `dev` honest (Guo et al., On Calibration of
Modern Neural Networks, 2017).
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer

from safety.crisis.corpus import read_corpus
from safety.crisis.lexicon import load_lexicon
from safety.crisis.model import RiskModel
from safety.crisis.wording import Wording
from safety.training.crisis.network import Network

_INPUTS: Final = ("input_ids", "attention_mask", "token_type_ids")
_QUANTISED: Final = ["MatMul", "Attention", "EmbedLayerNormalization", "Gather"]
_OPSET: Final = 17
_TEMPERATURES: Final = np.arange(0.6, 2.5, 0.02)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Export the crisis model.")
    for name in ("base", "weights", "out"):
        parser.add_argument(name, type=Path)
    asked = parser.parse_args(arguments)
    asked.out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(asked.base / "tokenizer.json", asked.out / "tokenizer.json")
    write_model(asked.base, asked.weights, asked.out / "model.onnx")
    write_card(asked.out, 1.0)
    temperature, before, after = fitted_temperature(asked.out)
    write_card(asked.out, temperature)
    sys.stdout.write(f"temperature {temperature:.2f}: log loss {before:.4f} to {after:.4f}\n")


def write_model(base: Path, weights: Path, out: Path) -> None:
    network = Network(base)
    network.load_state_dict(torch.load(weights))
    network.eval()
    configuration = network.encoder.config
    ids = torch.randint(5, 1000, (2, 16))
    example = (ids, torch.ones_like(ids), torch.zeros_like(ids))
    with tempfile.TemporaryDirectory() as folder:
        whole, fused = Path(folder) / "whole.onnx", Path(folder) / "fused.onnx"
        torch.onnx.export(
            network,
            example,
            whole,
            input_names=list(_INPUTS),
            output_names=["logits"],
            dynamic_axes={name: {0: "texts", 1: "pieces"} for name in _INPUTS}
            | {"logits": {0: "texts"}},
            opset_version=_OPSET,
            dynamo=False,
        )
        optimizer.optimize_model(
            str(whole),
            model_type="bert",
            num_heads=configuration.num_attention_heads,
            hidden_size=configuration.hidden_size,
            opt_level=1,
        ).save_model_to_file(str(fused))
        quantize_dynamic(
            fused,
            out,
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=_QUANTISED,
            extra_options={"DefaultTensorType": 1},  # float; fused nodes do not say
        )


def write_card(folder: Path, temperature: float) -> None:
    card = {"temperature": round(temperature, 2)}
    (folder / "card.json").write_text(json.dumps(card) + "\n", encoding="utf-8")


def fitted_temperature(folder: Path) -> tuple[float, float, float]:
    """The temperature with the least log loss on `dev`; the loss at 1 and at it."""
    model = RiskModel.load(folder)
    wording = Wording(load_lexicon().grammar.spelling, model.words)
    messages = read_corpus("dev")
    read = [
        model.read(wording.of(each.text), [wording.of(turn) for turn in each.earlier[-3:]])
        for each in messages
    ]
    shares = np.array([_shares(opinion.at_least) for opinion in read])
    labels = np.array([each.severity for each in messages])
    losses = [_loss(shares, labels, temperature) for temperature in _TEMPERATURES]
    best = int(np.argmin(losses))
    return float(_TEMPERATURES[best]), _loss(shares, labels, 1.0), losses[best]


def _shares(at_least: Sequence[float]) -> list[float]:
    """The probability of each severity, from those of each or graver."""
    return [
        max(1e-9, here - above) for here, above in zip(at_least, [*at_least[1:], 0.0], strict=True)
    ]


def _loss(shares: Any, labels: Any, temperature: float) -> float:
    raised = shares ** (1 / temperature)
    softened = raised / raised.sum(axis=1, keepdims=True)
    return float(-np.log(softened[np.arange(len(labels)), labels]).mean())


if __name__ == "__main__":
    main()
