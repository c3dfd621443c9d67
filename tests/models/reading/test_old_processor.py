"""Processors without AVX2, as in old and in virtual machines: slower, with the same values."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from random_models import model

ROOT = Path(__file__).parents[3]
TEXT = "the inner memory\nremembers longer " * 40  # long enough to be read in chunks
READ = """
import sys
sys.path[:0] = [".", "tests/fixtures"]
import numpy as np
import torch
from random_models import model
assert torch.backends.cpu.get_cpu_capability() == "DEFAULT"
name, out = sys.argv[1:]
trace = model(name).trace(sys.stdin.read())
np.savez(out, display=trace.display, logits=trace.logits)
"""


@pytest.mark.parametrize("name", ["nested", "stacked"])
def test_without_vector_instructions_the_values_are_the_same(tmp_path, name):
    out = tmp_path / "out.npz"
    old = {"ATEN_CPU_CAPABILITY": "default", "ONEDNN_MAX_CPU_ISA": "SSE41"}
    done = subprocess.run(
        [sys.executable, "-c", READ, name, str(out)],
        cwd=ROOT,
        env=os.environ | old,
        input=TEXT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found, wanted = np.load(out), model(name).trace(TEXT)
    np.testing.assert_allclose(found["display"], wanted.display, atol=2e-5)
    np.testing.assert_allclose(found["logits"], wanted.logits, atol=2e-4)
