#!/usr/bin/env bash
# Makes the certificates and keystores of this folder, with the keytool of a JDK 17:
#
#   bash tests/keytool_dialect/certificates/make.sh /path/to/jdk-17
#
# root signs intermediate (EC), intermediate signs server; weak-root (1024 bits, SHA-1) signs weak-server; disabled
# is of 512 bits with MD5. The password of all is changeit.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
keytool=$1/bin/keytool
export LC_ALL=C.UTF-8
scratch=$(mktemp -d)
trap 'rm -r "$scratch"' EXIT

run() { "$keytool" -J-Duser.language=en "$@" -storepass changeit 2>/dev/null; }
pair() { # keystore alias subject options…
    local keystore=$1 alias=$2 subject=$3
    shift 3
    run -genkeypair -keystore "$keystore" -alias "$alias" -dname "$subject" -validity 9000 "$@"
}
sign() { # keystore alias authority options…: the certificate alone, in PEM
    local keystore=$1 alias=$2 authority=$3
    shift 3
    run -certreq -keystore "$keystore" -alias "$alias" |
        run -gencert -keystore "$scratch/authorities.p12" -alias "$authority" -validity 9000 "$@" |
        openssl x509 -inform DER
}
export_pem() { run -exportcert -rfc -keystore "$1" -alias "$2"; }

rm -f ./*.pem ./*.p7b ./*.p12 ./*.jceks
authorities=$scratch/authorities.p12
pair "$authorities" root "CN=Test Root, O=Keyward" -keyalg RSA -keysize 2048 -ext bc:c
pair "$authorities" intermediate "CN=Test Intermediate" -keyalg EC -groupname secp256r1 -ext bc:c
pair "$authorities" weak-root "CN=Weak Root" -keyalg RSA -keysize 1024 -sigalg SHA1withRSA -ext bc:c
pair "$authorities" disabled "CN=Disabled" -keyalg RSA -keysize 512 -sigalg MD5withRSA
export_pem "$authorities" root >root.pem
export_pem "$authorities" weak-root >weak-root.pem
export_pem "$authorities" disabled >disabled.pem
sign "$authorities" intermediate root -ext bc:c >intermediate.pem

pair keys.p12 server "CN=server.example" -keyalg RSA -keysize 2048
pair keys.p12 weak-server "CN=weak.example" -keyalg RSA -keysize 2048
printf 'a secret\n' | run -importpass -keystore keys.p12 -alias secret
export_pem keys.p12 server >self-signed.pem
sign keys.p12 server intermediate -ext san=dns:server.example,ip:127.0.0.1 -ext eku=serverAuth >server.pem
sign keys.p12 weak-server weak-root -sigalg SHA1withRSA >weak-server.pem
run -importkeystore -srckeystore keys.p12 -srcstorepass changeit -destkeystore keys.jceks -deststoretype JCEKS \
    -deststorepass changeit
run -keypasswd -keystore keys.jceks -alias server -new its-own-password
cat server.pem intermediate.pem root.pem >chain.pem
cat weak-server.pem weak-root.pem >weak-chain.pem
cat root.pem intermediate.pem >without-server.pem
cat server.pem root.pem weak-root.pem >with-gap.pem
{
    echo "The certificate of the server:"
    cat server.pem
    echo "Its authority - as text"
    sed 's/$/\r/' intermediate.pem
} >with-text.pem
openssl crl2pkcs7 -nocrl -certfile chain.pem -outform DER -out chain.p7b
openssl crl2pkcs7 -nocrl -certfile chain.pem >chain.p7b.pem
openssl x509 -in server.pem -outform DER -out server.der
pair "$authorities" secp384r1 "CN=P-384" -keyalg EC -groupname secp384r1 -sigalg SHA384withECDSA
pair "$authorities" ed25519 "CN=Ed25519" -keyalg Ed25519
pair "$authorities" pss "CN=PSS" -keyalg RSASSA-PSS -keysize 2048
pair "$authorities" rsa3072 "CN=RSA 3072" -keyalg RSA -keysize 3072
pair "$authorities" dsa "CN=DSA" -keyalg DSA -keysize 2048
for alias in secp384r1 ed25519 pss rsa3072 dsa; do export_pem "$authorities" $alias; done >self-signed-of-all-kinds.pem

cat >"$scratch/extensions.cnf" <<'END'
[extensions]
authorityInfoAccess = OCSP;URI:http://ocsp.example/, caIssuers;URI:http://ca.example/ca.der
crlDistributionPoints = URI:http://crl.example/one.crl, URI:http://crl.example/two.crl
certificatePolicies = 1.2.3.4, @policy
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid, issuer:always
subjectAltName = DNS:a.example, email:a@example, URI:http://a.example/, IP:2001:db8::1, RID:1.2.3, dirName:name
[policy]
policyIdentifier = 1.2.3.5
CPS.1 = http://example/cps
userNotice.1 = @notice
[notice]
explicitText = A notice
[name]
CN = A name
END
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -days 9000 -sha256 \
    -subj "/C=DE/O=Muster, GmbH/CN=extensions" -config <(printf '[req]\ndistinguished_name=d\n[d]\n'; cat "$scratch/extensions.cnf") \
    -extensions extensions -set_serial 0x0fedce3010fc948ff -out extensions.pem 2>/dev/null

printf 'yes\n' | run -importcert -keystore weak.p12 -alias weak-root -file weak-root.pem >/dev/null
run -importcert -noprompt -keystore weak.p12 -alias disabled -file disabled.pem
run -importkeystore -srckeystore keys.p12 -srcstorepass changeit -destkeystore weak.p12 -deststorepass changeit \
    -srcalias weak-server
run -importcert -keystore weak.p12 -alias weak-server -file weak-server.pem
open=(-J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE -J-Dkeystore.pkcs12.macAlgorithm=NONE)
"$keytool" "${open[@]}" -importcert -noprompt -keystore passwordless.p12 -storepass changeit -alias root -file root.pem \
    2>/dev/null
"$keytool" "${open[@]}" -importcert -noprompt -keystore passwordless.p12 -storepass changeit -alias weak-root \
    -file weak-root.pem 2>/dev/null
