#!/bin/sh
# The built styles and scripts are those that their sources give.
cd "$(dirname "$0")/../.." || exit 1
exec node scripts/assets.mjs --check
