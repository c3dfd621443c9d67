"""The folder of the checkpoints changes while somebody reads."""

import shutil

import pytest
import torch
from browser import MODELS, Page, Server, needs_chromium, save_models, sync_api

from models import CharacterModel, save_checkpoint

pytestmark = needs_chromium

NOTICED = 20_000
"""Milliseconds; 3,000 are promised, of a machine that does nothing else."""


@pytest.fixture
def folder(tmp_path):
    save_models(tmp_path)
    return tmp_path


@pytest.fixture
def reading(browser, folder):
    server = Server(folder)
    page = Page(browser, server.url)
    page.settle()
    yield page
    page.close()
    server.stop()


def offered(page):
    return page.tab.eval_on_selector_all(
        "#model-0 option:not([disabled])", "all => all.map((option) => option.value)"
    )


def soon(page, condition):
    page.tab.wait_for_function(f"() => {condition}", timeout=NOTICED)


def test_new_changed_removed_and_refused_files_come_to_who_is_reading(reading, folder):
    page, chosen = reading, reading.tab.input_value("#model-0")
    beside = page.tab.input_value("#model-1")
    assert beside != offered(page)[0], "where a list that is made anew stands"
    before, painted = offered(page), page.pixels()
    shutil.copy(folder / f"{chosen}.safetensors", folder / "mine.safetensors")
    soon(page, "document.querySelector('#model-0 option[value=mine]')")

    (folder / "broken.safetensors").write_bytes(b"{}")
    soon(page, "document.querySelector('#model-0 optgroup option')")
    refused = page.tab.locator("#model-0 optgroup option").first
    assert refused.is_disabled()
    assert "broken.safetensors: not a safetensors file" in refused.text_content()
    assert page.tab.input_value("#model-0") == chosen
    assert page.tab.input_value("#model-1") == beside

    (folder / "mine.safetensors").unlink()
    (folder / "broken.safetensors").unlink()
    soon(page, "!document.querySelector('#model-0 option[value=mine]')")
    soon(page, "!document.querySelector('#model-0 optgroup')")
    assert offered(page) == before

    # The model that is shown gets other weights, then its file is removed: it is kept.
    vocabulary, layers, depth = MODELS[chosen]
    torch.manual_seed(9)
    other = CharacterModel(vocabulary, layers, depth, hidden=12)
    other.initialise(4.0)
    save_checkpoint(folder / f"{chosen}.safetensors", other)
    soon(page, "document.querySelector('#facts-0').textContent.includes('file changed since')")
    kept = page.tab.input_value("#model-0")
    assert kept.startswith(f"{chosen}@")
    assert chosen in offered(page)
    assert page.pixels() == painted
    (folder / f"{chosen}.safetensors").unlink()
    soon(page, "document.querySelector('#facts-0').textContent.includes('file removed since')")
    text = page.tab.input_value("#text")
    page.write(text[:-1])
    page.write(text)
    assert page.pixels() == painted
    for view in ("cell", "predictions", "map"):  # what they ask for is of the old weights, too
        page.tab.click(f"#tab-{view}")
        page.settle()
    page.tab.click("#tab-figure")

    # Whoever leaves it does not find it again.
    page.tab.select_option("#model-0", "deep-ptb")
    shutil.copy(folder / "deep-ptb.safetensors", folder / "mine.safetensors")
    soon(page, "document.querySelector('#model-0 option[value=mine]')")
    assert kept not in offered(page)
    assert page.tab.text_content("#problem") == ""
    assert page.said == []


def test_an_empty_folder_becomes_a_page_when_the_first_checkpoint_comes(browser, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    source = tmp_path / "source"
    source.mkdir()
    save_models(source)
    server = Server(empty)
    page = Page(browser, server.url)
    sync_api.expect(page.tab.locator("#problem")).to_contain_text(
        "put a checkpoint into its folder"
    )
    shutil.copy(source / "deep-ptb.safetensors", empty / "mine.safetensors")
    soon(page, "document.querySelectorAll('.block').length > 0")
    page.settle()
    assert page.tab.text_content("#problem") == ""
    # Nothing is measured here yet: that is said in place of an empty picture.
    page.tab.goto(server.url + "timescales")
    page.tab.wait_for_selector("#main:not([aria-busy])")
    sync_api.expect(page.tab.locator("#problem")).to_contain_text("python -m analysis.timescales")
    for part in ("#dumbbell", "#dumbbell-exports", "#claims", "#forgetting", "#numbers"):
        sync_api.expect(page.tab.locator(part)).to_be_hidden()
    sync_api.expect(page.tab.locator("#own-text")).to_be_visible()
    page.close()
    server.stop()
