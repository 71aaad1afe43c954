#!/usr/bin/env bash
# Runs a command with a PostgreSQL of its own: test/with-postgres.sh npm test
# No test cuts its power: it makes no fsync calls. The server listens on a Unix socket and on 127.0.0.1 at a free port, in a temporary folder, and is stopped after.
set -euo pipefail

bin=$(pg_config --bindir 2>/dev/null || true)
[ -x "$bin/initdb" ] || bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -x "$bin/initdb" ] || { echo "PostgreSQL's server programs are not installed" >&2; exit 1; }

folder=$(mktemp -d)
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')

# PostgreSQL refuses to run as root.
as_owner() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
[ "$(id -u)" != 0 ] || chown postgres "$folder"

stop() {
  (cd / && as_owner "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1) || true
  rm -rf "$folder"
}
trap stop EXIT

(cd / && as_owner "$bin/initdb" -D "$folder/data" -U invigil -A trust >/dev/null)
(cd / && as_owner "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" -o "-p $port -h 127.0.0.1 -k $folder -c max_connections=200 -c fsync=off -c full_page_writes=off" start >/dev/null)

TEST_DATABASE_URL="postgres://invigil@127.0.0.1:$port/postgres" "$@"
