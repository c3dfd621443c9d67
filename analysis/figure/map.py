"""The states of any LSTM or GRU as a map for a notebook: a row per cell, a column per step."""

import base64
import struct
import zlib
from html import escape

import numpy as np
from numpy.typing import NDArray

from analysis.figure.palettes import palette
from models.memories import BYTE_OF_ONE, display
from models.module_trace import ModuleTrace

MOST_STEPS = 2_000
MOST_CELLS = 128
BATCHED = 4
"""The number of axes of h for batched inputs."""


def to_html(trace: ModuleTrace) -> str:
    """The map of every layer, the top layer first; of a batch, its first sequence."""
    batched = trace.h.ndim == BATCHED
    h, c = (values[0] if batched else values for values in (trace.h, trace.c))
    shown = display(c)[:, :, 0] if c.shape[2] else h  # (T, L, H)
    steps, layers, cells = (min(n, most) for n, most in zip(
        shown.shape, (MOST_STEPS, shown.shape[1], MOST_CELLS), strict=True
    ))  # fmt: skip
    symbol = "tanh(c)" if c.shape[2] else "h"
    parts = [f"<p>{escape(repr(trace))}{', the first sequence' if batched else ''}</p>"]
    for l in reversed(range(layers)):
        name = f"layer {l + 1} {symbol}: cells 0 to {cells - 1} by steps 0 to {steps - 1}"
        pictures = {
            theme: _picture(shown[:steps, l, :cells].T, theme) for theme in ("light", "dark")
        }
        parts.append(
            f"<figure style='margin:0 0 .6em'><figcaption>{name}</figcaption><picture>"
            f'<source media="(prefers-color-scheme: dark)" srcset="{pictures["dark"]}">'
            f'<img alt="{name}" src="{pictures["light"]}" style="width:100%;max-width:'
            f'{max(240, 3 * steps)}px;height:{max(24, 3 * cells)}px;image-rendering:pixelated">'
            "</picture></figure>"
        )
    return "".join(parts) if steps else parts[0]


def _picture(values: NDArray[np.float32], theme: str) -> str:
    """Values (rows, columns) within [-1, 1] in the palette's colours: a PNG, as a data address."""
    steps = np.clip(np.nan_to_num(values), -1, 1) * BYTE_OF_ONE + BYTE_OF_ONE
    pixels = np.rint(steps).astype(np.uint8)
    colours = bytes.fromhex("".join(c[1:] for c in palette("paper", theme).steps))
    rows, columns = pixels.shape
    lines = b"".join(b"\0" + row.tobytes() for row in pixels)  # 0: a line as it is
    head = struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)  # 8 bits, by a palette
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, data)
        for kind, data in (
            (b"IHDR", head),
            (b"PLTE", colours),
            (b"IDAT", zlib.compress(lines, 9)),
            (b"IEND", b""),
        )
    )
    return "data:image/png;base64," + base64.b64encode(png).decode()


def _chunk(kind: bytes, data: bytes) -> bytes:
    """A part of a PNG: its length, its kind, its data, its checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
