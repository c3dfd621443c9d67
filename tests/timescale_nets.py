"""Networks whose timescales are known, and series with a planted one."""

import math

import numpy as np
import torch

from analysis.timescales.autocorrelation import lagged
from analysis.timescales.blocks import lag_grid
from analysis.timescales.estimates import Estimates, by_fit
from analysis.timescales.statistics import block_weights
from models import CharacterModel, Vocabulary

LETTERS = "abcdefghijklmnopqrst"


def letters(count: int, seed: int = 0) -> str:
    """Independent letters: a text without memory."""
    return "".join(np.random.default_rng(seed).choice(list(LETTERS), count))


def blank(layers: int, depth: int, hidden: int) -> CharacterModel:
    """A float64 network of zero weights but for a small random head."""
    torch.manual_seed(0)
    model = CharacterModel(Vocabulary(LETTERS), layers, depth, hidden).double()
    for parameter in model.parameters():
        parameter.data.zero_()
    model.head.weight.data.normal_()
    return model.requires_grad_(False)


def leak(tau: float) -> float:
    """The forget gate's bias that forgets with time constant tau."""
    return -math.log(math.exp(1 / tau) - 1)


def leaky_lstm(taus: list[float], layers: int = 1) -> CharacterModel:
    """Cells that add up the input and leak with `taus`: no gate is driven, nothing recurs."""
    H = len(taus)
    model = blank(layers, 1, H)
    for l in range(layers):
        level = model.rnn.layer(l)[0]
        level.weight_ih[2 * H : 3 * H].normal_(0, 0.05)
        level.bias[H : 2 * H] = torch.tensor([leak(tau) for tau in taus])
    return model


def leaky_nested(taus: list[float], outer_forget: float, gate: float) -> CharacterModel:
    """Inner cells that leak with `taus`; the outer cell reads them through o~.

    Args:
        outer_forget: bias of the outer forget gate, which must not matter.
        gate: 0 leaves o~ open (bias 20); above, the input drives it so strongly.
    """
    H = len(taus)
    model = blank(1, 2, H)
    outer, inner = model.rnn.layer(0)
    outer.weight_ih[2 * H : 3 * H].normal_(0, 1)
    outer.bias[H : 2 * H] = outer_forget
    inner.weight_ih[2 * H : 3 * H].normal_(0, 0.01)
    inner.bias[H : 2 * H] = torch.tensor([leak(tau) for tau in taus])
    if gate:
        inner.weight_ih[3 * H :].normal_(0, gate)
    else:
        inner.bias[3 * H :] = 20
    return model


def ar1(taus: list[float], count: int, seed: int) -> np.ndarray:
    """Stationary AR(1) series (count, U) of time constants `taus`."""
    draw = np.random.default_rng(seed)
    phi = np.exp(-1 / np.asarray(taus, float))
    noise = draw.standard_normal((count, len(phi)))
    noise[1:] *= np.sqrt(1 - phi**2)
    for t in range(1, count):
        noise[t] += phi * noise[t - 1]
    return noise


def fitted(series: np.ndarray, blocks: int = 40, resamples: int = 200) -> Estimates:
    """The Murray fit of series (T, U), cut and capped as a text is."""
    block = len(series) // blocks
    lags = lag_grid(min(400, block // 5))
    parts = [
        lagged(torch.from_numpy(series[b * block : (b + 1) * block, None]), 0, lags)
        for b in range(blocks)
    ]
    sums = np.stack([s.numpy()[:, :, 0] for s, _ in parts]).astype(np.float32)
    pairs = np.stack([p.numpy() for _, p in parts])
    weights = block_weights(blocks, resamples, 0)
    return by_fit(sums, pairs, lags, weights, min(len(series) / 50, block / 10))
