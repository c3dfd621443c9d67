#!/bin/sh
# Puts the virtual environment in order: requirements/install.sh serve|dev, keras or ray on top of either.
# Returns at once when nothing changed since the last time. Three variables may be set:
#   TORCH_INDEX  where the CPU build of torch comes from when pip has none locally
#   VENV         where the environment lies (.venv)
#   PYTHON       the interpreter it is made with (the first of python3, python3.14 .. 3.11 that fits)
set -eu
cd "$(dirname "$0")/.."

group=$1
venv=${VENV:-.venv}
index=${TORCH_INDEX:-https://download.pytorch.org/whl/cpu}
torch=$(sed -n 's/^ *"\(torch==[0-9.]*\)".*/\1/p' pyproject.toml)
export PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf 'setup: %s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# Debian and Ubuntu ship python3 without ensurepip; a venv cannot be made without it.
fits() { recent "$1" && "$1" -c 'import ensurepip' 2>/dev/null; }

find_python() {
  for python in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if fits "$python"; then echo "$python"; return; fi
  done
  return 1
}

install_python() {
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    stop "Python 3.11 or newer with venv is missing. Type: sudo apt-get install -y python3-venv"
  fi
  say "installing python3-venv"
  apt-get update -q >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends python3-venv >&2
  find_python || stop "Python 3.11 or newer is needed; this system's is $(python3 --version 2>&1)."
}

make_venv() {
  if [ -e "$venv" ] && [ ! -e "$venv/pyvenv.cfg" ] && [ -n "$(ls -A "$venv")" ]; then
    stop "$venv is not a virtual environment and not empty. Set VENV to another folder."
  fi
  python=$(find_python) || python=$(install_python)
  say "making $venv with $("$python" --version)"
  "$python" -m venv --clear "$venv"
}

pip() { "$venv/bin/python" -m pip "$@"; }

# An environment that runs is kept, whoever made it: uv makes them without pip.
ready_venv() {
  "$venv/bin/python" -c '' 2>/dev/null || make_venv
  recent "$venv/bin/python" ||
    stop "$venv has $("$venv/bin/python" --version), and 3.11 or newer is needed. Remove it, or set VENV."
  pip --version >/dev/null 2>&1 && return
  say "$venv has no pip: adding it"
  "$venv/bin/python" -m ensurepip >/dev/null 2>&1 ||
    stop "$venv has no pip. Type: uv pip install --python $venv pip"
}

# Asked with a limit, so that a machine that cannot reach the index does not hang.
answers() {
  "$venv/bin/python" - "$1" <<'EOF' 2>/dev/null
import subprocess, sys
ask = [sys.executable, "-m", "pip", "index", "versions", "torch", "--index-url", sys.argv[1],
       "--timeout", "10", "--retries", "0"]
sys.exit(subprocess.run(ask, stdout=subprocess.DEVNULL, timeout=30).returncode)
EOF
}

# The one package without a hash in the lock: each platform has its own CPU build, often a local one.
# On Linux only a build that says +cpu is taken: the ordinary index has the CUDA one, several GB of it.
install_torch() {
  installed=$("$venv/bin/python" -c 'from importlib import metadata as m; print(m.version("torch"))' \
    2>/dev/null || true)
  [ "${installed%%+*}" = "${torch#torch==}" ] && return  # whoever put another build in meant it
  if [ "$(uname -s)" = Darwin ]; then
    say "$torch"
    pip install -qq --no-deps "$torch"
    return
  fi
  if pip install -qq --no-deps --no-index --timeout 10 --retries 0 "$torch+cpu" 2>/dev/null; then
    say "$torch+cpu, from what pip finds locally"
    return
  fi
  answers "$index" ||
    stop "no CPU build of $torch: pip finds none locally, and $index does not answer." \
      "Connect this machine, or set TORCH_INDEX to a copy of that index."
  say "$torch+cpu, from $index"
  pip install --no-deps --index-url "$index" "$torch+cpu"
}

stamp="$venv/.installed-$group"
wanted=$({ cat requirements/*.txt; echo "$torch"; } | cksum)
if [ -x "$venv/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then exit 0; fi

ready_venv
install_torch
say "the packages of requirements/$group.txt (a minute or two)"
pip install -qq --require-hashes -r "requirements/$group.txt"
echo "$wanted" >"$stamp"
