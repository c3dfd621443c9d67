"""The content of a foreign file, before its tensors have roles."""

from dataclasses import dataclass, field

from torch import Tensor

MATRIX = 2
"""The number of dimensions of a matrix."""


class ForeignError(ValueError):
    """A file that cannot become a character model. The message is one sentence that says why."""


@dataclass(frozen=True)
class Source:
    """The tensors and alphabets of a file, by their names in it.

    Names are paths: the keys of nested dictionaries, joined by dots. Recurrent weights carry
    PyTorch's name endings and layout, whatever framework wrote the file.
    """

    framework: str  # "PyTorch", "safetensors" or "Keras"
    tensors: dict[str, Tensor]  # floating-point, on the CPU
    # Symbols in the order of their indices; "" where an index has none.
    alphabets: dict[str, list[str]] = field(default_factory=dict)
    origins: dict[str, str] = field(
        default_factory=dict
    )  # the names in the file, where they differ
    notes: list[str] = field(default_factory=list)  # what a user should know, in sentences

    def called(self, name: str) -> str:
        """The name of a tensor as the file has it."""
        return self.origins.get(name, name)
