"""The last line of a measurement: its result, or why there is none."""

import asyncio
import json
import threading

import pytest

from app.refusal import Refusal
from app.work.bench import Bench


class Visitor:
    """A request whose visitor stays."""

    async def is_disconnected(self):
        return False


def failing(error):
    def work(tell):
        tell({"doing": "reading", "done": 0, "of": 1})
        raise error

    return work


def not_a_number(tell):
    tell({"doing": "reading", "done": 0, "of": 1})
    return {"report": float("nan")}


async def lines_of(work):
    bench = Bench()
    lines = [json.loads(line) async for line in bench.start(work).lines(Visitor())]
    bench.close()
    return lines


@pytest.mark.parametrize(
    ("work", "code", "logged"),
    [
        (failing(ZeroDivisionError("a defect")), "defect", True),
        (failing(MemoryError()), "defect", True),
        (not_a_number, "defect", True),
        (failing(Refusal(422, "not_finite", "It overflows.", "model")), "not_finite", False),
    ],
)
def test_a_measurement_that_fails_ends_in_a_line_that_says_so(work, code, logged, caplog):
    told, last = asyncio.run(lines_of(work))
    assert told["doing"] == "reading"
    assert last["error"]["code"] == code
    assert last["error"]["message"].endswith(".")
    assert bool(caplog.records) is logged


@pytest.mark.parametrize("how", ["closed", "cancelled"])
def test_a_measurement_that_the_server_ends_says_so(how):
    async def visit():
        bench, going = Bench(), threading.Event()

        def endless(tell):
            while True:
                tell({"doing": "reading", "done": 0, "of": 1})
                going.wait(0.01)

        said = []

        async def read():
            async for line in bench.start(endless).lines(Visitor()):
                said.append(json.loads(line))

        reader = asyncio.create_task(read())
        while not said:
            await asyncio.sleep(0.01)
        if how == "cancelled":
            reader.cancel()
            await asyncio.wait({reader})
        await asyncio.to_thread(bench.close)
        await asyncio.wait({reader})
        return said[-1]

    assert asyncio.run(visit())["error"]["code"] == "stopping"
