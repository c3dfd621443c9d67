"""The shell of the commands: what is refused is one sentence, exit status 2, and no traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from random_models import write_checkpoints
from written_corpora import write_corpus

from analysis import passage
from analysis.atlas import __main__ as atlas
from analysis.command import carry_out
from analysis.corpus import __main__ as corpus
from analysis.corpus.cells import Network
from analysis.corpus.layout import DESCRIPTION
from analysis.effects import __main__ as effects
from analysis.selectivity import __main__ as selectivity
from analysis.timescales import __main__ as timescales
from analysis.timescales import seeds, table
from analysis.timescales.schema import Report

ROOT = Path(__file__).parents[2]
LONG = "x" * 300
HUGE = "9" * 5000


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Checkpoints, a text, one whose name is not UTF-8, a corpus, and files of other models."""
    folder = tmp_path_factory.mktemp("command")
    write_checkpoints(folder)
    text = '"The caf\u00e9", he said.\n' * 30
    (folder / "text").write_text(text, "utf-8")
    with open(os.fsencode(folder) + b"/te\xffxt", "w", encoding="utf-8") as file:
        file.write(text)
    network = Network("lstm", 1, 1, 3)
    values = np.random.default_rng(0).integers(-127, 128, (len(text), 3)).astype(np.int8)
    write_corpus(folder / "corpus", values, text, network, part=100)
    (folder / "list.json").write_text("[1]")
    (folder / "other.json").write_text('{"model": "other"}')
    about = json.loads((folder / "corpus" / DESCRIPTION).read_text("utf-8"))
    odd = dict.fromkeys(Report.__required_keys__) | {"sha256": about["sha256"], "units": [{}]}
    (folder / "odd.json").write_text(json.dumps(odd))
    return folder


REFUSED = [
    (corpus, "--model lstm --text text --out c --part 0", "from 1 to"),
    (corpus, "--model lstm --text text --out c --processes -1", "from 0 to"),
    (corpus, f"--model lstm --text text --out c --characters {HUGE}", "a whole number"),
    (corpus, "--model lstm --text te\udcffxt --out c", "is not UTF-8: rename the file"),
    (effects, "--model lstm --text text --places 0", "from 1 to"),
    (effects, "--model lstm --text text --seed -1", "from 0 to 4,294,967,295"),
    (effects, f"--model {LONG} --text text", "name too long"),
    (effects, f"--model lstm --text text --out {LONG}", "the name is too long"),
    (effects, f"--model lstm --text text --out {LONG}/out", "create the folder"),
    (effects, "--model lstm --text te\udcffxt --out out", "is not UTF-8: rename the file"),
    (selectivity, "--corpus corpus --feature quotes --shifts 99999999", "from 1 to 9,999"),
    (selectivity, "--corpus corpus --feature quotes --count 0", "from 1 to"),
    (selectivity, f"--corpus {LONG} --feature quotes", "name too long"),
    (atlas, "--corpus corpus --out out --timescales list.json", "list.json is not a result file"),
    (atlas, "--corpus corpus --out out --timescales other.json", "it lacks"),
    (atlas, "--corpus corpus --out out --timescales odd.json", "odd.json is of another form"),
    (atlas, f"--corpus corpus --out out --seed {HUGE}", "a whole number"),
    (timescales, "--model lstm --text text --out out --threads -1", "from 0 to"),
    (timescales, "--model lstm --text text --out out --seed 99999999999", "from 0 to"),
    (timescales, "--model lstm --text text --out out --resamples 0", "from 1 to"),
    (timescales, "--model lstm --text te\udcffxt --out out", "is not UTF-8: rename the file"),
    (passage, "nobody", "cannot be read"),
    (seeds, "list.json", "is not a result file"),
    (table, "missing.json", "No such file"),
]


@pytest.mark.parametrize(("command", "words", "sentence"), REFUSED)
def test_what_is_refused_is_one_sentence(folder, monkeypatch, capsys, command, words, sentence):
    monkeypatch.chdir(folder)
    monkeypatch.setenv("NESTSCOPE_CHECKPOINTS", ".")
    monkeypatch.setattr(sys, "argv", ["command", *words.split()])
    with pytest.raises(SystemExit) as ended:
        carry_out(command.arguments(), command.run)
    assert ended.value.code == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert "error: " in last
    assert sentence.lower() in last.lower()
    assert not (folder / "c").exists()  # nothing was begun


def test_a_terminal_of_few_characters_gets_what_it_can_show(folder):
    """What was looked for is told; here to one that knows ASCII alone."""
    words = ["--corpus", str(folder / "corpus"), "--literal", "é"]
    told = subprocess.run(
        [sys.executable, "-m", "analysis.selectivity", *words],
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
    )
    assert (told.returncode, "Traceback" in told.stderr) == (0, False)
    assert "the literal '\\xe9'" in told.stdout
