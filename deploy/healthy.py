"""Exit status 0 where the service in this container answers: the image has no curl."""

import os
import sys
from urllib.request import Request, urlopen

host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
request = Request(f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/readyz", headers={"Host": host})
with urlopen(request, timeout=4) as response:  # noqa: S310 - of this container, over HTTP
    sys.exit(response.status != 200)
