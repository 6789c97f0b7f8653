"""Asks Werkzeug, a line of JSON for each line of JSON.

{"method", "password"}: the stored text; {"stored", "password"}: whether it is right
"""

import json
import sys

from werkzeug.security import check_password_hash, generate_password_hash

for line in sys.stdin.read().splitlines():
    job = json.loads(line)
    if "method" in job:
        print(json.dumps(generate_password_hash(job["password"], job["method"])))
    else:
        print(json.dumps(check_password_hash(job["stored"], job["password"])))
