"""The floor that the crisis model must clear: a linear model over n-grams of words and letters.

    python -m safety.training.crisis.linear

Teaches it on the part `train`, and prints what it finds in `test` at some thresholds: recall of
suicide and self-harm from medium on, and harmless look-alikes taken for a risk.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from safety.crisis.corpus import Message, read_corpus
from safety.crisis.lexicon import load_lexicon
from safety.crisis.measuring import Measured, measure
from safety.crisis.wording import Wording
from safety.text import NO_RISK, Domain, Risk, Severity

_THRESHOLDS: Final = (0.3, 0.4, 0.5, 0.6, 0.7)
_FOUND: Final = Risk(severity=Severity.MEDIUM, domain=Domain.SUICIDE, score=1.0)


def main() -> None:
    wording = Wording(load_lexicon().grammar.spelling)
    taught, unseen = read_corpus("train"), read_corpus("test")
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True)
    seen = _texts(taught, wording)
    features = hstack([words.fit_transform(seen), letters.fit_transform(seen)])
    model = LogisticRegression(C=4, max_iter=200)
    model.fit(features, [message.severity >= Severity.MEDIUM for message in taught])
    new = _texts(unseen, wording)
    likely = model.predict_proba(hstack([words.transform(new), letters.transform(new)]))[:, 1]
    for threshold in _THRESHOLDS:
        sys.stdout.write(_line(threshold, _measured(unseen, likely, threshold)))


def _texts(messages: Sequence[Message], wording: Wording) -> list[str]:
    return [
        " / ".join(wording.of(turn) for turn in (*message.earlier, message.text))
        for message in messages
    ]


def _measured(messages: Sequence[Message], likely: Any, threshold: float) -> Measured:
    found = {
        message.id
        for message, share in zip(messages, np.asarray(likely), strict=True)
        if share >= threshold
    }
    return measure(messages, lambda message: _FOUND if message.id in found else NO_RISK)


def _line(threshold: float, measured: Measured) -> str:
    false = measured.false_alarms["hard negatives"]
    return (
        f"threshold {threshold}: recall {measured.recall_self.share:.3f}, "
        f"false alarms {false.share:.3f}\n"
    )


if __name__ == "__main__":
    main()
