#!/bin/sh
# Schemas, roles and logins, as the superuser; then a password file for each login, in a directory of its own. A second
# run finds nothing to do. `PYTHON` is the interpreter, where it is not on the PATH.
set -eu
PGPASSWORD=$(cat "$ADMIN_PASSWORD_FILE") "${PYTHON:-python}" manage.py ownership bootstrap --admin-url "$ADMIN_URL"
for login in migrator web_rw api_rw admin_rw; do
    "${PYTHON:-python}" manage.py ownership passwords --to "${LOGINS:-/logins}/$login" "$login"
done
