"""`python -m bot` is `evenkeel`."""

import sys

from bot.cli import main

sys.exit(main())
