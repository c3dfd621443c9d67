"""A ranking agrees with the rank-sum test, finds what was planted, and calls chance chance."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import stats
from written_corpora import a_text, write_corpus

from analysis.atlas.__main__ import dumps
from analysis.atlas.atlas import atlas, held_stretches, timescales_of
from analysis.corpus.cells import Cell, Network
from analysis.corpus.engines import local
from analysis.corpus.index import index
from analysis.selectivity.__main__ import arguments, run
from analysis.selectivity.chance import LEVEL, chance, draw_shifts
from analysis.selectivity.counts import count
from analysis.selectivity.features import FEATURES
from analysis.selectivity.features.brackets import FEATURE as BRACKETS
from analysis.selectivity.features.feature import Feature
from analysis.selectivity.features.literal import literal
from analysis.selectivity.features.quotes import FEATURE as QUOTES
from analysis.selectivity.ranking import Rare, rank, recent_auc
from models import CharacterModel, Vocabulary, save_checkpoint

values_and_label = st.integers(2, 60).flatmap(
    lambda T: st.tuples(
        arrays.arrays(np.int8, (T, 3), elements=st.sampled_from([-127, -3, 0, 1, 2, 127])),
        arrays.arrays(bool, T).filter(lambda label: 0 < label.sum() < len(label)),
    )
)


def auc_of(values, label):
    """By pairs, from the definition."""
    inside, outside = values[label].astype(int), values[~label].astype(int)
    differences = inside[:, None] - outside[None]
    return ((differences > 0) + 0.5 * (differences == 0)).mean((0, 1))


@given(case=values_and_label, cut=st.integers(0, 60))
def test_the_auc_is_that_of_pairs_and_of_the_rank_sum(case, cut):
    values, label = case
    counts = count([values[:cut], values[cut:]], label)
    np.testing.assert_allclose(counts.auc(), auc_of(values, label), atol=1e-12)
    rank_sum = stats.mannwhitneyu(values[label], values[~label]).statistic
    np.testing.assert_allclose(counts.auc() * label.sum() * (~label).sum(), rank_sum)
    inside, outside = counts.means()
    np.testing.assert_allclose(inside, values[label].mean(0) / 127)
    np.testing.assert_allclose(outside, values[~label].mean(0) / 127)


@settings(max_examples=50)
@given(case=values_and_label, cut=st.integers(0, 60), seed=st.integers(0, 9))
def test_chance_is_the_best_cell_under_shifted_labels(case, cut, seed):
    values, label = case
    counts = count([values], label)
    found = chance([values[:cut], values[cut:]], counts, label, shifts=7, seed=seed)
    shifts = draw_shifts(len(label), 7, seed)
    assert ((shifts > 0) & (shifts < len(label))).all()
    best = [np.abs(auc_of(values, np.roll(label, s)) - 0.5).max() for s in shifts]
    np.testing.assert_allclose(found.best, best, atol=1e-6)
    sizes = counts.auc()
    expected = [(1 + sum(b >= abs(size - 0.5) - 1e-6 for b in best)) / 8 for size in sizes]
    np.testing.assert_allclose(found.p(sizes), expected)


def noise(T, network, seed):
    """Values without any tie to a text, some slow, some fast."""
    draw = np.random.default_rng(seed)
    keep = np.linspace(0, 0.99, network.size)
    values = draw.standard_normal((T, network.size))
    for t in range(1, T):
        values[t] = keep * values[t - 1] + np.sqrt(1 - keep**2) * values[t]
    return np.clip(40 * values, -127, 127).astype(np.int8)


def irregular(T, seed):
    """A label whose stretches have random lengths: a regular one is its own shift."""
    draw = np.random.default_rng(seed)
    lengths = draw.integers(10, 60, T)
    return (np.repeat(np.arange(T), lengths)[:T] % 2).astype(bool)


def test_a_ranking(tmp_path):
    """Two cells that tell the feature among 12, one of them by its low values."""
    network, T = Network("lstm", 1, 2, 6), 4000
    values, text = noise(T, network, 0), a_text(T)
    label = irregular(T, 0)
    values[:, 7] = np.where(label, 90, 10)
    values[:, 3] = np.where(label ^ (np.arange(T) % 7 == 0), -50, 50)
    corpus = write_corpus(tmp_path / "c", values, text, network, part=1500)
    ranking = rank(corpus, text, label, listed=5)
    first, second, *others = ranking.rows
    assert (first.cell, first.sign, first.auc) == (Cell(0, 1, 1), 1, 1.0)
    assert (first.low, first.high, first.first, first.second) == (1, 1, 1, 1)
    assert (second.cell, second.sign) == (Cell(0, 0, 3), -1)
    assert second.auc == pytest.approx(1 - auc_of(values[:, [3]], label)[0])
    assert second.low < second.auc < second.high
    assert second.first == pytest.approx(1 - auc_of(values[:2000, [3]], label[:2000])[0])
    assert second.inside == pytest.approx(values[label, 3].mean() / 127)
    assert first.real
    assert second.real
    assert [row.auc for row in ranking.rows] == sorted((r.auc for r in ranking.rows), reverse=True)
    assert len(others) == 3
    assert max(row.auc for row in others) < second.auc
    starts = label & ~np.roll(label, 1)
    assert (ranking.runs, ranking.share) == (starts.sum(), label.mean())
    assert ranking.characters == T
    # Only part of the text, and only some memories listed.
    part = rank(corpus, text, label, start=500, stop=2100, keep=lambda cell: cell.level == 0)
    assert part.rows[0].cell == Cell(0, 0, 3)
    assert part.rows[0].auc == pytest.approx(1 - auc_of(values[500:2100, [3]], label[500:2100])[0])
    assert {row.cell.level for row in part.rows} == {0}


def test_what_is_rare_is_refused(tmp_path):
    network = Network("lstm", 1, 1, 2)
    text = a_text(500)
    corpus = write_corpus(tmp_path / "c", noise(500, network, 0), text, network, part=500)
    for label in (np.arange(500) < 19, np.arange(500) >= 19):
        with pytest.raises(Rare, match="of 500 characters have the feature: at least 20 must have"):
            rank(corpus, text, label)


def test_noise_is_chance_in_nearly_every_text():
    """Of 60 labels with long runs over slow noise, as many as p says are called real: few."""
    network, T = Network("lstm", 1, 1, 30), 3000
    called = 0
    for seed in range(60):
        values = noise(T, network, seed)
        draw = np.random.default_rng(seed + 1000)
        label = np.repeat(draw.random(T // 50) < 0.3, 50)
        counts = count([values], label)
        called += bool(chance([values], counts, label, 99, seed).p(counts.auc()).min() < 0.05)
    assert called <= 8  # 3 expected; 8 or more has a probability of 1 % if p is right


def from_the_other_half(text, label, characters, block):
    """The AUC by pairs; each place is scored by the same last characters in the other blocks."""
    half = np.arange(len(text)) // block % 2
    scores = np.empty(len(text))
    for k in range(len(text)):
        scores[k] = label.mean()
        for size in range(1, characters + 1):
            last = text[max(0, k - size + 1) : k + 1].rjust(size, "^")
            same = [
                label[j]
                for j in np.flatnonzero(half != half[k])
                if text[max(0, j - size + 1) : j + 1].rjust(size, "^") == last
            ]
            scores[k] = (sum(same) + scores[k]) / (len(same) + 1)
    differences = scores[label][:, None] - scores[~label][None]
    return ((differences > 1e-12) + 0.5 * (np.abs(differences) <= 1e-12)).mean()


@settings(deadline=None, max_examples=50)
@given(
    text=st.text(st.sampled_from("abc"), min_size=40, max_size=80),
    characters=st.integers(1, 4),
    seed=st.integers(0, 9),
)
def test_the_last_characters_of_a_short_text_are_judged_by_its_other_half(text, characters, seed):
    label = np.random.default_rng(seed).random(len(text)) < 0.4
    if not 0 < label.sum() < len(label):
        return
    expected = from_the_other_half(text, label, characters, -(-len(text) // 2))
    assert recent_auc(text, label, characters) == pytest.approx(expected)


def test_the_last_characters_are_judged_in_blocks_that_they_were_not_counted_in():
    """The block of 200 characters is every second one."""
    draw = np.random.default_rng(5)
    text = "".join(draw.choice(list("abc"), 900))
    label = np.array([text[max(0, k - 1) : k + 1] in ("ab", "ca") for k in range(900)])
    label ^= draw.random(900) < 0.1
    for characters in (1, 4):
        expected = from_the_other_half(text, label, characters, 200)
        assert recent_auc(text, label, characters) == pytest.approx(expected)
    assert recent_auc(text, label) > recent_auc(text, label, 1) + 0.1


def half_marked(half):
    """4,000 characters that have the literal XYZW in one half only."""
    letters_ = np.random.default_rng(7).choice(list("abc "), 4000)
    for k in range(2000 * half, 2000 * half + 2000, 50):
        letters_[k : k + 4] = list("XYZW")
    return "".join(letters_)


@pytest.mark.parametrize("half", [0, 1])
def test_what_one_half_of_the_text_has_is_known_to_the_last_characters(half, tmp_path, capsys):
    """It was 0.5 where the literal is in the second half only, and NaN in the first."""
    network, text = Network("lstm", 1, 1, 3), half_marked(half)
    label = literal("XYZW").mark(text)
    assert recent_auc(text, label, 1) == recent_auc(text, label) == 1
    values = noise(4000, network, 0)
    values[:, 1] = np.where(label, 100, -100)
    write_corpus(tmp_path / "c", values, text, network, part=4000)
    asked = ["--corpus", str(tmp_path / "c"), "--literal", "XYZW"]
    run(arguments().parse_args(asked))
    assert "the last 4 characters 1.000; the best is beyond chance" in capsys.readouterr().out
    run(arguments().parse_args([*asked, "--json"]))
    told = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    (best, *_) = told["rows"]
    assert best["cell"] == [0, 0, 1]
    assert (best["first"], best["second"]) == ((1, None) if half == 0 else (None, 1))


def bracket_text(characters, seed, length=60):
    """Random letters; brackets around some stretches, long beside a network's memory."""
    draw = np.random.default_rng(seed)
    parts, size = [], 0
    while size < characters:
        outside, inside = draw.integers(length // 2, 2 * length, 2)
        letters_ = "".join(draw.choice(list("abcdefgh "), outside + inside))
        parts.append(f"{letters_[:outside]}({letters_[outside:]})")
        size += outside + inside + 2
    return "".join(parts)[:characters]


SYMBOLS = Vocabulary("()abcdefgh ")


def random_network(seed, hidden=32, layers=1, depth=2, vocabulary=SYMBOLS):
    torch.manual_seed(seed)
    model = CharacterModel(vocabulary, layers, depth, hidden)
    model.initialise()
    return model.requires_grad_(False)


def with_bracket_cell(model, cell=7):
    """Its inner cell 7 becomes 1 at an opening bracket, -1 at a closing one, and stays so between.

    The inner cell reads x~ = i * a of the outer one, whose gate i is open here: a of cell 7 is the
    bracket with its sign, a of cell 8 is whether there is one.
    """
    outer, inner = model.rnn.layer(0)
    H = model.rnn.hidden
    opening, closing = SYMBOLS.symbol("("), SYMBOLS.symbol(")")
    for unit, (by_opening, by_closing) in {cell: (4.0, -4.0), cell + 1: (1.0, 1.0)}.items():
        i, f, g, o = (gate * H + unit for gate in range(4))
        for weight in (outer.weight_ih, outer.weight_hh, outer.bias):
            weight[[i, f, g, o]] = 0
        outer.bias[i] = 20
        outer.weight_ih[g, opening], outer.weight_ih[g, closing] = by_opening, by_closing
    i, f, g, o = (gate * H + cell for gate in range(4))
    for weight in (inner.weight_ih, inner.weight_hh, inner.bias):
        weight[[i, f, g, o]] = 0
    inner.weight_ih[i, cell + 1], inner.bias[i] = 40, -20  # takes in at a bracket only
    inner.weight_ih[f, cell + 1], inner.bias[f] = -40, 20  # keeps everywhere else
    inner.weight_ih[g, cell] = 1
    return model


def indexed(model, text, folder):
    checkpoint = folder / "net.safetensors"
    save_checkpoint(checkpoint, model)
    return index(checkpoint, [text], "text", folder / "c", local.ENGINE, part=100_000)


def test_a_planted_bracket_cell_is_found_first(tmp_path):
    text = bracket_text(12_000, 0)
    corpus = indexed(with_bracket_cell(random_network(0)), text, tmp_path)
    ranking = rank(corpus, text, BRACKETS.mark(text))
    # Its inner memory, and the outer one that reads it.
    first, second, third = ranking.rows[:3]
    assert {first.cell, second.cell} == {Cell(0, 1, 7), Cell(0, 0, 7)}
    assert (first.sign, second.sign) == (1, 1)
    assert min(first.auc, first.low, first.first, first.second) > 0.99
    assert first.real
    assert third.auc < second.auc  # others read it, too, and tell it less well


def test_no_cell_of_a_random_network_is_called_real(tmp_path):
    """Long brackets: what a random network keeps of the mark itself is soon gone."""
    called, text = 0, bracket_text(6000, 1, length=400)
    label = BRACKETS.mark(text)
    for seed in range(25):
        folder = tmp_path / str(seed)
        folder.mkdir()
        corpus = indexed(random_network(seed), text, folder)
        called += rank(corpus, text, label, listed=1, shifts=99).rows[0].real
    assert called <= 2


def test_no_cell_of_a_random_network_is_called_real_on_prose(tmp_path):
    """Speech has words of its own, which random states echo; the last characters tell as much."""
    text = (Path(__file__).parents[3] / "corpora/war-and-peace.txt").read_text("utf-8")[:12_000]
    label = QUOTES.mark(text)
    vocabulary, called, by_chance_alone = Vocabulary(sorted(set(text))), 0, 0
    for seed in range(25):
        folder = tmp_path / str(seed)
        folder.mkdir()
        corpus = indexed(random_network(seed, vocabulary=vocabulary), text, folder)
        (best,) = rank(corpus, text, label, listed=1, shifts=99).rows
        called += best.real
        by_chance_alone += best.p < LEVEL
    assert called <= 2
    assert by_chance_alone > 2  # without that second condition


def test_an_atlas_names_what_holds_on_the_other_half(tmp_path):
    """One cell tells on both halves, another on the first only; a third feature is not there."""
    network, T = Network("lstm", 1, 2, 4), 8000
    values, text = noise(T, network, 0), a_text(T)
    even, odd = irregular(T, 1), irregular(T, 2)
    values[:, 5] = np.where(even, -60, 60)
    values[: T // 2, 2] = np.where(odd, 100, -100)[: T // 2]
    features = [
        Feature("even", "even", lambda text: even),
        Feature("odd", "odd", lambda text: odd),
        Feature("none", "none", lambda text: np.zeros(T, bool)),
    ]
    corpus = write_corpus(tmp_path / "c", values, text, network, part=3000)
    report = {
        "sha256": "0" * 64,
        "units": [
            {
                "layer": 0,
                "level": 1,
                "state": "c",
                "value": value,
                "unit": unit,
                "measure": "context_swap",
                "tau": 10.0 * unit,
                "low": 9.0 * unit,
                "high": 11.0 * unit,
                "status": "ok" if unit else "dead",
            }
            for value in ("raw", "read")
            for unit in range(4)
        ],
    }
    found = atlas(corpus, features, report, examples=True)
    assert found == json.loads(dumps(found))
    (entry,) = found["found"]
    assert (entry["feature"], entry["layer"], entry["level"], entry["cell"]) == ("even", 0, 1, 1)
    assert (entry["sign"], entry["auc"], entry["held_out"], entry["low"]) == (-1, 1, 1, 1)
    assert entry["timescale"] == {"tau": 10.0, "low": 9.0, "high": 11.0, "status": "ok"}
    example = entry["example"]
    assert example["text"] == text[example["start"] :][:400]
    assert example["start"] >= T // 2
    missing = {entry["feature"]: entry for entry in found["not_found"]}
    assert set(missing) == {"odd", "none"}
    assert missing["odd"]["best"]["cell"] == 2
    assert missing["odd"]["best"]["auc"] == 1
    assert missing["odd"]["best"]["held_out"] < 0.7
    assert "0 of 4,000 characters have the feature" in missing["none"]["reason"]
    assert [entry["cell"] for entry in found["lasting"]] == [3, 2, 1]
    other = atlas(corpus, features[:1], report | {"sha256": "1" * 64})
    assert other["lasting"] == []
    assert other["found"][0]["timescale"] is None
    assert "example" not in other["found"][0]


def test_one_symbol_of_a_kind_gives_no_cell_its_name(tmp_path):
    """In Penn Treebank N stands for every number, and no other letter is a capital."""
    rng = np.random.default_rng(5)
    network = Network("lstm", 1, 1, 2)
    text = "".join(rng.choice(list("Nab e"), 6000))
    values = np.zeros((len(text), network.size), np.int8)
    values[:, 0] = [100 if c == "N" else -100 for c in text]
    values[:, 1] = rng.integers(-127, 128, len(text))
    corpus = write_corpus(tmp_path / "one", values, text, network, part=2000)
    found = atlas(corpus, FEATURES)
    assert "capital" not in {entry["feature"] for entry in found["found"]}
    (missing,) = (entry for entry in found["not_found"] if entry["feature"] == "capital")
    assert missing["reason"] == "the only one in the text is N"
    # With a second capital letter the same cell is named.
    text = text.replace("b", "B")
    values[:, 0] = [100 if c.isupper() else -100 for c in text]
    corpus = write_corpus(tmp_path / "two", values, text, network, part=2000)
    named = {entry["feature"]: entry["cell"] for entry in atlas(corpus, FEATURES)["found"]}
    assert named["capital"] == 0
    # A feature that is one symbol keeps its name.
    assert "space" not in {entry["feature"] for entry in found["found"]}
    assert all("only one" not in e["reason"] for e in found["not_found"] if e["feature"] == "space")


def test_the_command(tmp_path, capsys):
    network, T = Network("lstm", 2, 1, 3), 2000
    text = "in (a) word 1\n" * (T // 14 + 1)
    text = text[:T]
    values = noise(T, network, 0)
    values[:, 4] = np.where(BRACKETS.mark(text), 100, -100)
    write_corpus(tmp_path / "c", values, text, network, part=T)
    folder = ["--corpus", str(tmp_path / "c")]
    run(arguments().parse_args([*folder, "--feature", "brackets", "--literal", "word"]))
    said = capsys.readouterr().out
    assert "inside brackets: 14.3% of 2,000 characters" in said
    assert "the best is beyond chance" in said  # an "a" is always inside: no memory is needed
    assert "1 layer 2" in said
    assert "the literal 'word'" in said
    run(arguments().parse_args([*folder, "--feature", "digit", "--json", "--count", "2"]))
    line = json.loads(capsys.readouterr().out)
    assert (line["feature"], len(line["rows"]), line["characters"]) == ("digit", 2, T)
    for wrong, sentence in (
        ([], "give a --feature"),
        (["--feature", "nouns"], "there is no feature 'nouns'; there are: quotes, brackets"),
        (["--pattern", "("], "the regular expression is refused"),
        (["--feature", "quotes"], "0 of 2,000 characters have the feature"),
    ):
        with pytest.raises(ValueError, match=sentence):
            run(arguments().parse_args([*folder, *wrong]))


def test_the_command_says_what_the_best_cell_is_beyond(tmp_path, capsys):
    """Brackets too long for the last characters: the cell is beyond chance and beyond them."""
    network, text = Network("lstm", 1, 1, 3), bracket_text(4000, 0)
    values = noise(4000, network, 0)
    values[:, 1] = np.where(BRACKETS.mark(text), 100, -100)
    write_corpus(tmp_path / "c", values, text, network, part=4000)
    run(arguments().parse_args(["--corpus", str(tmp_path / "c"), "--feature", "brackets"]))
    assert "the best is beyond both" in capsys.readouterr().out


def test_the_timescales_of_a_gru_are_those_of_its_h():
    folder = Path(__file__).parents[3] / "checkpoints"
    report = json.loads((folder / "gru-war-and-peace.timescales.json").read_text("utf-8"))
    found = timescales_of(report, report["sha256"])
    assert set(found) == {Cell(0, 0, k) for k in range(256)}
    row = next(r for r in report["units"] if (r["measure"], r["unit"]) == ("context_swap", 7))
    assert found[Cell(0, 0, 7)] == {name: row[name] for name in ("tau", "low", "high", "status")}


def test_the_features_are_what_an_atlas_looks_for():
    assert {"quotes", "space", "word-start", "newline", "capital", "digit"} <= {
        feature.key for feature in FEATURES
    }


def test_a_cell_holds_through_a_stretch_that_it_is_on_in_and_that_ends_in_sight():
    label = np.array([0, 1, 1, 1, 0, 1, 1, 0, 0, 1, 1, 1, 1], bool)
    on = np.where(label, 0.5, -0.5).astype(np.float32)
    assert held_stretches(label, on) == [3, 2]  # the last stretch has no end here
    on[2] = -0.5  # two thirds are less than nine tenths
    assert held_stretches(label, on) == [2]
    assert held_stretches(label, -on) == []
