#!/usr/bin/env bash
# Makes the keystores and certificates of this folder, with the keytool of a JDK 17 and with openssl:
#
#   bash tests/https/certificates/make.sh /path/to/jdk-17
#
# "authority" signs the server's certificates and the clients', "other-authority" signs a client that nobody here trusts.
# The password of all keystores is changeit, that of every certificate's PKCS12 file too; all are valid for a hundred years
# but expired.pem. A JDK writes the keys of elliptic curves without their points. (A JDK 11 would sign with an algorithm
# identifier that has a NULL where RFC 5758 wants nothing, which rustls refuses.)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
keytool=$1/bin/keytool
export LC_ALL=C.UTF-8
scratch=$(mktemp -d)
trap 'rm -r "$scratch"' EXIT

run() { "$keytool" -J-Duser.language=en "$@" -storepass changeit 2>/dev/null; }
pair() { # keystore alias subject options…
    run -genkeypair -keystore "$1" -storetype PKCS12 -alias "$2" -dname "$3" "${valid[@]}" "${@:4}"
}
valid=(-startdate "2020/01/01 00:00:00" -validity 36500)
ec=(-keyalg EC -groupname secp256r1)
rsa=(-keyalg RSA -keysize 2048)
authorities=$scratch/authorities.p12
export_pem() { run -exportcert -rfc -keystore "$1" -alias "$2"; }
sign() { # keystore alias authority options…: signs the key's certificate, and imports it with the authority's
    run -certreq -keystore "$1" -alias "$2" |
        run -gencert -rfc -keystore "$authorities" -alias "$3" "${valid[@]}" "${@:4}" >"$scratch/signed.pem"
    export_pem "$authorities" "$3" >>"$scratch/signed.pem"
    run -importcert -noprompt -keystore "$1" -alias "$2" -file "$scratch/signed.pem"
}
client() { # name subject authority options…: NAME.pem and NAME.key
    local keystore=$scratch/$1.p12
    pair "$keystore" client "$2" "${ec[@]}"
    sign "$keystore" client "$3" "${@:4}"
    openssl pkcs12 -in "$keystore" -passin pass:changeit -nokeys -clcerts 2>/dev/null | openssl x509 >"$1.pem"
    openssl pkcs12 -in "$keystore" -passin pass:changeit -nocerts -nodes 2>/dev/null | openssl pkey >"$1.key"
}

rm -f ./*.pem ./*.key ./*.p12 ./*.jceks
pair "$authorities" authority "CN=Test Authority" "${ec[@]}" -ext bc:c
pair "$authorities" other-authority "CN=Other Authority" "${ec[@]}" -ext bc:c
export_pem "$authorities" authority >authority.pem
export_pem "$authorities" other-authority >other-authority.pem

names=san=dns:localhost,ip:127.0.0.1
pair server.p12 server "CN=keyward one" "${ec[@]}"
sign server.p12 server authority -ext "$names"
pair renewed.p12 server "CN=keyward two" "${rsa[@]}"
sign renewed.p12 server authority -ext "$names"
pair server.jceks server "CN=keyward jceks" "${rsa[@]}" -storetype JCEKS
sign server.jceks server authority -ext "$names"
# An algorithm that TLS is not offered with here.
pair unusable.p12 server "CN=keyward p521" -keyalg EC -groupname secp521r1
run -importcert -noprompt -keystore trust.p12 -storetype PKCS12 -alias authority -file authority.pem

client tomcat 'CN=tomcat, O="Muster, GmbH", C=DE' authority \
    -ext san=dns:Tomcat.Example.org,uri:spiffe://example.org/tomcat,email:ops@Example.org -ext eku=clientAuth
client other "CN=other" authority
client expired "CN=tomcat" authority -startdate "2015/01/01 00:00:00" -validity 365
client stranger "CN=tomcat" other-authority
client server-only "CN=tomcat" authority -ext eku=serverAuth
cp "$scratch/tomcat.p12" tomcat.p12
