"""Arrays as the bytes of a safetensors file with one tensor, `values`, without a copy of it."""

import json
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

NAMES = {"int8": "I8", "float16": "F16", "float32": "F32"}
SIZES = {"int8": 1, "float16": 2, "float32": 4}  # bytes
NAME_OF = {np.dtype(name): name for name in NAMES}  # `dtype.name` makes it anew
# Made once: `json.dumps` makes an encoder at every call that asks for anything unusual.
ENCODE = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def header(about: dict[str, Any], dtype: str, shape: tuple[int, ...]) -> bytes:
    """The bytes before the array's own.

    Args:
        about: plain JSON, under the one metadata key `nestscope` (with more than one key the order
            of the bytes would vary from run to run).
        dtype: numpy's name of it, a key of NAMES.
        shape: the array's.
    """
    size = math.prod(shape) * SIZES[dtype]
    # Put together by hand: every keystroke needs one, and an encoder takes longer for a dictionary.
    text = (
        f'{{"__metadata__":{{"nestscope":{ENCODE(compact(about))}}},'
        f'"values":{{"dtype":"{NAMES[dtype]}","shape":[{",".join(map(str, shape))}],'
        f'"data_offsets":[0,{size}]}}}}'
    ).encode()
    text += b" " * (-len(text) % 8)  # the array starts at a multiple of 8
    return len(text).to_bytes(8, "little") + text


def frame(about: dict[str, Any], values: NDArray[np.int8] | NDArray[np.float32]) -> bytes:
    """The whole file."""
    return header(about, NAME_OF[values.dtype], values.shape) + values.tobytes()


def compact(about: dict[str, Any]) -> str:
    """JSON without spaces; never NaN."""
    return ENCODE(about)


def finite(value: Any) -> Any:
    """`value` with null where a number is not finite: JSON has none such."""
    if isinstance(value, dict):
        return {key: finite(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [finite(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
