"""The shell of this package's commands: what they refuse is one sentence, and exit status 2."""

import argparse
import io
import sys
from collections.abc import Callable

LARGEST_SEED = (1 << 32) - 1
MOST_THREADS = 1024


def whole(least: int, most: int) -> Callable[[str], int]:
    """The type of an option that is a whole number from `least` to `most`."""

    def number(written: str) -> int:
        if len(written) <= len(str(most)) + 1:  # int() reads no number of thousands of digits
            try:
                found = int(written)
            except ValueError:
                found = least - 1
            if least <= found <= most:
                return found
        message = f"expected a whole number from {least:,} to {most:,}, not {written[:40]}"
        raise argparse.ArgumentTypeError(message)

    return number


def write_anything() -> None:
    """Write what a terminal does not know, or no encoding has, as an escape: a name or a symbol."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def carry_out(parser: argparse.ArgumentParser, run: Callable[[argparse.Namespace], None]) -> None:
    """Do what the command line asks for.

    Args:
        parser: of the command line.
        run: raises ValueError or OSError, with a sentence for the user.
    """
    write_anything()
    try:
        run(parser.parse_args())
    except MemoryError:
        refuse("that takes more memory than there is: ask for less")
    except (ValueError, OSError) as error:
        refuse(str(error))


def refuse(sentence: str) -> None:
    """Say what is wrong, and end."""
    sys.stderr.write(f"error: {sentence}\n")
    sys.exit(2)
