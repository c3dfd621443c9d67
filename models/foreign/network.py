"""A network trained elsewhere: its weights, in PyTorch's names and layout.

Axes: V vocabulary, E embedding, H cell. `K` is 4 for an LSTM (rows i f g o), 3 for a GRU (r z n).
"""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.foreign.source import ForeignError
from models.networks import CharacterModel
from models.rnn import MAX_LAYERS, RNN
from models.vocabulary import Vocabulary

Cell = Literal["lstm", "gru"]


class LayerWeights(NamedTuple):
    """One layer of `nn.LSTM` or `nn.GRU`; a bias that the network lacks is zero."""

    weight_ih: Tensor  # (K H, in)
    weight_hh: Tensor  # (K H, H)
    bias_ih: Tensor  # (K H)
    bias_hh: Tensor  # (K H)


class Head(NamedTuple):
    """The output layer: from the top layer's h to the logits of the next symbol."""

    weight: Tensor  # (V, H)
    bias: Tensor | None  # (V)


class Role(NamedTuple):
    """The role that one tensor of the file was given."""

    name: str  # its name in the file
    shape: tuple[int, ...]
    role: str  # in words


@dataclass(frozen=True)
class ForeignNetwork:
    """A character model as it was trained: an optional embedding, recurrent layers, a head."""

    cell: Cell
    layers: list[LayerWeights]
    embedding: Tensor | None = None  # (V, E)
    head: Head | None = None  # None where only the states are needed
    roles: list[Role] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def hidden(self) -> int:
        """H, the cells of a layer."""
        return self.layers[0].weight_hh.shape[1]

    @property
    def symbols(self) -> int:
        """V, the symbols that it reads."""
        return self.layers[0].weight_ih.shape[1] if self.embedding is None else len(self.embedding)

    def module(self) -> nn.LSTM | nn.GRU:
        """The recurrent layers as PyTorch's own module, its weights as they are in the file."""
        inputs = self.layers[0].weight_ih.shape[1]
        kind = nn.LSTM if self.cell == "lstm" else nn.GRU
        with torch.device("meta"):
            module = kind(inputs, self.hidden, len(self.layers), batch_first=True)
        named = {
            f"{name}_l{l}": tensor
            for l, layer in enumerate(self.layers)
            for name, tensor in layer._asdict().items()
        }
        module.load_state_dict(named, assign=True)
        return module.requires_grad_(False).eval()

    def inputs(self, symbols: Tensor) -> Tensor:
        """Symbols (T), below 0 the zero vector, as the recurrent layers get them: (T, in)."""
        known = symbols.clamp(min=0)
        if self.embedding is None:  # no table of V x V ones and zeros
            read = F.one_hot(known, self.symbols).to(torch.get_default_dtype())
        else:
            read = F.embedding(known, self.embedding)
        return read * (symbols >= 0).unsqueeze(-1)

    @torch.no_grad()
    def logits(self, symbols: Tensor) -> Tensor:
        """Symbols (T) -> logits (T, V), by `torch.nn` alone: the reference for a conversion."""
        if self.head is None:
            raise ForeignError("the network has no output layer")
        h = self.module()(self.inputs(symbols)[None])[0][0]
        return F.linear(h, self.head.weight, self.head.bias)

    @torch.no_grad()
    def rnn(self) -> RNN:
        """The recurrent layers as ours, the embedding folded into the first matrix: W E^T.

        Raises:
            ForeignError: a checkpoint cannot describe the network.
        """
        if len(self.layers) > MAX_LAYERS:
            raise ForeignError(f"the network has {len(self.layers)} layers, at most {MAX_LAYERS}")
        with torch.device("meta"):
            rnn = RNN(self.symbols, len(self.layers), 1, self.hidden, self.cell)
        named = {}
        for l, layer in enumerate(self.layers):
            weight = layer.weight_ih
            if l == 0 and self.embedding is not None:
                weight = (weight.double() @ self.embedding.double().t()).float()
            named[f"{l}.0.weight_ih"] = weight.contiguous()
            named[f"{l}.0.weight_hh"] = layer.weight_hh
            if self.cell == "lstm":
                named[f"{l}.0.bias"] = layer.bias_ih + layer.bias_hh
            else:  # a GRU's reset gate stands between the two
                named[f"{l}.0.bias_ih"], named[f"{l}.0.bias_hh"] = layer.bias_ih, layer.bias_hh
        rnn.load_state_dict(named, assign=True)
        return rnn.requires_grad_(False).eval()

    @torch.no_grad()
    def model(self, vocabulary: Vocabulary) -> CharacterModel:
        """The network as a `CharacterModel`.

        Raises:
            ForeignError: it has no output layer, or a checkpoint cannot describe it.
        """
        if self.head is None:
            raise ForeignError("the network has no output layer")
        rnn = self.rnn()
        with torch.device("meta"):
            model = CharacterModel(vocabulary, len(self.layers), 1, self.hidden, self.cell)
        bias = self.head.bias
        model.rnn = rnn
        model.head.load_state_dict(
            {
                "weight": self.head.weight,
                "bias": torch.zeros(len(vocabulary)) if bias is None else bias,
            },
            assign=True,
        )
        model.requires_grad_(False).eval()
        return model
