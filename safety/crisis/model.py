"""What a small language model makes of a text: how grave it is, and what about.

The model is a transformer that was fine-tuned on the corpus in `safety/training/crisis` and
quantised to whole numbers; weights, tokenizer and calibration are files of this package, nothing
is fetched. Heavy: import it only on the way of `Screener.load`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from safety.crisis.opinion import NO_OPINION, Opinion
from safety.errors import SafetyConfigurationError
from safety.text import Domain, Severity

FOLDER: Final = Path(__file__).with_name("weights")

DOMAINS: Final = (
    Domain.NONE,
    Domain.SUICIDE,
    Domain.SELF_HARM,
    Domain.HARM_TO_OTHERS,
    Domain.ABUSE,
    Domain.PSYCHOSIS,
    Domain.EATING_DISORDER,
    Domain.SUBSTANCE,
    Domain.MEDICAL_EMERGENCY,
    Domain.SAFEGUARDING_MINOR,
)
"""In the order of the model's outputs, which follow those of the severities."""

_BEGINS_WORD: Final = "\u2581"  # in the tokenizer's pieces

_EARLIER_TURNS: Final = 3
_EARLIER_TOKENS: Final = 48
_SHORT_ANSWER: Final = 20
"""Words; a longer message speaks for itself."""
_WORRYING: Final = 0.2
"""From this probability of a medium risk in one of them on, earlier turns are read along."""
_WINDOW: Final = 96
"""Tokens that are read at once. A longer text is read in windows that overlap: one sentence that
matters must not drown in a page that does not."""
_STEP: Final = 72
_MOST_WINDOWS: Final = 16
"""As many as the longest message of Telegram has. Rules read all of a longer one."""


class RiskModel:
    """Pure and offline, one thread. `temperature` is that of the calibration."""

    def __init__(
        self, session: onnxruntime.InferenceSession, tokenizer: Tokenizer, temperature: float
    ) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._temperature = temperature
        self.words = _words(tokenizer)
        self._begin, self._end = token(tokenizer, "<s>"), token(tokenizer, "</s>")

    @classmethod
    def load(cls, folder: Path = FOLDER) -> RiskModel:
        """Raises SafetyConfigurationError when a file is missing or damaged."""
        try:
            card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            tokenizer.encode_special_tokens = True  # "</s>" that a person types is text
            session = onnxruntime.InferenceSession(
                str(folder / "model.onnx"), _options(), providers=["CPUExecutionProvider"]
            )
            return cls(session, tokenizer, float(card["temperature"]))
        except Exception as exc:  # tokenizers and onnxruntime raise bare ones
            raise SafetyConfigurationError(
                "The crisis model is missing or damaged; install Evenkeel again."
            ) from exc

    def read(self, words: str, earlier: Sequence[str] = ()) -> Opinion:
        """`words` and the turns before them, oldest first, as `Wording` has them.

        Earlier turns count only where one is worrying by itself: then a short answer may
        take them up. Turns about an ordinary day say nothing of the next one.
        """
        if not words:
            return NO_OPINION
        alone = self._gravest(words, [])
        if len(words.split()) > _SHORT_ANSWER:
            return alone
        turns = [self._ids(turn)[-_EARLIER_TOKENS:] for turn in earlier[-_EARLIER_TURNS:] if turn]
        if not turns or self._worry(turns) < _WORRYING:
            return alone
        before = self._ids(" / ".join(turn for turn in earlier[-_EARLIER_TURNS:] if turn))
        return max(alone, self._gravest(words, before[-_EARLIER_TOKENS:]), key=_medium)

    def _worry(self, turns: Sequence[Sequence[int]]) -> float:
        """The highest probability of a medium or graver risk in one of them."""
        rows = [([self._begin, *turn, self._end], 0) for turn in turns]
        severities, _ = self._probabilities(rows)
        return float(severities[:, Severity.MEDIUM :].sum(axis=1).max())

    def _gravest(self, words: str, before: Sequence[int]) -> Opinion:
        """What is made of the window that worries most."""
        severities, domains = self._probabilities(self._rows(words, before))
        gravest = int(severities[:, Severity.MEDIUM :].sum(axis=1).argmax())
        cumulated = severities[gravest][::-1].cumsum()[::-1]
        order = domains[gravest].argsort()[::-1]
        return Opinion(
            at_least=tuple(float(value) for value in cumulated),
            domains=tuple(DOMAINS[int(index)] for index in order),
        )

    def _rows(self, words: str, before: Sequence[int]) -> list[tuple[list[int], int]]:
        """Token ids of each window, and how many of them are of earlier turns."""
        ids = self._ids(words)
        head = [self._begin, *before, self._end] if before else [self._begin]
        windows = dict.fromkeys(tuple(ids[at : at + _WINDOW]) for at in _starts(len(ids)))
        return [([*head, *window, self._end], len(head) if before else 0) for window in windows]

    def _ids(self, words: str) -> list[int]:
        return list(self._tokenizer.encode(words, add_special_tokens=False).ids)

    def _probabilities(
        self, rows: Sequence[tuple[list[int], int]]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        longest = max(len(ids) for ids, _ in rows)
        shape = (len(rows), longest)
        ids, mask, types = (np.zeros(shape, dtype=np.int64) for _ in range(3))
        for row, (tokens, context) in enumerate(rows):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
            if context:
                types[row, context : len(tokens)] = 1
        given: dict[str, Any] = {
            "input_ids": ids,
            "attention_mask": mask,
            "token_type_ids": types,
        }
        (logits,) = self._session.run(["logits"], given)
        severities = len(Severity)
        return (
            _softmax(logits[:, :severities] / self._temperature),
            _softmax(logits[:, severities:]),
        )


def _medium(opinion: Opinion) -> float:
    return opinion.at_least[Severity.MEDIUM]


def words_of(tokenizer: Path) -> frozenset[str]:
    """The words that a tokenizer's file knows whole."""
    return _words(Tokenizer.from_file(str(tokenizer)))


def _words(tokenizer: Tokenizer) -> frozenset[str]:
    pieces: Mapping[str, int] = tokenizer.get_vocab()
    return frozenset(piece[1:] for piece in pieces if piece.startswith(_BEGINS_WORD))


def token(tokenizer: Tokenizer, piece: str) -> int:
    """The number of a piece that must be there."""
    number = tokenizer.token_to_id(piece)
    if number is None:
        raise SafetyConfigurationError(f"The tokenizer of the crisis model lacks {piece}.")
    return int(number)


def _starts(tokens: int) -> list[int]:
    """Where windows begin. Of a text beyond all bounds the beginning and the end are read."""
    starts = list(range(0, max(1, tokens - _WINDOW + _STEP), _STEP))
    if len(starts) <= _MOST_WINDOWS:
        return starts
    half = _MOST_WINDOWS // 2
    return starts[:half] + starts[-half:]


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float32)


def _options() -> onnxruntime.SessionOptions:
    """One thread: a worker has a screening process a core, and threads would fight over it."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    return options
