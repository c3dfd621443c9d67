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


def test_a_link_stays_a_link_and_what_it_leads_to_is_written(tmp_path):
    (tmp_path / "far").mkdir()
    target, link = tmp_path / "far" / "target", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target)
    write_aside(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["far", "link", "target"]


def test_a_pipe_or_a_folder_is_not_replaced_by_a_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "folder"):
        with pytest.raises(OSError, match="not a file, but a folder, a device or a pipe"):
            write_aside(tmp_path / name, b"new")
    assert (tmp_path / "pipe").is_fifo()
