#!/bin/sh
# Migrations, each as its schema's owner, and the data that everyone refers to. A second run finds nothing to do.
set -eu
"${PYTHON:-python}" manage.py migrate
"${PYTHON:-python}" manage.py seed up --kind reference
