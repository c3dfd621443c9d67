"""What all tests share."""

import os

from hypothesis import settings

# No deadline: how long an example takes says nothing on a busy machine. In CI the examples are
# the same in every run, so that a failure there can be repeated here.
settings.register_profile("nestscope", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("nestscope")
