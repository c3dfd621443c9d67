"""The roles given to a file's tensors so far, and the user's choices."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor

from models.foreign.source import MATRIX, Source

WRAPPERS = {"module", "_orig_mod"}
"""Segments that DataParallel, torch.compile and weight drop put into names."""


@dataclass(frozen=True)
class Choice:
    """The user's choices where names and shapes do not decide.

    A module or tensor is named as in the file, or by the last parts of its name.
    """

    rnn: str | None = None  # module of the recurrent layers
    head: str | None = None  # module or tensor of the output layer
    embedding: str | None = None  # module or tensor of the embedding
    ignore: tuple[str, ...] = ()  # modules or tensors that change nothing
    forward_half: bool = False  # which half of a bidirectional network
    headless: bool = False  # whether the states suffice: no output layer is needed


class Assignment:
    """The tensors of a source, and in words the role of each that has one."""

    def __init__(self, source: Source, choice: Choice) -> None:
        self.source, self.choice = source, choice
        self.tensors: dict[str, Tensor] = source.tensors
        self.roles: dict[str, str] = {}
        self.notes = list(source.notes)

    def called(self, name: str) -> str:
        """The name of a tensor as the file has it."""
        return self.source.called(name)

    def free(self) -> Iterator[str]:
        """The tensors without a role that are not to be ignored."""
        return (name for name in self.tensors if name not in self.roles and not self.ignored(name))

    def ignored(self, name: str) -> bool:
        """Return whether the user marked a tensor as having no effect."""
        return any(is_called(name, wanted) for wanted in self.choice.ignore)

    def bias_of(self, name: str) -> str | None:
        """The bias beside a matrix, with one entry per row."""
        beside = re.sub(r"weight(?=\w*$)", "bias", name)
        if beside == name or beside not in self.tensors:
            return None
        return beside if self.tensors[beside].shape == self.tensors[name].shape[:1] else None

    def matrix_of(self, name: str) -> str | None:
        """The matrix that a tensor is, or is the bias of."""
        if self.tensors[name].dim() == MATRIX:
            return name
        matrix = re.sub(r"bias(?=\w*$)", "weight", name)
        found = matrix in self.tensors and self.tensors[matrix].dim() == MATRIX
        return matrix if found and self.bias_of(matrix) == name else None


def plain(name: str) -> str:
    """A dotted name without the segments of wrappers."""
    return ".".join(part for part in name.split(".") if part not in WRAPPERS)


def is_called(name: str, wanted: str) -> bool:
    """Return whether the name of a tensor or its module is, or ends with, the given name."""
    wanted = wanted.replace("/", ".").strip(".")
    tensors = (name, plain(name))
    names = (*tensors, *(tensor.rpartition(".")[0] for tensor in tensors))
    return wanted != "" and any(n == wanted or n.endswith(f".{wanted}") for n in names)
