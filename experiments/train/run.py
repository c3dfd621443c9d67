"""Runs an experiment once its data is there: train, then score the best checkpoint."""

import argparse
import ctypes
import json
import os
import platform
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from experiments.tasks.task import Task
from experiments.train.loop import Run, lacks_memory
from experiments.train.ranks import Ranks
from experiments.train.settings import Settings
from models import CheckpointError, load_checkpoint, save_checkpoint


def train(task: Task, settings: Settings, options: argparse.Namespace) -> None:
    """Train; when training is finished, score the best checkpoint on validation and test."""
    if options.device == "cuda" and not torch.cuda.is_available():
        raise SystemExit(
            "--device cuda: torch finds no GPU; leave the option out to train on the CPU"
        )
    out = options.out or options.run / "final.safetensors"
    if os.path.isdir(out) or (options.out and not os.access(out.parent, os.W_OK)):
        raise SystemExit(f"--out {out} must be a file in a folder that can be written")
    torch.set_num_threads(options.threads)
    hold_memory()
    ranks = Ranks(options.device)
    about = origin(options)
    try:
        run = Run(task, settings, options.run, ranks, options.device, about, options.graph)
        if not run.step:
            run.save()  # a folder that cannot be written is refused before an epoch is spent
        run.train()
        if ranks.first and run.finished:
            finish(run, out)
    except CheckpointError as error:  # that of the best epoch was removed, say
        raise SystemExit(str(error)) from None
    except (MemoryError, RuntimeError) as error:
        if not lacks_memory(error):
            raise
        raise SystemExit(
            "this training takes more memory than there is: lower --hidden, --streams or --window"
        ) from None
    except OSError as error:
        kept = os.path.exists(options.run / "state.pt")
        raise SystemExit(
            f"{error.filename or options.run} cannot be written: {error.strerror}"
            + (". The last saved state is complete: run the same command to resume" if kept else "")
        ) from None
    if ranks.first and not run.finished:
        print(f"stopped at update {run.step} of {run.total}; the same command resumes it")
    ranks.leave()


def finish(run: Run, path: Path) -> None:
    """Compute every score of the best checkpoint, and write it to `path`."""
    model = load_checkpoint(run.folder / "best.safetensors").to(run.device)
    scores = run.task.scores(model, ("valid", "test"), full=True)
    # The best epoch may predate a resumption with more epochs or with patience.
    training = model.card.training | asdict(run.settings) | {"seconds": round(run.seconds)}
    save_checkpoint(path, model, training, scores)
    print(json.dumps(scores))


def origin(options: argparse.Namespace) -> dict[str, Any]:
    """The environment of a run: part of the checkpoint's record, not of its settings."""
    device = platform.machine()
    if options.device == "cuda":
        device = torch.cuda.get_device_name()
    return {"commit": commit(), "torch": torch.__version__, "device": device}


def commit() -> str:
    """The revision of this code, "" outside a repository."""
    try:
        found = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return found.stdout.strip()


def hold_memory() -> None:
    """Let glibc keep freed memory for the next window instead of handing it back.

    Every window allocates the same tens of megabytes. Returning and fetching them costs a page
    fault per 4 kB: a tenth of the time. Without glibc this does nothing.
    """
    trim_threshold, mmap_max = -1, -4  # malloc.h
    try:
        libc = ctypes.CDLL("libc.so.6")
        libc.mallopt(mmap_max, 0)
        libc.mallopt(trim_threshold, 2**31 - 1)
    except (OSError, AttributeError):
        return
