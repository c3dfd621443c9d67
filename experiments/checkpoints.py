"""Ship a finished run to checkpoints/, and list what is there.

    python -m experiments.checkpoints --ship runs/nested-ptb/final.safetensors nested-ptb
    python -m experiments.checkpoints            # writes the tables of checkpoints/README.md

In the shipped file of a text network, a tensor is float16 if that changes no value of a trace by
1e-3 or more; otherwise it is float32. A network on digits or poems is float16 throughout, and is
scored that way.
"""

import argparse
import copy
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from analysis.passage import PASSAGE
from experiments.datasets import mnist, quatrains
from experiments.paper import POETRY
from experiments.report.origins import ORIGINS, section
from experiments.report.wording import network
from experiments.tasks.digits import Glimpses
from experiments.tasks.poems import Poems
from experiments.tasks.task import Task
from experiments.train.settings import Settings, typed
from models import CharacterModel, GlimpseClassifier, Vocabulary, load_checkpoint, save_checkpoint
from models.files import write_aside

FOLDER = Path("checkpoints")
TOLERANCE = 1e-3
MARK = "<!-- {}: python -m experiments.checkpoints -->\n"
END = "<!-- end of {} -->\n"
RANDOM = 200  # sequences of any symbols, for alphabets that no passage shows


def ship(source: Path, name: str, data: Path = Path("data")) -> None:
    """Copy a finished run's checkpoint to checkpoints/NAME, its tensors in float16 or float32.

    See above for which.

    Args:
        data: folder with the digits or the poems; only a network trained on them needs it.
    """
    model = load_checkpoint(source)
    target = FOLDER / f"{name}.safetensors"
    training, scores = model.card.training, model.card.scores
    if training.get("data") not in ORIGINS:
        raise SystemExit(
            f"{source} was trained on {training.get('data')!r}: state the origin and the terms of "
            "that data in experiments/report/origins.py first"
        )
    if isinstance(model, CharacterModel) and training["data"] != POETRY.data:
        half = harmless(model)
    else:
        half, scores = rounded(model, data)
    save_checkpoint(target, model, training, scores, half)
    print(f"{target}: {target.stat().st_size} bytes, float16: {', '.join(half) or 'none'}")


def rounded(
    model: CharacterModel | GlimpseClassifier, data: Path
) -> tuple[list[str], dict[str, float]]:
    """Round all weights to float16. Return their names and the scores of the rounded network."""
    for tensor in model.state_dict().values():
        tensor.copy_(tensor.half())
    settings = Settings.recorded(model.card.training)
    task: Task
    if isinstance(model, CharacterModel):
        task = Poems(quatrains.load(data), settings)
    else:
        task = Glimpses(mnist.load(data), settings)
    return list(model.state_dict()), task.scores(model, ("valid", "test"), full=True)


def harmless(model: CharacterModel) -> list[str]:
    """The tensors that can be float16 with all displayed values within TOLERANCE."""
    texts = list(texts_for(model.vocabulary))
    for names in choices(model):
        rounded = copy.deepcopy(model)
        for name, tensor in rounded.state_dict().items():
            if name in names:
                tensor.copy_(tensor.half())
        difference = max(
            np.abs(rounded.trace(text).display - model.trace(text).display).max() for text in texts
        )
        print(f"{len(names)} tensors in float16 change a displayed value by {difference:.1e}")
        if difference < TOLERANCE:
            return names
    return []


def texts_for(vocabulary: Vocabulary) -> Iterator[str]:
    """The paper's passage, and random sequences of symbols, each as long as a poem."""
    yield PASSAGE
    random = np.random.default_rng(0)
    letters = [symbol for symbol in vocabulary if len(symbol) == 1]
    for _ in range(RANDOM):
        yield "".join(random.choice(letters, 20))


def choices(model: CharacterModel) -> Iterator[list[str]]:
    """Candidate sets of float16 tensors, the largest first.

    All tensors; the tensors with one row or column per symbol (nearly the whole file if the
    alphabet is large, and their rounding is not fed back); the output layer, which no cell reads.
    """
    tensors = model.state_dict()
    yield list(tensors)
    yield [name for name, tensor in tensors.items() if len(model.vocabulary) in tensor.shape]
    yield [name for name in tensors if name.startswith("head.")]


def shipped() -> Iterator[tuple[Path, CharacterModel | GlimpseClassifier]]:
    """The networks trained here, by name; of one converted from elsewhere no data are recorded."""
    for path in sorted(FOLDER.glob("*.safetensors")):
        model = load_checkpoint(path)
        if "data" in model.card.training:
            yield path, model


def table() -> str:
    """Two Markdown blocks: one table row per checkpoint, and one command per checkpoint."""
    rows = [
        "| name | network | parameters | data | epochs | seed | valid | test | saturated |",
        "|---|---|--:|---|--:|--:|--:|--:|--:|",
    ]
    commands = []
    for path, model in shipped():
        card, training, scores = model.card, model.card.training, model.card.scores
        rows.append(
            f"| `{path.stem}` | {network(vars(card))} "
            f"| {model.parameters_count:,} | {training['data']} | {training['epoch']} of "
            f"{training['epochs']} | {training['seed']} | {figure(scores, 'valid')} "
            f"| {figure(scores, 'test')} | {scores['saturated']:.1%} |"
        )
        commands.append(
            f"    # {path.stem}\n    {typed(training['data'], Settings.recorded(training))}"
        )
    return "\n".join(rows) + "\n\n" + "\n".join(commands) + "\n"


def figure(scores: Mapping[str, float], part: str) -> str:
    """The score of a network in words: bits per character, or accuracy on digits."""
    if f"{part}_bpc" in scores:
        return f"{scores[f'{part}_bpc']:.3f}"
    return f"{scores[f'{part}_accuracy']:.2%}"


def weights() -> str:
    """The origin and the terms of every checkpoint's weights."""
    return section((path.stem, model.card.training["data"]) for path, model in shipped())


def rewritten(readme: str) -> str:
    """The README with its two tables brought up to date."""
    for name, written in (("table", table()), ("weights", weights())):
        before, rest = readme.split(MARK.format(name))
        after = rest.split(END.format(name))[1]
        readme = before + MARK.format(name) + written + END.format(name) + after
    return readme


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="python -m experiments.checkpoints",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--ship", nargs=2, metavar=("FILE", "NAME"))
    parser.add_argument(
        "--data",
        type=Path,
        default=Path("data"),
        help="folder with mnist/ and chinese_quatrains_zl2014/",
    )
    options = parser.parse_args()
    if options.ship:
        ship(Path(options.ship[0]), options.ship[1], options.data)
    readme = FOLDER / "README.md"
    write_aside(readme, rewritten(readme.read_text("utf-8")).encode())
