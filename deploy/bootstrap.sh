#!/bin/sh
# Schemas, roles and logins, as the superuser; then a password file for each login, in a directory of its own. A second
# run finds nothing to do. With `rotate` behind it: other passwords for the services' logins, while they go on.
# `PYTHON` is the interpreter, where it is not on the PATH; `POOLER` the host of a pooler that services go by.
set -eu
PGPASSWORD=$(cat "$ADMIN_PASSWORD_FILE")
export PGPASSWORD
manage() { "${PYTHON:-python}" manage.py ownership "$@"; }
if [ "${1:-}" = rotate ]; then
    for login in web_rw api_rw admin_rw; do
        manage passwords --rotate --admin-url "$ADMIN_URL" \
            --to "${LOGINS:-/logins}/$login" --host "${POOLER:-}" "$login"
    done
    exit
fi
manage bootstrap --admin-url "$ADMIN_URL"
manage passwords --to "${LOGINS:-/logins}/migrator" migrator
for login in web_rw api_rw admin_rw; do
    manage passwords --to "${LOGINS:-/logins}/$login" --host "${POOLER:-}" "$login"
done
