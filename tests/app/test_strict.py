"""What comes from outside is checked at a bounded cost, whatever is wrong with it."""

import json

import pytest
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError

from app.application import ROUTES
from app.live.messages import MESSAGES
from app.refusal import explain
from app.strict import MOST_INDICES, Strict
from models import InterventionError
from models.reading.intervention import parse

MOST_ERRORS = 12
"""A message has fewer fields than that, and every one may be wrong."""


def show(cells, **more):
    panel = {"model": "nested", "cells": cells, **more}
    return {"type": "show", "view": 1, "panels": [panel, panel]}


HOSTILE = {
    "negative cells": show([-1] * 300_000),
    "cells of text": show([""] * 300_000),
    "as many bad cells as a network may have": show([-1] * MOST_INDICES),
    "equal cells": show([5] * 400_000),
    "foreign fields": {"type": "edit", "revision": 1} | {f"x{k}": k for k in range(90_000)},
    "foreign fields of a panel": show("all", **{f"x{k}": k for k in range(40_000)}),
    "panels": {"type": "show", "view": 1, "panels": [1] * 300_000},
    "places": show("all", visible=[-1] * 300_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_only_the_first_of_many_faults_is_looked_for(name):
    with pytest.raises(ValidationError) as refused:
        MESSAGES.validate_json(json.dumps(HOSTILE[name]))
    assert refused.value.error_count() <= MOST_ERRORS


@pytest.mark.parametrize("message", [{"type": "x" * 10**6}, {"type": "hello", "x" * 10**6: 1}])
def test_a_refusal_does_not_repeat_a_long_name(message):
    with pytest.raises(ValidationError) as refused:
        MESSAGES.validate_json(json.dumps(message))
    words, field = explain(refused.value)
    assert len(words) < 600
    assert len(field or "") <= 80


def test_the_first_foreign_field_is_named_as_ever():
    edit = {"type": "edit", "revision": 1, "at": 0, "delete": 0, "insert": "", "length": 0}
    with pytest.raises(ValidationError, match=r"edit\.z\n") as refused:
        MESSAGES.validate_json(json.dumps({"z": 1, **edit, "y": 2}))
    assert refused.value.error_count() == 1


def bodies():
    """The bodies of all requests."""
    routes = [route for module in ROUTES for route in module.router.routes]
    for route in routes:
        if isinstance(route, APIRoute):
            yield from (param.field_info.annotation for param in route.dependant.body_params)


def faults(model, values):
    try:
        model.model_validate(values)
    except ValidationError as error:
        return error.error_count()
    return 0


def test_every_body_is_checked_like_that():
    models = list(bodies())
    assert len(models) >= 2
    for model in models:
        assert issubclass(model, Strict), model
        for name, field in model.model_fields.items():
            hostile = {field.alias or name: [-1, ""] * 150_000}
            foreign = {f"x{k}": k for k in range(10_000)}
            assert faults(model, hostile | foreign) <= len(model.model_fields) + 2, (model, name)


@pytest.mark.parametrize("model", [Strict, *Strict.__subclasses__()])
def test_a_message_of_foreign_fields_has_one_fault_of_that_kind(model: type[BaseModel]):
    with pytest.raises(ValidationError) as refused:
        model.model_validate({f"x{k}": k for k in range(50_000)})
    assert refused.value.error_count() <= len(model.model_fields) + 1


class Unread(list):
    """A list whose entries may not be looked at."""

    def __iter__(self):
        raise AssertionError("its length alone shows that it is refused")

    __getitem__ = __contains__ = __iter__


@pytest.mark.parametrize("cells", [[0, 0] * 245_000, list(range(65))])
def test_more_cells_than_a_memory_has_are_refused_by_their_number(cells):
    asked = [{"layer": 0, "level": 0, "cells": Unread(cells), "set": 0}]
    with pytest.raises(InterventionError, match=rf"lists {len(cells):,} cells, .* has 64"):
        parse(asked, layers=1, levels=1, hidden=64)


def test_more_interventions_than_are_made_are_refused_by_their_number():
    with pytest.raises(InterventionError, match="At most 64"):
        parse(Unread([0] * 490_000), layers=1, levels=1, hidden=64)


class Counted(dict):
    """A mapping that counts how many of its names are looked at."""

    looked_at = 0

    def __iter__(self):
        for name in super().__iter__():
            self.looked_at += 1
            yield name


def test_of_the_foreign_fields_of_an_intervention_the_first_alone_is_looked_at():
    foreign = {f"x{k}": k for k in range(90_000)}
    one = Counted({"layer": 0, "set": 0} | foreign)
    with pytest.raises(InterventionError, match="'x0' is not a field"):
        parse([one], layers=1, levels=1, hidden=64)
    assert one.looked_at == 3
