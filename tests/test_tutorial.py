"""The tutorial runs from its first cell to its last, and finds what it says."""

import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "docs" / "tutorial" / "from-lstm-to-a-cell.ipynb"
FOUND = """
assert best.auc > 0.85
assert best_ones < np.median(random_ones), (best_ones, random_ones)
"""
LIMIT = 600
"""Seconds of one cell; the training takes some 15 of a core that does nothing else."""


def test_the_notebook_holds_no_outputs():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    assert all(not cell.outputs for cell in notebook.cells if cell.cell_type == "code")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the notebook's own tools
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_tutorial_runs():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(FOUND))
    client = NotebookClient(notebook, timeout=LIMIT, kernel_name="python3")
    client.create_kernel_manager()
    client.km.kernel_spec.argv[0] = sys.executable  # of this environment, whatever is installed
    client.execute(cwd=str(NOTEBOOK.parent))
    said = "".join(
        output.get("text", "") + "".join(output.get("data", {}).get("text/html", ""))
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )
    assert "bits per character" in said
    assert "the largest difference in a logit" in said
    assert said.count("<div") > 3  # traces that show themselves
