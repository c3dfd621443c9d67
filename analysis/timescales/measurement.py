"""One network read over one text, all five measures at once."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.timescales.blocks import BURN_IN, PASSAGES, Cut, cut, lag_grid
from analysis.timescales.bootstrap import Estimates, by_crossing, by_fit
from analysis.timescales.decay import Floats
from analysis.timescales.measures.autocorrelation import Products
from analysis.timescales.measures.context_swap import Swap
from analysis.timescales.measures.gate import Survival
from analysis.timescales.measures.impulse import Impulse
from analysis.timescales.measures.transplant import Group, Transplant, duration, groups, mean_loss
from analysis.timescales.memories import Memory, memories
from analysis.timescales.passages import Reader
from analysis.timescales.statistics import block_weights, percentile_interval
from models.networks import CharacterModel
from models.reading.engine import Engine

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""

DEAD = 1e-6
"""Standard deviation below which a unit carries nothing."""
SATURATED = 0.95
"""Share of the text at |tanh(c)| > 0.99 above which an innermost cell is stuck."""


@dataclass(frozen=True)
class Settings:
    """What a result depends on, beside the model and the text."""

    characters: int = 100_000  # at most
    resamples: int = 2000
    seed: int = 1


@dataclass(frozen=True)
class Loss:
    """What transplanting one group costs."""

    group: Group
    curve: Floats  # (K,), bits at the k-th character
    total: float  # bits
    total_low: float
    total_high: float
    tau: float
    low: float
    high: float
    samples: NDArray[np.float32]  # (resamples,), of tau

    @property
    def status(self) -> str:
        """Dead: no loss that the text can tell from none."""
        if self.total_low <= 0:
            return "dead"
        return "ok" if np.isfinite(self.tau) else "censored"


@dataclass(frozen=True)
class Measurement:
    """All that was measured; M memories of H units each, axes as `memories` orders them."""

    memories: list[Memory]
    cut: Cut
    lags: NDArray[np.int64]
    text_sha256: str
    dead: NDArray[np.bool_]  # (M, H)
    saturated: NDArray[np.bool_]  # (M, H), innermost cells, read and raw
    estimates: dict[str, list[Estimates]]  # by measure, one for each memory
    shuffled: list[Estimates]  # autocorrelation on shuffled text
    area: Floats  # (M, H), sum of the swap's curve over all lags >= 1
    between: Floats  # (lags, states, M), impulse from each state to each memory
    losses: list[Loss]


def measure(
    model: CharacterModel,
    text: str,
    settings: Settings = Settings(),
    progress: Progress = lambda what, done, of: None,
) -> Measurement:
    """All five measures of `model` on the first `settings.characters` of `text`.

    Needs about 1 GB whatever the text's length.

    Raises:
        TooShort: the text cannot carry the statistics.
    """
    text = text[: settings.characters]
    plan = cut(len(text))
    rnn, engine = model.rnn, Engine(model.rnn)
    like = rnn.layer(0)[0].weight_hh.detach()  # (4H, H), for its type
    rows = memories(rnn.layers, rnn.depth)
    lags = lag_grid(plan.window)
    M, bins = len(rows), plan.bins
    kinds = groups(rnn.layers, rnn.depth)

    products = Products(bins, lags, M, like)
    swap = Swap(bins, lags, M, like)
    impulse = Impulse(bins, lags, rnn, like, settings.seed)
    survival = Survival(bins, lags, rnn.layers, like)
    transplant = Transplant(bins, plan.window, kinds, like)
    reader = Reader(engine, model.vocabulary, text, plan, settings.seed)
    for n, passage in enumerate(reader.passages()):
        progress("reading", n, 2 * reader.count)
        assert reader.scale is not None
        products.add(passage, reader.scale)
        survival.add(passage)
        other, _ = engine.read(passage.symbols, passage.donor)
        swap.add(passage, other)
        transplant.add(passage, other, engine, model.head)
        impulse.add(passage, reader.scale)
    del passage, other
    shuffled = Products(bins, lags, M, like)
    for n, passage in enumerate(reader.passages(shuffled=True)):
        progress("reading shuffled text", reader.count + n, 2 * reader.count)
        assert reader.scale is not None
        shuffled.add(passage, reader.scale)
    assert reader.scale is not None
    scale = reader.scale.sd.numpy()

    weights = block_weights(bins, settings.resamples, settings.seed)
    once = np.ones((1, bins), np.float32)
    cap = min((plan.characters - BURN_IN) / 50, plan.block / 10)
    pairs = products.pairs.numpy()
    estimates: dict[str, list[Estimates]] = {"context_swap": [], "autocorrelation": []}
    estimates |= {"impulse": [], "gate": []}
    controls = []
    for m in range(M):
        progress("bootstrap", m, M)
        for name, sums in (("context_swap", swap.distances), ("impulse", impulse.responses)):
            estimates[name].append(by_crossing(sums.sums[:, :, m].numpy(), lags, weights))
        fitted = by_fit(products.sums[:, :, :, m].numpy(), pairs, lags, weights, cap)
        estimates["autocorrelation"].append(fitted)
        no_text = shuffled.sums[:, :, :, m].numpy()
        controls.append(by_fit(no_text, pairs, lags, once, cap))
    for l in range(rnn.layers):
        kept = survival.curves.sums[:, :, l].numpy()
        estimates["gate"].append(by_crossing(kept, lags, weights))
    progress("bootstrap", M, M)

    variance = _variance(products) * np.where(scale > 0, scale, 1) ** 2
    stuck = products.saturated.numpy() / products.characters > SATURATED
    inner = np.array([m.state == "c" and m.level == rnn.depth - 1 for m in rows])
    reads = np.array([m.value == "read" for m in rows])
    saturated = stuck & (inner & reads)[:, None]
    contexts = swap.distances.sums[:, 0].sum(0).numpy()
    return Measurement(
        memories=rows,
        cut=plan,
        lags=lags,
        text_sha256=hashlib.sha256(text[: plan.characters].encode()).hexdigest(),
        dead=(np.sqrt(np.maximum(variance, 0)) < DEAD) | (contexts <= 0),
        saturated=saturated,
        estimates=estimates,
        shuffled=controls,
        area=np.divide(
            swap.area.numpy(), contexts, out=np.zeros_like(contexts), where=contexts > 0
        ),
        between=impulse.between.sums.sum(0).numpy() / (plan.blocks * PASSAGES),
        losses=_losses(transplant, weights),
    )


def _variance(products: Products) -> Floats:
    """(M, H), in the units of the scale that was taken out."""
    z2, z, _ = products.sums[:, :, 0].sum(0).numpy()
    n = products.pairs[:, 0].sum().item()
    return np.asarray(z2 / n - (z / n) ** 2)


def _losses(transplant: Transplant, weights: NDArray[np.float32]) -> list[Loss]:
    """Each group's curve, total and duration with the bootstrap's intervals."""
    lost, count = transplant.lost.numpy(), transplant.count.numpy()
    weights = weights.astype(lost.dtype)
    bins, kinds, window = lost.shape
    drawn = (weights @ lost.reshape(bins, -1)).reshape(-1, kinds, window)
    totals, taus = duration(mean_loss(drawn, weights @ count))
    curves = mean_loss(lost.sum(0), count.sum(0))
    total, tau = duration(curves)
    total_low, total_high = percentile_interval(totals, bins)
    low, high = percentile_interval(taus, bins)
    tau = np.where(np.isfinite(high), tau, np.inf)  # as every other measure: or no number is given
    return [
        Loss(
            group=transplant.groups[g],
            curve=curves[g],
            total=float(total[g]),
            total_low=float(total_low[g]),
            total_high=float(total_high[g]),
            tau=float(tau[g]),
            low=float(low[g]),
            high=float(high[g]),
            samples=taus[:, g].astype(np.float32),
        )
        for g in range(kinds)
    ]
