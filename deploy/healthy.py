"""Exit status 0 where the service in this container is ready: the image has no curl."""

import os
import sys
from http.client import HTTPConnection

host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
connection = HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=4)
connection.request("GET", "/readyz", headers={"Host": host})
sys.exit(connection.getresponse().status != 200)
