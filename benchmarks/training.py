"""Benchmarks training: ours, eager autograd, and torch.nn.LSTM with as many weights.

A whole update of each: forward, backward, clipping, Adam. Ours is the Nested LSTM (1,2) with its
gradient written out; eager is the same network as one writes it in plain torch; torch.nn.LSTM has
two layers of as many cells, so as many weights (and a second bias per gate). `ours, bfloat16` has
the inputs of its matmuls rounded, as the shipped recipe has (`--matmul-precision bfloat16`). `gemm`
is only the matmuls of our update: the least time it could take.

With `--device cuda` ours is replayed as one graph, as in a training, and there is no `gemm`.
"""

import argparse
import time
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn
from torch.autograd.profiler_util import EventList
from torch.nn import functional as F

from benchmarks.figures import finish, interleaved, table
from experiments.datasets.split_text import SplitText
from experiments.tasks.streams import Streams
from experiments.train.gradient import CapturedGradient
from experiments.train.optimizer import matmuls_in
from experiments.train.run import hold_memory
from experiments.train.settings import Settings
from models import CharacterModel, Vocabulary
from models.cells.nested_lstm import Level
from models.kernels import Packed, over_rows

SYMBOLS = 50
VOCABULARY = Vocabulary(chr(97 + k) for k in range(SYMBOLS))
MATMULS = ("aten::mm", "aten::addmm", "aten::addmm_", "mkldnn::_linear_pointwise")
ACTIVATIONS = ("aten::sigmoid", "aten::sigmoid_", "aten::tanh", "aten::tanh_")


class Eager(nn.Module):
    """A Nested LSTM in plain torch: equations (7)-(15) a step, autograd for the rest."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.hidden = hidden
        self.read = nn.Embedding(SYMBOLS, 4 * hidden)
        self.outer = nn.Linear(hidden, 4 * hidden)
        self.inner = nn.Linear(2 * hidden, 4 * hidden)
        self.head = nn.Linear(hidden, SYMBOLS)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x (B, T) -> logits (B, T, V), inner cells (B, T, H)."""
        h = c = inner = self.outer.weight.new_zeros(len(x), self.hidden)
        outputs, cells = [], []
        for read in self.read(x).unbind(1):
            i, f, g, o = (read + self.outer(h)).chunk(4, 1)
            both = torch.cat([i.sigmoid() * g, f.sigmoid() * c], 1)
            i, f, g, o_ = self.inner(both).chunk(4, 1)
            inner = f.sigmoid() * inner + i.sigmoid() * g.tanh()
            c = o_.sigmoid() * inner.tanh()
            h = o.sigmoid() * c.tanh()
            outputs.append(h)
            cells.append(inner)
        return self.head(torch.stack(outputs, 1)), torch.stack(cells, 1)


class TorchLSTM(nn.Module):
    """Two layers of torch.nn.LSTM on one-hot characters, and a head."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.rnn = nn.LSTM(SYMBOLS, hidden, num_layers=2, batch_first=True)
        self.head = nn.Linear(hidden, SYMBOLS)

    def forward(self, x: Tensor) -> tuple[Tensor, None]:
        """x (B, T) -> logits (B, T, V)."""
        h, _ = self.rnn(F.one_hot(x, SYMBOLS).float())
        return self.head(h), None


def update_of(network: nn.Module, x: Tensor, y: Tensor) -> Callable[[], None]:
    """One update of the network on a fixed window."""
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3, fused=True)

    def update() -> None:
        logits, c, *_ = network(x)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        if c is not None:  # the penalty on the innermost cells
            loss = loss + 0.01 * c.square().mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()

    return update


def replayed(network: CharacterModel, x: Tensor, y: Tensor) -> Callable[[], None]:
    """The same as a training does it on a GPU: forward and backward are one graph."""
    text = "".join(VOCABULARY)
    settings = Settings(streams=1, window=1)
    task = Streams(SplitText("", VOCABULARY, *[np.array(VOCABULARY.encode(text))] * 3), settings)
    gradient = CapturedGradient(task, network)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3, fused=True)
    count = torch.tensor(float(y.numel()), device=x.device)
    penalty = torch.tensor((0.01, 0.0, 1.0), device=x.device)

    def update() -> None:
        gradient(x, y, None, count, penalty)
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()

    return update


def rounded(update: Callable[[], None]) -> Callable[[], None]:
    """The update with bfloat16 inputs of its matmuls."""

    def run() -> None:
        with matmuls_in("bfloat16"):
            update()

    return run


def waited_for(update: Callable[[], None]) -> Callable[[], None]:
    """The update until the GPU is done with it."""

    def run() -> None:
        update()
        torch.cuda.synchronize()

    return run


def matmuls(hidden: int, streams: int, window: int) -> Callable[[], None]:
    """Only the matmuls of our update, in its order."""
    outer, inner = torch.randn(4 * hidden, hidden), torch.randn(4 * hidden, 2 * hidden)
    d = torch.randn(2, window, streams, 4 * hidden)
    h, both = torch.randn(window, streams, hidden), torch.randn(window, streams, 2 * hidden)

    def run() -> None:
        forward = Packed(outer), Packed(inner)
        for t in range(window):
            forward[0](h[t])
            forward[1](both[t])
        backward = Packed(outer.t()), Packed(inner.t())
        for t in range(window):
            backward[1](d[1, t])
            backward[0](d[0, t])
        over_rows(d[0].flatten(0, 1), h.flatten(0, 1))
        over_rows(d[1].flatten(0, 1), both.flatten(0, 1))

    return run


def gradients_agree(hidden: int = 24) -> float:
    """The largest difference between our gradients and those of the eager network."""
    torch.manual_seed(0)
    ours, eager = CharacterModel(VOCABULARY, 1, 2, hidden), Eager(hidden)
    ours.initialise()
    outer, inner = ours.rnn.layer(0)
    with torch.no_grad():
        eager.read.weight.copy_(outer.weight_ih.t())
        eager.outer.weight.copy_(outer.weight_hh)
        eager.outer.bias.copy_(outer.bias)
        eager.inner.weight.copy_(torch.cat([inner.weight_ih, inner.weight_hh], 1))
        eager.inner.bias.copy_(inner.bias)
        eager.head.load_state_dict(ours.head.state_dict())
    x = torch.randint(SYMBOLS, (4, 20))
    for network in (ours, eager):
        network(x)[0].square().mean().backward()
    pairs = (
        (gradient(outer, "weight_hh"), eager.outer.weight.grad),
        (gradient(outer, "bias"), eager.outer.bias.grad),
        (gradient(inner, "bias"), eager.inner.bias.grad),
        (gradient(outer, "weight_ih").t(), eager.read.weight.grad),
    )
    return max(float((a - b).abs().max()) for a, b in pairs if b is not None)


def gradient(level: Level, name: str) -> Tensor:
    """The gradient of one weight of a level."""
    found = getattr(level, name).grad
    assert isinstance(found, Tensor)
    return found


def where_the_time_goes(update: Callable[[], None]) -> list[tuple[str, float, float]]:
    """Milliseconds and share of an update, by kind of operation."""
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as profile:
        update()
    events: EventList = profile.key_averages()
    kinds = {"matmuls": 0.0, "activations": 0.0, "elementwise and copies": 0.0, "the rest": 0.0}
    for event in events:
        kind = "the rest"
        if event.key in MATMULS:
            kind = "matmuls"
        elif event.key in ACTIVATIONS:
            kind = "activations"
        elif event.key.startswith(("aten::mul", "aten::add", "aten::copy_", "aten::cat")):
            kind = "elementwise and copies"
        kinds[kind] += event.self_cpu_time_total / 1e3
    total = sum(kinds.values())
    return [(kind, value, value / total) for kind, value in kinds.items()]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training", description=__doc__)
    parser.add_argument("--hidden", type=int, default=600, help="cells (%(default)s)")
    parser.add_argument("--streams", type=int, default=32, help="batch (%(default)s)")
    parser.add_argument("--window", type=int, default=100, help="steps (%(default)s)")
    parser.add_argument("--repeats", type=int, default=5, help="rounds (%(default)s)")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads(), help="%(default)s")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu", help="%(default)s")
    options = parser.parse_args()
    if options.device == "cuda" and not torch.cuda.is_available():
        parser.error("--device cuda: torch finds no GPU here; leave it out to measure the CPU")
    torch.set_num_threads(options.threads)
    hold_memory()  # as every training does
    print(f"largest difference of a gradient from eager autograd's: {gradients_agree():.1e}")

    torch.manual_seed(0)
    shape = (options.streams, options.window)
    x, y = (torch.randint(SYMBOLS, shape).to(options.device) for _ in range(2))
    ours = CharacterModel(VOCABULARY, 1, 2, options.hidden)
    ours.initialise()
    networks = {"ours": ours, "eager": Eager(options.hidden), "nn.LSTM": TorchLSTM(options.hidden)}
    runs = {name: update_of(network.to(options.device), x, y) for name, network in networks.items()}
    if options.device == "cuda":
        runs["ours"] = replayed(ours, x, y)
        runs = {name: waited_for(update) for name, update in runs.items()}
    else:
        networks["ours, bfloat16"] = ours
        runs["ours, bfloat16"] = rounded(runs["ours"])
        runs["gemm"] = matmuls(options.hidden, options.streams, options.window)
    # The clock of one thread stands still while other programs have the processor.
    alone = options.threads == 1 and options.device == "cpu"
    clock = time.thread_time if alone else time.perf_counter
    interleaved(runs, 1)  # warm
    seconds = interleaved(runs, options.repeats, clock)
    rates = {name: x.numel() / value for name, value in seconds.items()}
    parameters = {name: sum(p.numel() for p in n.parameters()) for name, n in networks.items()}
    table(
        f"{options.hidden} cells, {options.streams} streams, windows of {options.window}",
        ("", "parameters", "chars/s", "ours is faster by"),
        [
            (name, f"{parameters.get(name, 0):,}", rate, rates["ours"] / rate)
            for name, rate in rates.items()
        ],
    )
    if options.device == "cpu":
        table("where our time goes", ("", "ms", "share"), where_the_time_goes(runs["ours"]))
    finish(
        "training",
        {f"{name} chars/s": rate for name, rate in rates.items()},
        {f"ours/{name}": rates["ours"] / rate for name, rate in rates.items() if name != "ours"},
    )


if __name__ == "__main__":
    main()
