"""Prints every entry of a JCEKS or JKS keystore, one line each: alias, kind, key in hex, certificates in hex."""

import sys

import jks

store = jks.KeyStore.load(sys.argv[1], sys.argv[2])
for alias, entry in sorted(store.entries.items()):
    key, certificates = b"", []
    if isinstance(entry, jks.PrivateKeyEntry):
        kind, key = "private-key", entry.pkey_pkcs8
        certificates = [certificate for _, certificate in entry.cert_chain]
    elif isinstance(entry, jks.SecretKeyEntry):
        kind, key = entry.algorithm, entry.key
    else:
        kind, certificates = "certificate", [entry.cert]
    print(alias, kind, key.hex(), ",".join(c.hex() for c in certificates), sep="\t")
