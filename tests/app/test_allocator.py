"""Threads share few arenas; free memory goes back to the system, also from between used blocks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app import allocator

BLOCK, COUNT = 1 << 16, 1500
STATM = Path("/proc/self/statm")

pytestmark = pytest.mark.skipif(
    not STATM.exists() or allocator._function("malloc_trim") is None, reason="not glibc on Linux"
)

ARENAS = """
import ctypes, sys, threading
from app.allocator import limit_arenas
if sys.argv[2] == "limited":
    limit_arenas()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
together = threading.Barrier(8)
def work():
    together.wait()
    block = b"x" * 50_000
    together.wait()
threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
file = ctypes.c_void_p(libc.fopen(sys.argv[1].encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
"""


def resident():
    return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def arenas(folder, how):
    """The arenas that glibc lists after eight threads have allocated side by side."""
    file = folder / f"{how}.xml"
    subprocess.run([sys.executable, "-c", ARENAS, str(file), how], check=True)
    return file.read_text().count("<heap nr=")


def test_threads_share_few_arenas(tmp_path):
    assert arenas(tmp_path, "limited") <= allocator.ARENAS < arenas(tmp_path, "as usual")


def test_free_pieces_between_blocks_in_use_are_given_back():
    blocks = [b"x" * BLOCK for _ in range(COUNT)]
    kept = blocks[::50] + blocks[-1:]
    del blocks
    before = resident()
    allocator.give_back()
    assert before - resident() > BLOCK * COUNT // 2
    assert all(block == b"x" * BLOCK for block in kept)
