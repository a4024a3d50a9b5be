#!/usr/bin/env python
"""The project's command line: `python manage.py help`."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from freehold.cli import main

    sys.exit(main(sys.argv))
