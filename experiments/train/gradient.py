"""The gradient of one batch: forward and backward; on a GPU, replayed as one CUDA graph."""

import torch
from torch import Tensor
from torch.nn import functional as F

from experiments.tasks.task import Task
from experiments.train.ranks import Ranks
from models.networks import Network
from models.states import State


class Gradient:
    """Leaves a batch's gradient in the network's parameters, replacing any earlier one."""

    def __init__(self, task: Task, network: Network, ranks: Ranks | None = None) -> None:
        self.task, self.network, self.ranks = task, network, ranks or Ranks()

    def __call__(
        self, x: Tensor, y: Tensor, state: State | None, count: Tensor, penalty: Tensor | None
    ) -> tuple[Tensor, State | None]:
        """Run forward and backward over the rows x (b, ...) of a batch.

        Args:
            x: on the network's device.
            y: the targets, (b, T) or (b).
            state: the initial state; the zero state if None.
            count: (), the predictions of the whole batch: the processes' gradients then add up to
                it.
            penalty: (3,), on the innermost cells: times the mean of c^2, and times the mean over
                cells of the square of c's mean over time and the whole batch; each is multiplied by
                the third, the share of the batch that is read here. None for none.

        Returns:
            the loss in nats, without the penalty, and the last state, if the task has one.
        """
        self.network.zero_grad()
        return self._back(x, y, state, count, penalty)

    def _back(
        self, x: Tensor, y: Tensor, state: State | None, count: Tensor, penalty: Tensor | None
    ) -> tuple[Tensor, State | None]:
        logits, c, end = self.task.read(self.network, x, state)
        nats = F.cross_entropy(logits.flatten(0, -2), y.flatten(), reduction="sum") / count
        loss = nats
        if penalty is not None:
            size, drift, share = penalty
            innermost = c[..., -1, :]
            mean = innermost.mean((0, 1))
            whole = mean.detach() * share
            self.ranks.sum_([whole])
            # The gradient of whole^2, whose other parts are read by other processes.
            loss = loss + share * (
                size * innermost.square().mean() + 2 * drift * (whole * mean).mean()
            )
        loss.backward()
        return nats.detach(), end.detach() if end else None


class CapturedGradient(Gradient):
    """The same gradient, replayed: Python launches one graph instead of two dozen kernels per step.

    The graph has the shape of the largest batch so far; `Gradient` reads smaller ones. The next
    call overwrites what a call returns.
    """

    WARM_UP = 3  # before a capture, as torch asks: libraries set themselves up in the first calls

    def __init__(self, task: Task, network: Network, ranks: Ranks | None = None) -> None:
        super().__init__(task, network, ranks)
        self._graph: torch.cuda.CUDAGraph | None = None

    def __call__(
        self, x: Tensor, y: Tensor, state: State | None, count: Tensor, penalty: Tensor | None
    ) -> tuple[Tensor, State | None]:
        """See `Gradient`."""
        if state is None and self.task.carries:
            state = self.network.rnn.start(
                len(x)
            )  # the result is the same to the bit, and one graph serves both
        if self._graph is None or len(x) > len(self._read[0]):
            self._capture(x, y, state, count, penalty)
        assert self._graph
        if x.shape != self._read[0].shape:
            # Zeroed, not None: the graph writes to the gradients' present memory.
            self.network.zero_grad(set_to_none=False)
            return self._back(x, y, state, count, penalty)
        for kept, new in zip(self._read, _flat(x, y, state, count, penalty), strict=True):
            kept.copy_(new)
        self._graph.replay()
        return self._told

    def _capture(
        self, x: Tensor, y: Tensor, state: State | None, count: Tensor, penalty: Tensor | None
    ) -> None:
        x, y, count = x.clone(), y.clone(), count.clone()
        state = State(*(part.clone() for part in state)) if state else None
        penalty = penalty.clone() if penalty is not None else None
        self._read = _flat(x, y, state, count, penalty)
        try:
            beside = torch.cuda.Stream()
            beside.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(beside):
                for _ in range(self.WARM_UP):
                    self.network.zero_grad()
                    self._back(x, y, state, count, penalty)
            torch.cuda.current_stream().wait_stream(beside)
            self.network.zero_grad()
            self._graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(self._graph):
                self._told = self._back(x, y, state, count, penalty)
        except RuntimeError as error:
            raise SystemExit(
                f"the loop could not be captured in a CUDA graph: {error}\n"
                "Run the same command with --no-graph."
            ) from error


def _flat(
    x: Tensor, y: Tensor, state: State | None, count: Tensor, penalty: Tensor | None
) -> list[Tensor]:
    """Every tensor that a graph reads, in one list."""
    return [x, y, count, *(state or ()), *([penalty] if penalty is not None else [])]
