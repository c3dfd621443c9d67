#!/bin/sh
# Asks a public database whether a package of requirements/serve.txt has a known vulnerability. Where it cannot be asked,
# that is said in a line, and nothing fails.
set -eu
cd "$(dirname "$0")/.."

uv=${UV:-.venv/bin/uv}
said=$(mktemp)
trap 'rm -f "$said"' EXIT

audit() { "$uv" tool run pip-audit --progress-spinner off --disable-pip --require-hashes -r requirements/serve.txt; }

if audit >"$said" 2>&1; then
  asked=$(grep -c '^[a-z].*==' requirements/serve.txt)
  unknown=$(grep -c 'could not be audited' "$said" || true)
  if [ "$unknown" -ge "$asked" ]; then
    echo "audit: left out, the database that is reached here knows none of the $asked packages"
  else
    echo "audit: no known vulnerability; of $asked packages the database does not know $unknown"
  fi
elif grep -q '^Name .*Version .*ID' "$said"; then
  cat "$said" >&2
  exit 1
else
  echo "audit: left out, the database or pip-audit cannot be reached here: $(tail -1 "$said" | cut -c1-200)"
fi
