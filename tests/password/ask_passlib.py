"""Asks passlib, a JSON line for each JSON line.

make   {"hasher", "password", …}: the same with "stored"
check  {"hasher", "stored", "password"}: {"ok"}
known  {"hasher", …}: the same with "stored" and "password", for each vector in passlib's own tests
speed  {"hasher", "stored", "password", "seconds"}: {"rate"}, verifications a second for so long
"""

import json
import sys
import time

import passlib.hash


def hasher(name):
    name, _, kind = name.partition(":")
    found = getattr(passlib.hash, name)
    if name == "argon2":
        return found.using(type=kind or "id")
    if kind:
        return found.using(ident="$" + kind + "$")
    return found


def cheap(name):
    found = hasher(name)
    if "argon2" in name:
        return found.using(rounds=2, memory_cost=256, parallelism=2)
    if "rounds" not in found.setting_kwds or name == "atlassian_pbkdf2_sha1":
        return found
    if name == "phpass":
        return found.using(rounds=9)
    if "bcrypt" in name or name.startswith("scrypt"):
        return found.using(rounds=4)
    return found.using(rounds=1000)


def make(line):
    yield {**line, "stored": cheap(line["hasher"]).hash(line["password"])}


def check(line):
    yield {"ok": hasher(line["hasher"]).verify(line["password"], line["stored"])}


def known(line):
    from passlib.tests import test_handlers, test_handlers_argon2, test_handlers_bcrypt
    from passlib.tests import test_handlers_django, test_handlers_pbkdf2, test_handlers_scrypt

    modules = (
        test_handlers,
        test_handlers_argon2,
        test_handlers_bcrypt,
        test_handlers_django,
        test_handlers_pbkdf2,
        test_handlers_scrypt,
    )
    name, _, kind = line["hasher"].partition(":")
    seen = set()
    for case in (case for module in modules for case in vars(module).values()):
        if getattr(getattr(case, "handler", None), "name", None) != name:
            continue
        for secret, stored in getattr(case, "known_correct_hashes", ()):
            if isinstance(secret, bytes):
                try:
                    secret = secret.decode()
                except UnicodeDecodeError:
                    continue
            if isinstance(stored, bytes):
                stored = stored.decode()
            # Notations that are not keyward's yet.
            if ",data=" in stored or ",keyid=" in stored:
                continue
            if name == "scrypt" and stored.startswith("$7$") != (kind == "7"):
                continue
            if name == "argon2" and not stored.startswith("$argon2" + (kind or "id") + "$"):
                continue
            if (secret, stored) not in seen:
                seen.add((secret, stored))
                yield {**line, "password": secret, "stored": stored}


def speed(line):
    stored, password = line["stored"], line["password"]
    # The first one imports what computes it; passlib's Argon2 must be asked for again then.
    assert hasher(line["hasher"]).verify(password, stored)
    verify = hasher(line["hasher"]).verify
    count, started = 0, time.perf_counter()
    while count == 0 or time.perf_counter() - started < line["seconds"]:
        assert verify(password, stored)
        count += 1
    yield {"rate": count / (time.perf_counter() - started)}


answer = {"make": make, "check": check, "known": known, "speed": speed}[sys.argv[1]]
for line in sys.stdin.read().splitlines():
    for answered in answer(json.loads(line)):
        print(json.dumps(answered))
