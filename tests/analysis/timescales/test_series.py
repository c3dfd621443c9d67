"""Estimators against series whose timescale is known."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from planted_networks import ar1, fitted

from analysis.timescales.blocks import LEAST_TEXT, TooShort, cut, lag_grid
from analysis.timescales.decay import SHORTEST, crossing, pooled
from analysis.timescales.measures.autocorrelation import Murray, two_timescales
from analysis.timescales.measures.gate import survival
from analysis.timescales.measures.transplant import duration


@pytest.mark.parametrize("tau", [2, 5, 11, 20, 33, 80])
def test_fit_finds_the_time_constant_of_a_long_autoregression(tau):
    found = fitted(ar1([tau] * 24, 2000 * tau, seed=tau), resamples=1)
    assert np.median(found.tau) == pytest.approx(tau, rel=0.05)
    assert np.std(found.tau) < 0.15 * tau
    assert np.median(found.extras["amplitude"]) == pytest.approx(1, rel=0.05)


@pytest.mark.parametrize(("tau", "count"), [(1.5, 12_000), (4, 20_000), (9, 40_000)])
def test_interval_covers_the_planted_timescale_in_ninety_of_a_hundred(tau, count):
    found = fitted(ar1([tau] * 100, count, seed=7))
    near = np.abs(found.tau / tau - 1) < 0.01
    assert np.mean(((found.low <= tau) & (tau <= found.high)) | near) >= 0.9
    assert np.median(found.high / found.low) < 1.6


@pytest.mark.parametrize(("tau", "count"), [(100, 4_000), (50, 2_400), (300, 14_000)])
def test_a_series_too_short_for_its_timescale_gives_no_number(tau, count):
    found = fitted(ar1([tau] * 50, count, seed=3))
    assert np.all(np.isinf(found.tau))


def test_noise_forgets_within_a_character():
    found = fitted(np.random.default_rng(1).standard_normal((20_000, 20)))
    assert np.all(found.tau < 1)
    assert np.all(found.high < 1)


@pytest.mark.parametrize("noise", [0, 0.3])
def test_a_cell_latched_for_longer_than_a_block_gives_no_number(noise):
    """rho is 1, or 0.92, at every lag: no fall is seen."""
    draw = np.random.default_rng(6)
    latched = np.repeat(draw.choice([-1.0, 1.0], (40, 8)), 2000, 0)
    found = fitted(latched + noise * draw.standard_normal(latched.shape))
    assert found.curves[1:].min() > 0.85
    assert np.all(np.isinf(found.tau))


def test_the_fall_to_the_first_lag_is_told_as_it_is():
    """A hump: rho(1) is 0.6, and no exponential falls from there."""
    lags = lag_grid(400)
    rho = np.linspace(0.6, 0.9, len(lags) - 1)
    rho[-1] = 0.1
    (tau,) = Murray(lags, 200)(rho[:, None]).tau
    assert tau == pytest.approx(-1 / np.log(0.6))


def test_a_fast_gate_shows_in_the_amplitude_not_in_the_fit():
    draw = np.random.default_rng(2)
    slow = ar1([20, 12], 100_000, seed=4)
    gated = slow * draw.integers(0, 2, slow.shape)
    found = fitted(gated, blocks=49, resamples=50)
    assert np.all(np.abs(found.tau / [20, 12] - 1) < 0.15)
    assert np.all(np.abs(found.extras["amplitude"] - 0.5) < 0.05)
    lags = lag_grid(400)[: len(found.curves)]
    assert np.all(crossing(lags, found.curves) < 0.5 * found.tau)  # the measure not used


def test_two_timescales_are_told_from_one():
    lags = lag_grid(400)
    mixed = (ar1([3], 100_000, 1) + ar1([60], 100_000, 2))[:, 0]
    found = fitted(np.stack([mixed, ar1([25], 100_000, 3)[:, 0]], 1), blocks=49, resamples=10)
    exact = np.exp(-lags[1:, None] / 30.0)
    fits = Murray(lags, 200)
    assert not two_timescales(lags, exact, fits(exact), 200)[0]
    assert found.extras["two_timescales"][0]


@given(st.floats(0.3, 150), st.floats(0.1, 2))
@settings(max_examples=50, deadline=None)
def test_fit_and_crossing_are_exact_on_exponentials(tau, amplitude):
    lags = lag_grid(400)
    curve = np.exp(-lags / tau)[:, None]
    assert crossing(lags, curve)[0] == pytest.approx(tau, rel=1e-9)
    if amplitude * np.exp(-1 / tau) > 0.06:
        fit = Murray(lags, 200)(amplitude * curve[1:] - 0.03)
        assert fit.tau[0] == pytest.approx(tau, rel=2e-3)
        assert fit.amplitude[0] == pytest.approx(amplitude, rel=1e-2)


def test_crossing_is_floored_and_open_ended():
    lags = np.array([0, 1, 2])
    curves = np.array([[1.0, 1.0, 1.0], [0.0, 0.9, 0.5], [0.0, 0.8, 0.2]])
    found = crossing(lags, curves)
    assert found[0] == SHORTEST
    assert np.isinf(found[1])
    assert 1 < found[2] < 2
    assert not pooled(np.zeros((3, 2))).any()


@given(st.floats(0.5, 60))
@settings(max_examples=30, deadline=None)
def test_transplant_duration_of_an_exponential_loss(tau):
    k = np.arange(1, 401)
    total, found = duration(np.exp(-k / tau)[None])
    assert found[0] == pytest.approx(tau, rel=0.01)
    assert total[0] == pytest.approx(1 / (np.exp(1 / tau) - 1), rel=0.02)


def test_transplant_duration_is_censored_and_needs_a_loss():
    k = np.arange(1, 401)
    assert np.isinf(duration(np.exp(-k / 200)[None])[1][0])
    assert np.isinf(duration(-np.exp(-k / 5)[None])[1][0])
    assert np.isinf(duration(np.zeros((1, 400)))[1][0])


def test_survival_is_the_mean_product_of_the_gates():
    gates = torch.rand(2, 60, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    lags = lag_grid(40)
    found = survival(gates, lags)
    for n, k in enumerate(lags):
        starts = range(0, 60 - k + 1, 8)
        wanted = np.mean([gates[:, t : t + k].prod(1).numpy() for t in starts], 0)
        assert np.allclose(found[:, n], wanted, rtol=1e-9)
    closed = survival(torch.zeros(1, 60, 1), lags)
    assert closed[0, 0, 0] == 1
    assert closed[0, 1:].max() < 1e-30


@given(st.integers(LEAST_TEXT, 3_000_000))
def test_a_cut_fits_the_text_and_its_groups_cover_it(characters):
    plan = cut(characters)
    assert plan.characters <= characters
    assert plan.blocks >= 40
    groups = plan.groups(13)
    assert [b for group in groups for b in group] == list(range(plan.blocks))
    assert min(len(group) for group in groups) >= 2
    assert {plan.bin(b) for b in range(plan.blocks)} == set(range(plan.bins))


def test_a_short_text_is_refused_with_the_length_that_would_do():
    with pytest.raises(TooShort, match="8,500"):
        cut(LEAST_TEXT - 1)
