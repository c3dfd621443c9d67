"""The words of the project: each has one meaning, and retired ones do not come back.

The table of words stands in CONTRIBUTING.md. Each of its nouns names one thing in the code:
`PLACES` lists the files in which a class, a function or a typedef may be named exactly so, and the
test reads every definition. Words inside longer names (`MemoryKeys`, `open_corpus`) and variables
are not checked: they are read in their context.
"""

import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]

RETIRED = {
    "but for": "except",
    "chrono start": "chrono initialisation",
    "for all eyes": "colour-blind safe",
    "in its stead": "instead",
    "let go": "unpin, drop",
    "lets go": "unpins, drops",
    "matrix product": "matmul",
    "matrix products": "matmuls",
    "own scale": "per-cell scale",
    "ran away": "saturated, diverged",
    "run away": "saturate, diverge",
    "runs away": "saturates, diverges",
    "what one would": "name the thing",
    "write on": "continue",
    "writes on": "continues",
}
"""A phrase that nobody is to read, and what to say instead."""

READ = ("*.py", "*.js", "*.html", "*.md", "*.css", "Makefile")

SPARED = ("tests/", "static/samples/", "CHANGELOG.md")
"""Tests quote what was wrong, sample texts are by others, and a changelog is not rewritten."""

PLACES = {
    "memory": (
        "models/memories.py",
        "analysis/timescales/memories.py",
        "analysis/corpus/cells.py",
        "static/base/memories.js",
    ),
    "trace": ("models/trace.py", "models/networks.py", "app/http/trace.py", "static/wire/trace.js"),
    "transcript": ("app/live/transcript.py",),
    "panel": ("app/live/messages.py", "static/state/", "static/views/"),
    "view": ("static/views/view.js",),
    "intervention": ("models/reading/intervention.py", "static/state/interventions.js"),
    "corpus": (
        "analysis/corpus/corpus.py",
        "static/wire/corpora.js",
    ),
    "saturated": ("analysis/timescales/activity.py", "static/views/forgetting/difference.js"),
}
"""Where something may be defined under exactly this name."""

DEFINED = re.compile(
    r"^\s*(?:export )?(?:async )?(?:class|def|function) (\w+)|@typedef \{object\} (\w+)", re.M
)

QUESTION = re.compile(
    r"(What|How|Whether|Where|Which|When|Why|Of|From|By|As|If|In|On|To|Tell whether) "
)
"""Openings of a docstring that names no thing and says no action; a predicate returns whether."""

WORDED = ("models/*.py", "analysis/*.py", "experiments/*.py", "app/*.py", "benchmarks/*.py")


def files(*patterns: str) -> list[str]:
    """The paths of the tracked files that match, without the spared ones."""
    listed = subprocess.run(
        ["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [path for path in listed.stdout.split() if not path.startswith(SPARED)]


def prose(text: str) -> str:
    """The text on one line: line breaks, and the comment signs that open a line, are one space."""
    return re.sub(r"\s*\n\s*(?:#|//|\*|>)?\s*", " ", text)


def test_nobody_reads_a_retired_word():
    any_of = "|".join(map(re.escape, RETIRED))
    found = [
        f'{path}: "{hit[0]}" (say: {RETIRED[hit[0].lower()]}): ...{hit[1]}'
        for path in files(*READ)
        for hit in re.findall(
            rf"\b({any_of})\b(.{{0,40}})", prose((ROOT / path).read_text("utf-8")), re.I
        )
    ]
    assert not found, "\n".join(found)


def test_a_docstring_names_a_thing_or_says_an_action():
    found = []
    for path in files(*WORDED):
        tree = ast.parse((ROOT / path).read_text("utf-8"))
        for node in ast.walk(tree):
            told = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            if told and isinstance(node.value.value, str) and QUESTION.match(node.value.value):
                found.append(f"{path}:{node.lineno}: {node.value.value.splitlines()[0]}")
    assert not found, "\n".join(found)


def test_a_word_of_the_table_names_one_thing():
    found = []
    for path in files("*.py", "*.js"):
        for names in DEFINED.findall((ROOT / path).read_text("utf-8")):
            word = "".join(names).lower()
            if word in PLACES and not path.startswith(PLACES[word]):
                found.append(f"{path}: {word}")
    assert not found, "\n".join(found)


def test_the_table_of_words_has_every_word_that_is_checked():
    table = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert not [word for word in PLACES if f"| {word} |" not in table]
