"""Why: the colours and numbers of the page are those of the network's attribution and effects."""

import re

import numpy as np
from browser import needs_chromium, sync_api

from analysis.attribution import Reading, Symbol
from analysis.effects import effects
from models import load_checkpoint
from models.reading.engine import Engine

pytestmark = needs_chromium

NAMES = ("nested-war-and-peace", "stacked-war-and-peace")
TEXT = "It was in July, and the prince smiled at her"
PLACE = 20


def attribution(model, method):
    """Of the surprise at PLACE: bits, and one number a character before it."""
    symbols = model.vocabulary.encode(TEXT)
    reading = Reading(model, Engine(model.rnn), symbols[:PLACE])
    return getattr(reading, method)(Symbol(symbols[PLACE], sign=-1))


def pixels(page, script):
    """A palette by byte + 128, each a colour (r, g, b)."""
    words = page.tab.evaluate(f"async () => [...{script}]")
    return [[w & 255, w >> 8 & 255, w >> 16 & 255] for w in words]


def test_the_text_is_coloured_by_what_the_surprise_comes_from(opened, server, checkpoints):
    tab, expect = opened.tab, sync_api.expect
    tab.goto(f"{server.url}#view=why&a={NAMES[0]}&b={NAMES[1]}&text={TEXT}")
    opened.settle()
    tab.focus("#figure")
    tab.keyboard.press("Home")
    for _ in range(PLACE):
        tab.keyboard.press("ArrowRight")
    said = tab.locator("#why-said")
    expect(said).to_contain_text(f"Surprise at “{TEXT[PLACE]}” (position {PLACE})")
    models = [load_checkpoint(checkpoints / f"{name}.safetensors") for name in NAMES]
    ramps = {
        "gradient": "(await import('/static/base/colour.js')).surprisePixels('light')",
        "occlusion": "(await import('/static/base/colour.js')).makePalette('paper','light').pixels",
    }
    for method, ramp in ramps.items():
        tab.select_option("#why-method", method)
        tab.wait_for_function(
            "method => location.hash.includes(method) === (method === 'occlusion')", arg=method
        )
        tab.wait_for_selector("#why-above:not(.waiting)")
        tab.wait_for_timeout(300)
        opened.pixels()
        steps = pixels(opened, ramp)
        for panel, model in enumerate(models):
            found = attribution(model, method)
            expect(said).to_contain_text(f"{'AB'[panel]} {found.value:.2f} bits")
            share = np.sqrt(np.abs(found.values) / np.abs(found.values).max())
            bytes_ = np.rint(127 * share).astype(int) * np.sign(found.values).astype(int)
            for colour, byte in zip(
                opened.colours(panel, [*range(PLACE)]), bytes_.tolist(), strict=True
            ):
                assert colour[:3] in [steps[128 + b] for b in (byte - 1, byte, byte + 1) if b < 128]
            # Nothing after it, nor itself, counts for it.
            assert all(c[3] == 0 for c in opened.colours(panel, [PLACE, PLACE + 3]))
    # What a small memory costs, in a sentence.
    for panel, model in enumerate(models):
        reading = effects.Reading(
            model, Engine(model.rnn), model.vocabulary.encode(TEXT[: PLACE + 41])
        )
        expected = reading.effects(PLACE, "swap", after=40)
        first = expected.bits[0].sum()
        words = f"{abs(first):.1f}" if abs(first) < 10 else f"{abs(first):.0f}"
        sign = "−" if first < 0 else ""
        memory = ("inner", "layer 2")[panel]
        expect(tab.locator(".cost-said").nth(panel)).to_contain_text(
            f"Without its {memory} memory {'AB'[panel]} loses {sign}{words} bits"
        )
    # The curve, as a mean over the text.
    tab.click("#why-mean")
    expect(tab.locator("#why-0 figcaption")).to_contain_text("mean of 24 places of the text")
    assert opened.said == []


def test_a_cell_at_its_end_is_said_to_be_no_proof(opened, server):
    """Held far up, its value is saturated: no gradient gets through."""
    tab, expect = opened.tab, sync_api.expect
    held = f"#view=why&a={NAMES[0]}&b=none&text={TEXT}&pick=3&why=cell-0.gradient"
    tab.goto(f"{server.url}{held}&if=a_0_1_3_set_9")
    opened.settle()
    expect(tab.locator(".why-note")).to_contain_text("no memory")
    # What a memory costs is not asked of a changed model.
    expect(tab.locator(".cost-said").first).to_have_text("Measured of the untouched model only.")
    expect(tab.locator(".cost-chart").first).to_be_empty()
    tab.select_option("#why-method", "occlusion")
    expect(tab.locator(".why-note")).to_be_hidden()
    assert opened.said == []


def test_a_model_that_cannot_answer_says_so_and_the_other_goes_on(opened, server):
    """No model of Penn Treebank knows a capital letter."""
    tab, expect = opened.tab, sync_api.expect
    names = f"a={NAMES[0]}&b=stacked-ptb"
    tab.goto(f"{server.url}#view=why&{names}&text={TEXT}&why=symbol-I.occlusion")
    opened.settle()
    said = tab.locator("#why-said")
    expect(said).to_contain_text("Probability of “I” after “r”")
    expect(said).to_contain_text(
        re.compile("nine tenths in the last [0-9]+\\. .*alphabet of stacked-ptb")
    )
    # Each character has been left out: it is no estimate any more.
    expect(tab.locator(".why-note")).to_be_hidden()
    expect(tab.locator("#why-0 figcaption")).to_be_visible()
