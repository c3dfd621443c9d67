"""The served description is true: every call that it allows is answered as it says.

Schemathesis makes the calls, valid and invalid ones, with all of its checks but one; bounded, and
the same ones every time. That one asks every call that fits the schema to be taken, and no schema
knows which models are served, or how many layers and cells they have. tests/app/test_examples.py
asks it of the description's own examples.

More of them: `st run http://127.0.0.1:8000/openapi.json` beside a running server.
"""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance
from server import serving

EXAMPLES = 12
"""Of each operation and mode."""


@pytest.fixture(scope="module")
def operations(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkpoints")
    with serving(folder, hosts=("testserver",)) as client:
        schema = schemathesis.openapi.from_asgi("/openapi.json", client.app)
        yield [found.ok() for found in schema.get_all_operations()]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_every_call_is_answered_as_described(operations, mode):
    assert len(operations) > 15
    found = []
    for operation in operations:

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(generation_mode=mode))
        def calls(case):
            case.call_and_validate(excluded_checks=[positive_data_acceptance])

        try:
            calls()
        except Unsatisfiable:
            pass  # there is no call of this mode: nothing can be wrong in it
        except Exception as error:  # all of them are told
            found.append(f"{operation.label}: {error}")
    assert not found, "\n\n".join(found)
