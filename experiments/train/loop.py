"""One plain loop for every experiment, resumable to the bit."""

import hashlib
import io
import json
import math
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from experiments.tasks.task import METRICS, Task
from experiments.train.gradient import CapturedGradient, Gradient
from experiments.train.initialisation import blank, initialised
from experiments.train.log import forget_later_lines
from experiments.train.optimizer import clipped_step, matmuls_in, optimizer_of
from experiments.train.ranks import Ranks
from experiments.train.settings import Settings
from models import save_checkpoint
from models.files import write_aside
from models.states import State

SAVE_EVERY = 300  # seconds between two resumable states
SMOOTHING = 0.99  # smoothing of the loss beside the progress bar


class Run:
    """A training in a folder: `state.pt` to resume from, `best.safetensors`, `log.jsonl`.

    Everything random depends on the seed and the epoch, so the state is the weights, the optimizer,
    the recurrent state and the running averages: N updates, a stop and N more equal 2N updates.
    """

    def __init__(
        self,
        task: Task,
        settings: Settings,
        folder: Path,
        ranks: Ranks | None = None,
        device: str = "cpu",
        about: dict[str, Any] | None = None,
        graph: bool = True,
    ) -> None:
        """graph: on a GPU, replay the loop as one CUDA graph."""
        self.task, self.settings, self.folder = task, settings, folder
        self.ranks, self.device, self.about = ranks or Ranks(), device, about or {}
        if task.carries and settings.streams % self.ranks.size:
            raise SystemExit(
                f"--streams {settings.streams} must be a multiple of {self.ranks.size} processes"
            )
        last = len(task.batch(0, task.updates - 1)[0])
        if last < self.ranks.size:
            raise SystemExit(
                f"the last batch has {last} sequences, which {self.ranks.size} processes cannot "
                "share: start fewer, or change --streams"
            )
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SystemExit(f"--run {folder} cannot be a folder: {error.strerror}") from None
        self.digest = fingerprint(task)
        resumes = os.path.exists(folder / "state.pt")
        network = blank(task, settings) if resumes else initialised(task, settings)
        self.network = network.to(device)
        captured = graph and torch.device(device).type == "cuda"
        self.gradient = (CapturedGradient if captured else Gradient)(task, self.network, self.ranks)
        self.optimizer = optimizer_of(self.network, settings)
        self.total = task.updates * settings.epochs
        self.step, self.seconds = 0, 0.0
        self.best, self.best_epoch = math.inf, 0
        self.nats, self.running = 0.0, 0.0  # summed over the epoch; smoothed
        self.state: State | None = None
        self.stop = False
        if resumes:
            self._resume()
        if self.ranks.first:
            forget_later_lines(folder / "log.jsonl", self.epoch)

    @property
    def epoch(self) -> int:
        """Epochs completed."""
        return self.step // self.task.updates

    @property
    def finished(self) -> bool:
        """Return whether all epochs are done, or validation stalled for `patience` epochs."""
        patience = self.settings.patience
        tired = bool(patience) and self.epoch - self.best_epoch >= patience
        return self.step >= self.total or (tired and self.step % self.task.updates == 0)

    def train(self) -> None:
        """Train until the run is finished or a signal asks to stop; then save."""
        bar = tqdm(
            total=self.task.predictions * self.settings.epochs,
            initial=self.task.predictions * self.step // self.task.updates,
            unit="char" if self.task.metric != "nll" else "digit",
            unit_scale=True,
            mininterval=5,
            disable=not self.ranks.first,
        )
        begun = time.monotonic()
        with self._signals(), bar:
            while not self.finished and not self.stop:
                epoch, k = divmod(self.step, self.task.updates)
                x, y = self.task.batch(epoch, k)
                due = time.monotonic() > begun + SAVE_EVERY
                loss, asked, due = self._update(x, y, due)
                self.step += 1
                self.stop |= asked
                self.nats += loss
                self.running = (
                    SMOOTHING * self.running + (1 - SMOOTHING) * loss if self.running else loss
                )
                shown = METRICS[self.task.metric](self.running)
                bar.set_postfix({self.task.metric: f"{shown:.3f}"}, refresh=False)
                bar.update(y.numel())
                ended = k + 1 == self.task.updates
                if ended:
                    self._end_epoch(self.seconds + time.monotonic() - begun)
                if ended or due or self.stop:
                    self.seconds += time.monotonic() - begun
                    begun = time.monotonic()
                    self.save()

    def _update(self, x: Tensor, y: Tensor, due: bool) -> tuple[float, bool, bool]:
        """One step of the optimizer.

        Returns the loss in nats per prediction, without the penalty, and whether any process was
        asked to stop or is due to save.
        """
        settings, cosine = self.settings, (1 + math.cos(math.pi * self.step / self.total)) / 2
        rate = settings.learning_rate * (cosine if settings.schedule == "cosine" else 1.0)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        mine = self.ranks.rows(len(x))
        x_, y_ = x[mine].to(self.device), y[mine].to(self.device)
        penalty = None
        if settings.penalised:
            fade, share = cosine if settings.fade else 1.0, len(x_) / len(x)
            penalties = settings.penalty * fade, settings.drift * fade, share
            penalty = torch.tensor(penalties, device=self.device)
        count = torch.tensor(float(y.numel()), device=self.device)
        with matmuls_in(settings.matmul_precision):
            nats, end = self.gradient(x_, y_, self._carried(len(x), mine), count, penalty)
        parameters = list(self.network.parameters())
        told = torch.stack([nats, nats.new_tensor(self.stop), nats.new_tensor(due)])
        self.ranks.sum_([told, *(p.grad for p in parameters if p.grad is not None)])
        nats_, asked, due_ = told.tolist()
        clip = math.inf if settings.step_clip else settings.clip
        norm = torch.nn.utils.clip_grad_norm_(parameters, clip)
        if not math.isfinite(nats_) or not math.isfinite(norm.item()):
            best = self.folder / "best.safetensors"
            raise SystemExit(
                f"update {self.step}: the loss is {nats_:.3g}, its gradient's norm {norm:.3g}. "
                "Lower --learning-rate, with another --run folder"
                + (f", and --start {best} to continue from there" if best.exists() else "")
            )
        if settings.step_clip:
            clipped_step(self.optimizer, parameters, settings.step_clip)
        else:
            self.optimizer.step()
        self.state = end if self.task.carries else None
        return nats_, bool(asked), bool(due_)

    def _carried(self, streams: int, mine: slice) -> State | None:
        """The initial state of this update: zero for some streams, drawn anew for every update."""
        if self.step % self.task.updates == 0 or self.state is None:
            return None
        if not self.settings.resets:
            return self.state
        generator = torch.Generator().manual_seed(self.settings.seed * 1_000_003 + self.step)
        kept = torch.rand(streams, generator=generator) >= self.settings.resets
        kept = kept[mine].to(self.device)
        h, c = self.state
        return State(h * kept[:, None, None], c * kept[:, None, None, None])

    def _end_epoch(self, seconds: float) -> None:
        scores = self.task.scores(self.network, self.task.each_epoch)
        train = METRICS[self.task.metric](self.nats / self.task.updates)
        self.nats = 0.0
        if scores[self.task.criterion] < self.best:
            self.best, self.best_epoch = scores[self.task.criterion], self.epoch
            if self.ranks.first:
                save_checkpoint(
                    self.folder / "best.safetensors",
                    self.network,  # type: ignore[arg-type]
                    training=self.provenance() | {"epoch": self.epoch},
                    scores=scores,
                )
        line = {"epoch": self.epoch, f"train_{self.task.metric}": train, **scores}
        line["seconds"] = round(seconds)
        if self.ranks.first:
            with (self.folder / "log.jsonl").open("a") as log:
                log.write(json.dumps(line) + "\n")

    def provenance(self) -> dict[str, Any]:
        """The checkpoint's record of its training."""
        return {"data": self.task.data} | asdict(self.settings) | self.about

    def save(self) -> None:
        """Write `state.pt`, atomically: a full disk leaves the earlier file."""
        state = tuple(self.ranks.gather(part) for part in self.state) if self.state else None
        if not self.ranks.first:
            return
        content = io.BytesIO()
        torch.save(
            {
                "settings": asdict(self.settings),
                "digest": self.digest,
                "model": self.network.state_dict(),
                "optimizer": self.optimizer.state_dict(),
                "step": self.step,
                "seconds": self.seconds,
                "best": self.best,
                "best_epoch": self.best_epoch,
                "averages": (self.nats, self.running),
                "state": state,
            },
            content,
        )
        write_aside(self.folder / "state.pt", content.getvalue())

    def _resume(self) -> None:
        path = self.folder / "state.pt"
        try:
            content = path.read_bytes()
        except OSError as error:
            raise SystemExit(f"{path} cannot be read: {error.strerror}") from None
        try:
            self._restore(torch.load(io.BytesIO(content), weights_only=True, map_location="cpu"))
        except Exception as error:  # whatever a parser makes of damaged bytes
            if lacks_memory(error):
                raise
            raise SystemExit(
                f"{path} is damaged and cannot be resumed: delete it to start the run again"
            ) from None

    def _restore(self, saved: dict[str, Any]) -> None:
        """Go on from what `save` wrote; SystemExit if it is of another run."""
        there = Settings.recorded(saved["settings"])
        if not self.settings.resumes(there):
            raise SystemExit(
                f"{self.folder} holds a run with other settings: name another --run folder, or "
                f"delete it.\nthere: {there.options()}\nasked: {self.settings.options()}"
            )
        if saved.get("digest") not in (None, self.digest):  # None: an older state
            raise SystemExit(
                f"{self.folder} holds a run on other data than the present {self.task.data}: name "
                "another --run folder, or delete it"
            )
        self.network.load_state_dict(saved["model"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.step, self.seconds, self.best = saved["step"], saved["seconds"], saved["best"]
        self.best_epoch = saved.get("best_epoch", self.epoch)
        self.nats, self.running = saved.get("averages", (0.0, 0.0))
        if saved["state"]:
            rows = self.ranks.rows(self.settings.streams)
            self.state = State(*(part[rows].to(self.device) for part in saved["state"]))

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """SIGTERM and Ctrl-C stop after the current update; a second one stops at once."""

        def ask(number: int, frame: FrameType | None) -> None:
            self.stop = True
            signal.signal(number, earlier[number])

        signals = (signal.SIGTERM, signal.SIGINT)
        earlier: dict[int, Any] = {number: signal.signal(number, ask) for number in signals}
        try:
            yield
        finally:
            for number, handler in earlier.items():
                signal.signal(number, handler)


def fingerprint(task: Task) -> str:
    """A digest of a task's data: its alphabet, and all of its three parts."""
    shapes = [array.shape for array in task.arrays]
    digest = hashlib.sha256(json.dumps([list(task.vocabulary), shapes]).encode())
    for array in task.arrays:
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def lacks_memory(error: BaseException) -> bool:
    """Return whether there was too little memory, of the processor's or of a GPU."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    return isinstance(error, RuntimeError) and "allocate memory" in str(error)
