#!/bin/sh
# Builds static/portal.css and static/console.css from the sources in this folder.
# Both are committed: run this, then `git diff --exit-code -- static/portal.css static/console.css`
# tells whether what is committed is current.
set -eu
cd "$(dirname "$0")"
[ -x node_modules/.bin/sass ] || npm ci --ignore-scripts --no-audit --no-fund
for sheet in portal console; do
  node_modules/.bin/sass --style=compressed --no-charset --no-source-map \
    --load-path=node_modules/govuk-frontend/dist "$sheet.scss" "../$sheet.css"
done
