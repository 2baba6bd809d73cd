"""Where the program starts: `python -m app` or the `shiming` script.

Every start is a command; without one, the window opens. Worker processes import this module again: nothing happens
here at import, and nothing heavy is imported.
"""

import sys
from collections.abc import Sequence

from app.commands import dispatch


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name; the exit code (see `app.commands.exits`)."""
    return dispatch((sys.argv[1:] if arguments is None else arguments) or ["window"])


if __name__ == "__main__":
    sys.exit(main())
