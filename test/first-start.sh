#!/usr/bin/env bash
# Starts the built server as README says, asks it, and stops it: `npm start`, /health, the page, SIGTERM.
set -euo pipefail
cd "$(dirname "$0")/.."
data=$(mktemp -d)
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
begin=$(date +%s%N)
PORT=$port DATA_DIR=$data setsid npm start >"$data/log" 2>&1 &
pid=$!
stop() { kill -KILL -- "-$pid" 2>/dev/null || true; rm -rf "$data"; }
trap stop EXIT
for _ in $(seq 240); do
  curl -fsS -o /dev/null "http://127.0.0.1:$port/health" 2>/dev/null && break
  kill -0 "$pid" 2>/dev/null || { cat "$data/log"; exit 1; }
  sleep 0.25
done
echo "npm start answered /health after $((($(date +%s%N) - begin) / 1000000)) ms"
for _ in $(seq 240); do
  curl -fsS "http://127.0.0.1:$port/health" | grep -q '"status":"ok"' && break
  sleep 0.25
done
curl -fsS "http://127.0.0.1:$port/health"; echo
echo "and was ready after $((($(date +%s%N) - begin) / 1000000)) ms"
curl -fsS -H 'accept: text/html' "http://127.0.0.1:$port/" | grep -q '<title>' || { echo "no start page" >&2; exit 1; }
curl -fsS "http://127.0.0.1:$port/" | grep -q '"status":"ok"' || { echo "GET / does not answer programs" >&2; exit 1; }
for page in exam console setup docs system-check; do curl -fsS -o /dev/null "http://127.0.0.1:$port/$page"; done
if ! grep -q '/setup#' "$data/setup-link" || grep -q '/setup#' "$data/log"; then echo "the set-up link is not in its file alone" >&2; exit 1; fi
# To npm alone, as a supervisor sends it; the group is gone when the server is, too.
kill -TERM "$pid"
for _ in $(seq 80); do kill -0 -- "-$pid" 2>/dev/null || break; sleep 0.25; done
if kill -0 -- "-$pid" 2>/dev/null; then echo "the server did not stop" >&2; exit 1; fi
echo "the server stopped"
