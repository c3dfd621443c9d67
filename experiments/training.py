"""One plain loop: truncated backpropagation over parallel streams of text, resumable to the bit."""

import json
import math
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F
from tqdm import tqdm

from experiments.datasets.corpus import Corpus, Symbols
from models import CharacterModel, save_checkpoint
from models.rnn import State

SAVE_EVERY = 300  # seconds between two resumable states
SATURATED, ALWAYS = 0.99, 0.95


@dataclass(frozen=True)
class Settings:
    """All that decides a run, besides the corpus."""

    layers: int
    depth: int
    hidden: int
    epochs: int
    streams: int = 32
    window: int = 100
    learning_rate: float = 0.005  # at the start; falls to zero along a cosine
    clip: float = 1.0  # of the gradient's global norm
    penalty: float = 0.01  # lambda of lambda * mean(c~^2), innermost cells of nested nets only
    input_gain: float = 5.0  # times Glorot, on the first input matrix
    carry: bool = True  # the state across windows
    seed: int = 1


def streams_of(text: Symbols, streams: int) -> Tensor:
    """(streams, n): the text cut into equal streams, the remainder dropped."""
    n = len(text) // streams
    return torch.from_numpy(text[: n * streams].reshape(streams, n))


def windows_of(streams: Tensor, window: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Inputs and targets (B, window), without overlap, along the streams."""
    for start in range(0, streams.shape[1] - window, window):
        yield streams[:, start : start + window], streams[:, start + 1 : start + window + 1]


@torch.no_grad()
def evaluate(model: CharacterModel, text: Symbols, streams: int = 64) -> dict[str, float]:
    """Bits per character with the state carried, and the share of saturated innermost cells.

    Every character but the first is predicted; the text is read as `streams` parallel pieces that
    start from the zero state.
    """
    n = math.ceil((len(text) - 1) / streams)
    inputs = np.zeros(n * streams, dtype=np.int64)
    targets = np.full(n * streams, -100, dtype=np.int64)
    inputs[: len(text) - 1] = text[:-1]
    targets[: len(text) - 1] = text[1:]
    x, y = (torch.from_numpy(part.reshape(streams, n)) for part in (inputs, targets))
    bits, flat, state = 0.0, torch.zeros(()), None
    for start in range(0, n, 100):
        logits, c, state = model(x[:, start : start + 100], state)
        y_ = y[:, start : start + 100]
        bits += F.cross_entropy(logits.flatten(0, 1), y_.flatten(), reduction="sum").item()
        innermost = c[..., -1, :].tanh().abs() > SATURATED
        flat = flat + (innermost & (y_ >= 0)[:, :, None, None]).sum((0, 1))
    count = len(text) - 1
    saturated = (flat / count > ALWAYS).float().mean().item()
    return {"bpc": bits / count / math.log(2), "saturated": saturated}


class Run:
    """A training in a folder: `state.pt` to resume from, `best.safetensors`, `log.jsonl`."""

    def __init__(self, corpus: Corpus, settings: Settings, folder: Path) -> None:
        torch.manual_seed(settings.seed)
        self.corpus, self.settings, self.folder = corpus, settings, folder
        self.model = CharacterModel(
            corpus.vocabulary, settings.layers, settings.depth, settings.hidden
        )
        self.model.initialise(settings.input_gain)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=settings.learning_rate)
        self.streams = streams_of(corpus.train, settings.streams)
        self.per_epoch = (self.streams.shape[1] - 1) // settings.window
        self.total = self.per_epoch * settings.epochs
        self.step, self.seconds, self.best = 0, 0.0, math.inf
        self.state: State | None = None
        self.stop = False
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / "state.pt").exists():
            self._resume()

    def _resume(self) -> None:
        saved = torch.load(self.folder / "state.pt", weights_only=True)
        if saved["settings"] != asdict(self.settings):
            raise SystemExit(
                f"{self.folder} holds a run with other settings: name another --run folder, or "
                f"delete it.\nthere: {saved['settings']}\nasked: {asdict(self.settings)}"
            )
        self.model.load_state_dict(saved["model"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.step, self.seconds, self.best = saved["step"], saved["seconds"], saved["best"]
        self.state = State(*saved["state"]) if saved["state"] else None

    def save(self) -> None:
        """Write aside, then rename: a full disk or a crash leaves the earlier state whole."""
        aside = self.folder / "state.part"
        saved = {
            "settings": asdict(self.settings),
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "seconds": self.seconds,
            "best": self.best,
            "state": tuple(self.state) if self.state else None,
        }
        torch.save(saved, aside)
        aside.replace(self.folder / "state.pt")

    def train(self) -> None:
        """Go on until the last epoch is done or a signal asks to stop; then save."""
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, self._on_signal)
        windows = list(windows_of(self.streams, self.settings.window))
        bar = tqdm(
            total=self.total * self.settings.streams * self.settings.window,
            initial=self.step * self.settings.streams * self.settings.window,
            unit="char",
            unit_scale=True,
            mininterval=5,
        )
        begun, saved, bits = time.monotonic(), time.monotonic(), 0.0
        while self.step < self.total and not self.stop:
            loss = self._update(*windows[self.step % self.per_epoch])
            if not math.isfinite(loss):
                raise SystemExit(
                    f"the loss is {loss} at update {self.step}: lower --learning-rate; the last "
                    f"good state stays in {self.folder}"
                )
            self.step += 1
            bits = loss / math.log(2) if not bits else 0.99 * bits + 0.01 * loss / math.log(2)
            bar.set_postfix(bpc=f"{bits:.3f}", refresh=False)
            bar.update(self.settings.streams * self.settings.window)
            if self.step % self.per_epoch == 0:
                self._end_epoch(bits, self.seconds + time.monotonic() - begun)
            if (
                self.stop
                or self.step % self.per_epoch == 0
                or time.monotonic() > saved + SAVE_EVERY
            ):
                self.seconds += time.monotonic() - begun
                begun = saved = time.monotonic()
                self.save()
        bar.close()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stop = True

    def _update(self, x: Tensor, y: Tensor) -> float:
        """One step of Adam; the loss in nats per character, without the penalty."""
        settings = self.settings
        for group in self.optimizer.param_groups:
            group["lr"] = (
                settings.learning_rate * (1 + math.cos(math.pi * self.step / self.total)) / 2
            )
        fresh = self.step % self.per_epoch == 0 or not settings.carry
        logits, c, end = self.model(x, None if fresh else self.state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        penalty = c[..., -1, :].square().mean() if settings.penalty and settings.depth > 1 else 0.0
        self.optimizer.zero_grad()
        (loss + settings.penalty * penalty).backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), settings.clip)
        self.optimizer.step()
        self.state = end.detach()
        return loss.item()

    def _end_epoch(self, train_bpc: float, seconds: float) -> None:
        epoch = self.step // self.per_epoch
        scores = evaluate(self.model, self.corpus.valid)
        if scores["bpc"] < self.best:
            self.best = scores["bpc"]
            save_checkpoint(
                self.folder / "best.safetensors",
                self.model,
                training=self.provenance() | {"epoch": epoch},
                scores={"valid_bpc": scores["bpc"], "saturated": scores["saturated"]},
            )
        line = {"epoch": epoch, "train_bpc": train_bpc, "valid_bpc": scores["bpc"]}
        line |= {"saturated": scores["saturated"], "seconds": round(seconds)}
        with (self.folder / "log.jsonl").open("a") as log:
            log.write(json.dumps(line) + "\n")

    def provenance(self) -> dict[str, Any]:
        """What the checkpoint says of its training."""
        return {"data": self.corpus.name} | asdict(self.settings)
