"""The result file is what its types say, on the server and on the page."""

import json
import re
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from analysis.timescales import schema

ROOT = Path(__file__).parents[3]
FILES = sorted((ROOT / "checkpoints").glob("*.timescales.json"))
PAGE = (ROOT / "static" / "wire" / "report.js").read_text("utf-8")


def faults(value, hint, where="file"):
    """Where a value is not what a type hint says."""
    if hint is Any:
        return
    if is_typeddict(hint):
        hints = get_type_hints(hint)
        for key in sorted(hint.__required_keys__ - set(value)):
            yield f"{where} lacks {key}"
        for key, inside in value.items():
            if key in hints:
                yield from faults(inside, hints[key], f"{where}.{key}")
            else:
                yield f"{where} has {key}"
        return
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (UnionType, Union):
        if all(list(faults(value, kind)) for kind in inner):
            yield f"{where} is {value!r}"
    elif origin is Literal:
        if value not in inner:
            yield f"{where} is {value!r}"
    elif origin in (list, dict) and not isinstance(value, origin):
        yield f"{where} is {value!r}"
    elif origin is list:
        for k, inside in enumerate(value):
            yield from faults(inside, inner[0], f"{where}[{k}]")
    elif origin is dict:
        for key, inside in value.items():
            yield from faults(inside, inner[1], f"{where}.{key}")
    elif not isinstance(value, (float, int) if hint is float else hint) or (
        isinstance(value, bool) != (hint is bool)
    ):
        yield f"{where} is {value!r}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_shipped_file_has_the_types_and_no_other_keys(path):
    assert list(faults(json.loads(path.read_bytes()), schema.Report)) == []


def test_a_file_with_another_key_or_type_would_be_found():
    content = json.loads(FILES[0].read_bytes())
    row = content["units"][0]
    for wrong in (
        {"model": 7},
        {"more": 1},
        {"units": [{**row, "tau": "long"}]},
        {"units": [{k: v for k, v in row.items() if k != "status"}]},
    ):
        assert len(list(faults({**content, **wrong}, schema.Report))) == 1


@pytest.mark.parametrize(
    ("name", "typed"),
    [("Unit", schema.UnitRow), ("Curve", schema.Curve), ("Report", schema.Report)],
)
def test_the_page_knows_no_field_that_the_file_lacks(name, typed):
    (block,) = re.findall(rf"@typedef {{object}} {name}\n(.*?)\*/", PAGE, re.DOTALL)
    fields = re.findall(r"@property \{.*\} \[?(\w+)\]?", block)
    assert fields
    extra = {"states"} if name == "Report" else set()  # not in the file: from /api/models
    assert set(fields) <= set(get_type_hints(typed)) | extra


def test_the_page_knows_every_status():
    (said,) = re.findall(r"@property \{([^}]*)\} status", PAGE)
    assert set(re.findall(r'"([^"]+)"', said)) == set(get_args(schema.Status))
