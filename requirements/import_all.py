"""Import every module of some packages: python requirements/import_all.py models analysis app

Writes the bytecode of all that they import, and fails where something is missing.
"""

import sys
from importlib import import_module
from pkgutil import walk_packages

LATE = "scipy.stats"  # imported where it is needed, and not at the start
RARE = "torch._dynamo"  # torch.func and the optimizers need it, no part of the server does

sys.path.insert(0, ".")
for package in sys.argv[1:]:
    for module in walk_packages(import_module(package).__path__, f"{package}."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
import_module(LATE)

sys.dont_write_bytecode = True
import_module(RARE)
