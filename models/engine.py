"""Reads known text with a network, without gradients: every internal of every step.

The weights are laid out once, when the engine is made; a step then costs its products.
"""

import torch
from torch import Tensor

from models.rnn import RNN, Internals, State
from models.window import layer_weights, run_window


class Engine:
    """A network ready to read. It keeps no state: callers pass it in and get it back."""

    def __init__(self, rnn: RNN) -> None:
        self.rnn = rnn
        with torch.no_grad():
            self._weights = [layer_weights(rnn.layer(l)) for l in range(rnn.layers)]

    def start(self, batch: int = 1) -> State:
        """The zero state."""
        return self.rnn.start(batch)

    @torch.inference_mode()
    def read(self, symbols: Tensor, state: State) -> tuple[Internals, State]:
        """Read a batch of texts, one step after another.

        Args:
            symbols: (B, T), T may be 0; -1 is the zero vector. Or (B, T, in), float.
            state: where to start.

        Returns:
            everything the network went through, and the state after the last character.
        """
        if symbols.shape[1] == 0:
            h, c = state.h.unsqueeze(1)[:, :0], state.c.unsqueeze(1)[:, :0]
            return Internals(h, c, c.unsqueeze(-2).expand(*c.shape[:-1], 4, -1)), state
        x, windows = symbols, []
        for l, weights in enumerate(self._weights):
            projected = self.rnn.project(x, l).transpose(0, 1).contiguous()
            c0 = state.c[:, l].transpose(0, 1)
            windows.append(run_window(projected, state.h[:, l], c0, weights))
            x = windows[-1].h.transpose(0, 1)
        h = torch.stack([w.h for w in windows], 2).transpose(0, 1)
        c = torch.stack([w.c for w in windows], 2).permute(3, 0, 2, 1, 4)
        gates = torch.stack([w.gates for w in windows], 2).permute(3, 0, 2, 1, 4)
        gates = gates.reshape(*gates.shape[:-1], 4, self.rnn.hidden)
        return Internals(h, c, gates), State(h[:, -1].clone(), c[:, -1].clone())
