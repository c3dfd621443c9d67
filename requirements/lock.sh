#!/bin/sh
# Makes requirements/*.txt from pyproject.toml: every version that is installed, with hashes.
# Keeps the versions that still fit; requirements/lock.sh --upgrade takes the newest.
set -eu
cd "$(dirname "$0")/.."

uv=${UV:-.venv/bin/uv}

# dev is all there is. The others begin with its versions, so that a package has one version everywhere.
"$uv" pip compile --quiet "$@" pyproject.toml --group dev --output-file requirements/dev.txt
for group in serve keras ray; do
  cp requirements/dev.txt "requirements/$group.txt"
done
"$uv" pip compile --quiet pyproject.toml --output-file requirements/serve.txt
"$uv" pip compile --quiet --group keras --output-file requirements/keras.txt
"$uv" pip compile --quiet --group ray --output-file requirements/ray.txt
