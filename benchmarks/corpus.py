"""Benchmarks a corpus: indexing against the engine alone, queries against a dense array.

Indexing is compared with the same engine that reads the same text and keeps nothing. Queries are
compared with the method of LSTMVis (Strobelt et al. 2018): all states as dense float32 in an HDF5
file, read and thresholded by numpy. Without h5py a plain array file takes its place.

    python -m benchmarks.corpus              200,000 characters, 650 cells; then 3,000,000
    python -m benchmarks.corpus --long 0     without the second, which takes 11 GB of disk

Memory is that of a process that does nothing but index, with all that it imports (Linux); of
several that index parts beside one another each needs as much.
"""

import argparse
import multiprocessing
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import torch

from analysis.corpus.corpus import Corpus, open_corpus
from analysis.corpus.engines import local
from analysis.corpus.forgetting import forgetting
from analysis.corpus.index import index
from analysis.corpus.queries.exact import exact
from analysis.corpus.queries.match import Signed, match
from analysis.corpus.queries.passages import passages
from analysis.corpus.queries.query import asking
from analysis.corpus.stretch import span
from analysis.inputs import lines_of
from benchmarks.figures import finish, interleaved, table
from benchmarks.networks import LETTERS, forgetful_model, letters
from models import save_checkpoint
from models.reading.engine import Engine

SAMPLE = 50_000
"""Characters on which indexing is compared with the engine."""
ROWS = 50_000
"""Rows of the dense array that are looked at at once."""
THRESHOLD = 0.3


@contextmanager
def dense(corpus: Corpus, folder: Path) -> Iterator[Any]:
    """The same values as dense float32, on disk: what has `shape` and takes `[rows, columns]`."""
    shape = (corpus.characters, corpus.network.size)
    try:
        import h5py

        file = h5py.File(folder / "states.h5", "w")
        states = file.create_dataset("states", shape, np.float32)
    except ImportError:
        file = None
        states = np.lib.format.open_memmap(folder / "states.npy", "w+", np.float32, shape)
    start = 0
    for values in corpus.values():
        states[start : start + len(values)] = values / np.float32(127)
        start += len(values)
    try:
        yield states
    finally:
        if file:
            file.close()


def dense_passages(states: Any, cell: int, count: int, context: int) -> list[int]:
    """The highest places of a cell, far enough apart."""
    column = np.concatenate(
        [states[a : a + ROWS, cell] for a in range(0, len(states), ROWS)]
    ).astype(np.float32)
    chosen = []
    for _ in range(count):
        at = int(column.argmax())
        chosen.append(at)
        column[max(0, at - context + 1) : at + context] = -2
    return chosen


def dense_match(states: Any, cells: list[int]) -> tuple[int, int]:
    """The number of runs in which all cells are on, and the length of the longest."""
    on = np.concatenate(
        [(states[a : a + ROWS][:, cells] >= THRESHOLD).all(1) for a in range(0, len(states), ROWS)]
    )
    edges = np.flatnonzero(np.diff(np.concatenate([[False], on, [False]])))
    lengths = edges[1::2] - edges[::2]
    return len(lengths), int(lengths.max(initial=0))


def dense_exact(states: Any, start: int, stop: int) -> list[int]:
    """The cells on in a span and off around it, by how often they are on elsewhere."""
    here = states[start - 1 : stop + 1]
    on = (here[1:-1] >= THRESHOLD).all(0) & (here[[0, -1]] < THRESHOLD).all(0)
    chosen = np.flatnonzero(on)
    counts = np.zeros(len(chosen), int)
    for a in range(0, len(states), ROWS):
        counts += (states[a : a + ROWS][:, chosen] >= THRESHOLD).sum(0)
    return [int(k) for k in chosen[np.argsort(counts, kind="stable")]]


def indexing(checkpoint: Path, text: str, folder: Path, repeats: int) -> dict[str, float]:
    """Seconds of the engine alone and of the whole indexing, on a sample of the text."""
    from models import load_checkpoint

    model = load_checkpoint(checkpoint)
    engine = Engine(model.rnn)
    sample = text[:SAMPLE]
    symbols = torch.tensor(LETTERS.encode(sample))
    memory = forgetting(engine, symbols).memory
    runs = iter(range(10**6))

    def alone() -> None:
        for _ in engine.read_long(
            symbols, engine.start(), gates=False, span=span(engine), memory=memory
        ):
            pass

    def whole() -> None:
        index(checkpoint, [sample], "letters", folder / f"sample-{next(runs)}", local.ENGINE)

    return interleaved({"engine alone": alone, "indexing": whole}, repeats)


def questions(
    corpus: Corpus, states: Any
) -> dict[str, tuple[Callable[[], Any], Callable[[], Any]]]:
    """Name -> ours, theirs."""
    network = corpus.network
    chosen = [3, 11, 27]
    signed = [Signed(network.cells()[k], 1) for k in chosen]
    everything = [Signed(cell, 1) for cell in network.cells()]
    start = corpus.characters // 2
    cell = network.cells()[chosen[0]]

    def ask(question: Callable[[Any], Any]) -> Callable[[], Any]:
        def asked() -> Any:
            with asking(corpus, threads=2) as query:
                return question(query)

        return asked

    return {
        "passages of a cell": (
            ask(lambda query: [p.position for p in passages(query, cell)]),
            lambda: dense_passages(states, chosen[0], 10, 60),
        ),
        "match of 3 cells": (
            ask(lambda query: match(query, signed, THRESHOLD).total),
            lambda: dense_match(states, chosen)[0],
        ),
        "match of all cells": (
            ask(lambda query: match(query, everything, 0.0).total),
            lambda: dense_match(states, list(range(network.size))) and 0,
        ),
        "cells on exactly there": (
            ask(
                lambda query: [
                    e.cell for e in exact(query, start, start + 4, THRESHOLD) if e.sign > 0
                ]
            ),
            lambda: [network.cells()[k] for k in dense_exact(states, start, start + 4)],
        ),
    }


def indexed(checkpoint: Path, text: str, folder: Path) -> tuple[Corpus, float, float]:
    """Index a text in a process of its own: the corpus, seconds, MB at the process's peak."""
    file = folder.with_suffix(".txt")
    file.write_text(text, "utf-8")
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        took, peak = pool.apply(_indexed, (checkpoint, file, folder))
    return open_corpus(folder), took, peak


def _indexed(checkpoint: Path, file: Path, folder: Path) -> tuple[float, float]:
    torch.set_num_threads(1)
    began = time.perf_counter()
    index(checkpoint, lines_of(file), "letters", folder, local.ENGINE)
    took = time.perf_counter() - began
    # Not of getrusage: that is, at first, the peak of the process that this one came from.
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return took, int(found[1]) / 1024


def long_text(characters: int) -> str:
    """Letters at random."""
    return "".join(LETTERS[k] for k in letters(characters).tolist())


def compared(
    corpus: Corpus, folder: Path, repeats: int, figures: dict[str, float], ratios: dict[str, float]
) -> None:
    """Ask a corpus and the dense array of its values; print, and add to the figures."""
    size, rows = f"{corpus.characters:,}", []
    with dense(corpus, folder) as states:
        for question, (ours, theirs) in questions(corpus, states).items():
            answers = ours(), theirs()
            if question != "match of all cells" and answers[0] != answers[1]:
                raise SystemExit(f"{question}: {answers[0]} is not {answers[1]}")
            times = interleaved({"ours": ours, "dense": theirs}, repeats)
            rows.append([question, times["ours"], times["dense"]])
            figures[f"{question}, {size}: ours s"] = times["ours"]
            figures[f"{question}, {size}: dense s"] = times["dense"]
            ratios[f"{question}, {size}: ours/dense"] = times["dense"] / times["ours"]
    title = f"Questions to {size} characters of {corpus.network.size} cells, in seconds"
    table(title, ["", "ours", "dense float32"], rows)


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.corpus",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--characters", type=int, default=200_000)
    parser.add_argument("--long", type=int, default=3_000_000, help="characters; 0: none")
    parser.add_argument("--hidden", type=int, default=650, help="cells of the LSTM")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        checkpoint = folder / "lstm.safetensors"
        save_checkpoint(checkpoint, forgetful_model(1, 1, options.hidden, half=True))
        text = long_text(options.characters)
        seconds = indexing(checkpoint, text, folder, options.repeats)
        sample = min(SAMPLE, len(text))
        corpus, took, peak = indexed(checkpoint, text, folder / "corpus")
        files = [pq.read_metadata(path) for path in corpus.paths]
        values = corpus.characters * corpus.network.size
        plain = sum(
            file.row_group(g).total_byte_size for file in files for g in range(file.num_row_groups)
        )
        stored = sum(part.bytes for part in corpus.description.parts)
        figures = {
            "indexing characters/s": sample / seconds["indexing"],
            "engine alone characters/s": sample / seconds["engine alone"],
            "bytes a value before compression": plain / values,
            "bytes a value": stored / values,
            f"indexing {options.characters:,} characters s": took,
            f"indexing {options.characters:,} characters peak MB": peak,
        }
        ratios = {"indexing: ours/engine": seconds["engine alone"] / seconds["indexing"]}
        more = None
        if options.long:
            more, took, peak = indexed(checkpoint, long_text(options.long), folder / "long")
            figures[f"indexing {options.long:,} characters s"] = took
            figures[f"indexing {options.long:,} characters peak MB"] = peak
        title = f"Indexing, {options.characters:,} characters, {options.hidden} cells"
        table(title, ["", ""], [[key, figure] for key, figure in figures.items()])
        compared(corpus, folder, options.repeats, figures, ratios)
        if more:
            compared(more, folder, 1, figures, ratios)
    finish("corpus", figures, ratios)


if __name__ == "__main__":
    main()
