"""A file is there whole or not at all, and nothing is left of one that could not be written."""

import os

import pytest

from models.files import aside, left_over, write_aside


def test_a_file_is_replaced_whole(tmp_path):
    path = tmp_path / "a[1].json"
    write_aside(path, b"old")
    with aside(path) as part:
        part.write_bytes(b"ne")
        assert path.read_bytes() == b"old"
        assert left_over(path) == [part]
        assert str(os.getpid()) in part.name  # no other process writes to it
        part.write_bytes(b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_what_fails_half_way_leaves_the_old_file(tmp_path):
    path = tmp_path / "a"
    write_aside(path, b"old")

    def fails():
        with aside(path) as part:
            part.write_bytes(b"ne")
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        fails()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(OSError, match="No such file"):
        write_aside(tmp_path / "none" / "a", b"")
