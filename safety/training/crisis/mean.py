"""The mean of two networks taught one after the other, which errs less than either.

python -m safety.training.crisis.mean FIRST SECOND OUT
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Write the mean of two networks' weights.")
    for name in ("first", "second", "out"):
        parser.add_argument(name, type=Path)
    asked = parser.parse_args(arguments)
    first, second = torch.load(asked.first), torch.load(asked.second)
    torch.save({name: (first[name] + second[name]) / 2 for name in first}, asked.out)


if __name__ == "__main__":
    main()
