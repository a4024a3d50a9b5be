#!/bin/sh
# pgbouncer with the passwords of the services' logins, taken from each one's own password file, and taken again when
# one changes: `ownership passwords --rotate` writes it just before the server has it. Ends with pgbouncer.
# `POOLER` is the host that the lines are for; `USERS` pgbouncer's auth_file.
set -eu
umask 077
users=${USERS:-/tmp/users}
list() { sed -n "s/^${POOLER:-pooler}:[^:]*:[^:]*:\([^:]*\):\([^:]*\)\$/\"\1\" \"\2\"/p" "${LOGINS:-/logins}"/*_rw/*_rw; }
known=$(list)
printf '%s\n' "$known" > "$users"
pgbouncer "${CONFIGURATION:-pgbouncer.ini}" &
pooler=$!
# From release 1.23 on SIGTERM waits for clients to go, which pools never do; SIGINT waits for what runs, in all.
trap 'kill -INT "$pooler"' TERM INT
while kill -0 "$pooler" 2> /dev/null; do
    sleep 0.2
    if ! found=$(list 2>&1); then
        [ "$found" = "${said:-}" ] || printf '%s\n' "$found" >&2
        said=$found
        continue
    fi
    if [ "$found" != "$known" ]; then
        known=$found
        printf '%s\n' "$known" > "$users"
        kill -HUP "$pooler"
    fi
done
