#!/bin/sh
# Starts the program that the container is: `api`, `worker`, or any command of the command line (`migrate`, `audit verify`).
# A variable that should stay secret may be given as a file: DATABASE_URL_FILE, REDIS_URL_FILE, SANAD_SECRET_FILE, SMTP_URL_FILE.
set -eu
for name in DATABASE_URL REDIS_URL SANAD_SECRET SMTP_URL; do
  eval "file=\${${name}_FILE:-}"
  [ -n "$file" ] || continue
  [ -r "$file" ] || { echo "$name: the file $file cannot be read" >&2; exit 2; }
  value=$(cat "$file")
  export "$name=$value"
done
case "${1:-api}" in
  api | worker)
    printf '%s' "$1" > /tmp/sanad-program
    # Less room for young objects: less memory at nearly the same speed (docs/operations/performance.md).
    flags=
    [ "$1" = worker ] || flags=--max-semi-space-size=4
    exec node $flags "dist/apps/$1/src/main.js"
    ;;
  *) exec node dist/apps/cli/src/main.js "$@" ;;
esac
