"""The server on the spot's models, and what its tests speak with it."""

import json
import struct
from contextlib import contextmanager

import numpy as np
from models_on_the_spot import write_checkpoints
from starlette.testclient import TestClient

from app.application import create_app
from app.settings import Settings


@contextmanager
def serving(folder, **settings):
    """A client of a started server; `folder` gets the checkpoints."""
    write_checkpoints(folder)
    app = create_app(Settings(checkpoints=folder, **settings))
    with TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False) as client:
        client.get("/api/models")  # waits for them
        yield client


def parse_frame(content):
    """The bytes of a safetensors file with one tensor `values`: what it says, and the values."""
    (size,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + size])
    tensor = header["values"]
    dtype = {"I8": np.int8, "F16": np.float16, "F32": np.float32}[tensor["dtype"]]
    values = np.frombuffer(content[8 + size :], dtype).reshape(tensor["shape"])
    return json.loads(header["__metadata__"]["nestscope"]), values
