"""Asks libxcrypt's crypt(3), a JSON line for each JSON line.

{"password": its bytes, numbers, "setting": text}: {"stored"}, null where it refuses
"""

import ctypes
import json
import sys

libcrypt = ctypes.CDLL("libcrypt.so.1")
libcrypt.crypt.restype = ctypes.c_char_p
libcrypt.crypt_gensalt.restype = ctypes.c_char_p
if libcrypt.crypt_gensalt(b"$y$", 0, None, 0) is None:
    sys.exit(3)  # glibc's own, which knows no yescrypt

for line in sys.stdin.read().splitlines():
    question = json.loads(line)
    password = bytes(question["password"])
    stored = libcrypt.crypt(password, question["setting"].encode())
    refused = stored is None or stored.startswith(b"*")
    print(json.dumps({"stored": None if refused else stored.decode()}))
