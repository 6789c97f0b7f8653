#!/usr/bin/env bash
# Makes the keystores beside it, with the keytool of JDK 17:
#
#   bash tests/wso2/keystores/make.sh
#
# primary.p12 and internal.p12 as a WSO2 server has them; older.jks as older packs have it, with a key password of its
# own; expired.p12, whose certificate expired; elliptic.p12 without an RSA key; trusted.p12 with a certificate alone.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
rm -f ./*.p12 ./*.jks ./*.pem

make_key() { # file, store type, alias, options…
    keytool -genkeypair -keystore "$1" -storetype "$2" -alias "$3" -storepass changeit -dname "CN=$3" "${@:4}"
}

make_key primary.p12 PKCS12 wso2carbon -keyalg RSA -keysize 2048 -validity 36500
make_key internal.p12 PKCS12 internal -keyalg RSA -keysize 2048 -validity 36500
make_key older.jks JKS wso2carbon -keyalg RSA -keysize 2048 -validity 36500 -keypass keypass1
make_key expired.p12 PKCS12 expired -keyalg RSA -keysize 2048 -startdate 2020/01/01 -validity 10
make_key elliptic.p12 PKCS12 elliptic -keyalg EC -groupname secp256r1 -validity 36500
keytool -exportcert -rfc -keystore primary.p12 -storepass changeit -alias wso2carbon -file primary.pem
keytool -importcert -noprompt -keystore trusted.p12 -storetype PKCS12 -storepass changeit -alias trusted -file primary.pem
