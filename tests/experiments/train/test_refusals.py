"""What the training loop refuses, and in which words."""

import argparse
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch
import torch.distributed.run as torchrun
from tiny_tasks import SMALL, digits, poems, task, text

from experiments.datasets.split_text import SplitText
from experiments.paper import PTB
from experiments.tasks.streams import Streams
from experiments.train.initialisation import initialised
from experiments.train.loop import Run, lacks_memory
from experiments.train.ranks import Ranks
from experiments.train.settings import STREAM_ONLY, Settings, parse, settings_of
from models import save_checkpoint

ROOT = Path(__file__).parents[3]


def test_other_data_is_refused(tmp_path):
    Run(task(SMALL), SMALL, tmp_path).save()
    with pytest.raises(SystemExit, match="other data"):
        Run(task(SMALL, 480), SMALL, tmp_path)
    other = Streams(SplitText.of("tiny", text(500, 9), text(120, 1), text(120, 2)), SMALL)
    with pytest.raises(SystemExit, match="other data"):
        Run(other, SMALL, tmp_path)


@pytest.mark.parametrize("part", ["train", "valid", "test"])
@pytest.mark.parametrize(
    ("make", "held"), [(task, "corpus"), (poems, "quatrains"), (digits, "digits")]
)
def test_data_that_differ_in_one_place_are_refused(make, held, part, tmp_path):
    """Of the same alphabet, length and first batch."""
    settings = Settings(hidden=8, streams=4, window=10)
    Run(make(settings), settings, tmp_path).save()
    Run(make(settings), settings, tmp_path)
    other = make(settings)
    data = getattr(getattr(other, held), part)
    last = data[1] if isinstance(data, tuple) else data[-1:].reshape(-1)  # the labels of digits
    last[-1] = (last[-1] + 1) % 3
    with pytest.raises(SystemExit, match="other data"):
        Run(other, settings, tmp_path)


@pytest.mark.parametrize(
    "option",
    [
        "--epochs 0",
        "--streams 0",
        "--threads 0",
        "--clip -1",
        "--learning-rate nan",
        "--resets 2",
        "--chrono 1",
        "--window -5",
        "--hidden 0",
        "--layers 9",
        "--patience -1",
        "--penalty inf",
        "--hidden 99999999999",
        "--seed -1",
        "--seed 99999999999999999999",
        "--threads 99999999999",
        "--depth 2 --cell gru",
        "--chrono 20 --cell gru",
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_a_sentence(option, tmp_path):
    options = parse(argparse.ArgumentParser(), argv=["--run", str(tmp_path), *option.split()])
    with pytest.raises(SystemExit, match=option.split()[0]):
        settings_of(options)


def test_other_settings_are_refused_and_older_states_are_taken(tmp_path):
    run = Run(task(SMALL), SMALL, tmp_path)
    run.save()
    with pytest.raises(SystemExit, match="other settings"):
        Run(task(SMALL), Settings(**{**vars(SMALL), "hidden": 9}), tmp_path)
    saved = torch.load(tmp_path / "state.pt", weights_only=True)
    for later in ("chrono", "fade", "patience", "schedule", "optimizer"):
        del saved["settings"][later]
    del saved["best_epoch"], saved["averages"]
    torch.save(saved, tmp_path / "state.pt")
    assert Run(task(SMALL), SMALL, tmp_path).step == 0


def test_a_loss_that_is_not_finite_stops_with_a_sentence(tmp_path):
    run = Run(task(SMALL), SMALL, tmp_path)
    run.save()
    before = (tmp_path / "state.pt").read_bytes()
    with torch.no_grad():
        run.network.head.bias[0] = float("nan")
    with pytest.raises(SystemExit, match=r"update 0: the loss is nan.*Lower --learning-rate"):
        run.train()
    assert (tmp_path / "state.pt").read_bytes() == before


def test_after_a_loss_that_is_not_finite_the_best_epoch_is_named(tmp_path):
    run = Run(task(SMALL), SMALL, tmp_path)
    run.train()
    run.step = 0
    with torch.no_grad():
        run.network.head.bias[0] = float("nan")
    with pytest.raises(SystemExit, match=r"--start .*best\.safetensors"):
        run.train()


def test_a_damaged_state_is_told(tmp_path):
    Run(task(SMALL), SMALL, tmp_path).save()
    whole = (tmp_path / "state.pt").read_bytes()
    saved = torch.load(tmp_path / "state.pt", weights_only=True)
    network = {name: weights[:-1] for name, weights in saved["model"].items()}
    odd = [[1], {}, saved | {"model": network}, saved | {"settings": [3]}, saved | {"step": "one"}]
    contents = [whole[: len(whole) // 2], b"", b"other"]
    for one in odd:
        torch.save(one, tmp_path / "odd.pt")
        contents.append((tmp_path / "odd.pt").read_bytes())
    for content in contents:
        (tmp_path / "state.pt").write_bytes(content)
        with pytest.raises(SystemExit, match=r"state\.pt is damaged.*delete it"):
            Run(task(SMALL), SMALL, tmp_path)


def test_too_little_memory_is_told_from_other_faults():
    with pytest.raises(RuntimeError) as short:
        torch.empty(1 << 60, dtype=torch.uint8)
    assert lacks_memory(short.value)
    assert lacks_memory(MemoryError())
    assert not lacks_memory(RuntimeError("CUDA error: an illegal memory access was encountered"))


def test_a_damaged_log_keeps_the_lines_that_are_whole(tmp_path):
    run = Run(task(SMALL), SMALL, tmp_path)
    run.step = 2 * run.task.updates
    run.save()
    log = tmp_path / "log.jsonl"
    whole = [b'{"epoch": 1}', b'{"epoch": 2}']
    log.write_bytes(
        b"\n".join([b"3", whole[0], b"\xff{", b"{}", b'{"epoch": null}', whole[1], b""])
    )
    Run(task(SMALL), SMALL, tmp_path)
    assert log.read_bytes().splitlines() == whole
    log.unlink()
    log.mkdir()
    with pytest.raises(SystemExit, match=r"log\.jsonl cannot be read: Is a directory"):
        Run(task(SMALL), SMALL, tmp_path)


def test_torchrun_takes_the_command_as_it_is_told():
    words = ["--row", "nlstm-600", "--epochs", "6", "--seed", "2", "--device", "cuda"]
    taken = torchrun.parse_args(["--nproc-per-node", "2", "-m", "experiments.ptb", *words])
    assert taken.training_script == "experiments.ptb"
    options = parse(argparse.ArgumentParser(), PTB, argv=taken.training_script_args)
    assert options.run == Path("runs/nlstm-600")
    assert settings_of(options).hidden == 600
    assert parse(argparse.ArgumentParser(), PTB, argv=[]).run == Path("runs/ptb")


def test_a_whole_state_that_cannot_be_read_is_not_called_damaged(tmp_path):
    (tmp_path / "state.pt").mkdir()
    with pytest.raises(SystemExit, match=r"state\.pt cannot be read: Is a directory$"):
        Run(task(SMALL), SMALL, tmp_path)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("--out nowhere/x.safetensors", "--out nowhere/x.safetensors must be a file in a folder"),
        ("--ro lstm-1000", "unrecognized arguments: --ro"),
        ("--run {}/full", ".part cannot be written"),
        (f"--run {{}}/{'x' * 300}", "cannot be a folder: File name too long"),
        (f"--out {{}}/{'x' * 300}/o.safetensors", "must be a file in a folder"),
        ("--streams 99999999999", "too few for 99999999999 streams"),
    ],
)
def test_a_command_says_what_is_wrong_before_it_trains(options, sentence, tmp_path):
    (tmp_path / "text").write_text(text(5000))
    command = f"-m experiments.text --file {tmp_path}/text --run {tmp_path}/run --epochs 1"
    # `exec` keeps the shell's process number: a folder lies where the state would be written.
    blocked = 'mkdir -p "$0/full/.state.pt.$$.part" && exec "$@"'
    command += f" {options.format(tmp_path)}"
    told = subprocess.run(
        ["sh", "-c", blocked, tmp_path, sys.executable, *command.split()],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert told.returncode
    assert sentence in told.stderr
    assert "Traceback" not in told.stderr
    assert not (tmp_path / "run" / "log.jsonl").exists()


def test_a_run_needs_a_folder(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit, match=r"--run .*file cannot be a folder"):
        Run(task(SMALL), SMALL, tmp_path / "file")


def test_a_row_shows_its_own_defaults(capsys):
    with pytest.raises(SystemExit):
        parse(
            argparse.ArgumentParser(),
            PTB,
            argv=["--row", "lstm-3x450", "--help"],
        )
    told = re.sub(r"\s+", " ", capsys.readouterr().out)
    assert "cells of every level (450)" in told
    assert "initial learning rate (0.002)" in told


def test_options_that_would_do_nothing_are_none(capsys):
    for option in ("--window 50", "--carry", "--resets 0.1"):
        with pytest.raises(SystemExit):
            parse(
                argparse.ArgumentParser(),
                unused=STREAM_ONLY,
                argv=["--run", "run", *option.split()],
            )
        assert option.split()[0] in capsys.readouterr().err
    options = parse(argparse.ArgumentParser(), unused=STREAM_ONLY, argv=["--run", "run"])
    assert settings_of(options) == Settings()


def test_a_start_from_another_network_or_alphabet_is_refused(tmp_path):
    path = tmp_path / "start.safetensors"
    settings = Settings(**{**vars(SMALL), "start": str(path)})
    with pytest.raises(SystemExit, match=r"--start .*cannot be read"):
        Run(task(settings), settings, tmp_path / "run")
    letters = task(settings)
    save_checkpoint(path, initialised(letters, SMALL))
    Run(letters, settings, tmp_path / "same")
    other = text(500).replace("d", "e")
    others = Streams(SplitText.of("other", other, other, other), settings)
    assert len(others.vocabulary) == len(letters.vocabulary)
    for network in (others.network(1, 2, 8), letters.network(2, 1, 8), letters.network(1, 2, 9)):
        network.initialise(1.0)
        save_checkpoint(path, network)
        with pytest.raises(SystemExit, match="another network or alphabet: expected") as refused:
            Run(letters, settings, tmp_path / "run")
        expected, found = str(refused.value).split("expected ")[1].split(", it is ")
        assert expected != found


def test_a_run_is_resumed_without_the_checkpoint_it_started_from(tmp_path):
    path = tmp_path / "start.safetensors"
    settings = Settings(**{**vars(SMALL), "start": str(path)})
    save_checkpoint(path, initialised(task(SMALL), SMALL))
    run = Run(task(settings), settings, tmp_path / "run")
    run.save()
    path.unlink()
    again = Run(task(settings), settings, tmp_path / "run")
    for name, weights in run.network.state_dict().items():
        assert torch.equal(again.network.state_dict()[name], weights)


@pytest.mark.parametrize("make", [poems, digits])
def test_more_processes_than_the_last_batch_has_rows_are_refused(make, tmp_path):
    settings = Settings(hidden=8, streams=7)  # 30 sequences: the last batch has two
    ranks = Ranks()
    ranks.size = 3
    with pytest.raises(SystemExit, match="the last batch has 2 sequences, which 3 processes"):
        Run(make(settings), settings, tmp_path, ranks)
    ranks.size = 2
    Run(make(settings), settings, tmp_path, ranks)
