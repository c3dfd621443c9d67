"""A thread that works for a visitor has a lower priority than those that read for typists."""

import subprocess
import sys


def test_a_thread_stands_back_behind_its_process_however_that_was_started():
    def priorities(own):
        script = (
            f"import os, threading; os.nice({own}); from app.work.background import stand_back;"
            "stand_back(2); print(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))"
        )
        return int(subprocess.check_output([sys.executable, "-c", script]))

    assert priorities(0) + 4 == priorities(4)
