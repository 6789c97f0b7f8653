#!/usr/bin/env bash
# Makes the sample keystores in this directory anew, with the JDK's own keytool (17 or later):
#
#   bash keystores/make.sh
#
# KEYTOOL names another keytool. Salts and dates differ from run to run; passwords, aliases and secrets do not.
# The passwords are in the open because these are samples.
set -euo pipefail
umask 077
cd "$(dirname "${BASH_SOURCE[0]}")"
keytool=${KEYTOOL:-keytool}

# One secret from standard input, as a script would do it. What keytool has to say appears only if it fails.
importpass() { # file, type, store password, alias, secret
    local said
    said=$("$keytool" -importpass -alias "$4" -keystore "$1" -storetype "$2" -storepass "$3" <<<"$5" 2>&1) && return
    echo "$said" >&2
    return 1
}

rm -f secure.jks hidden.jks hadoop.jceks wso2carbon.p12 internal.p12 migration.p12

# The names of PhixFlow's documentation: they say JKS, the content is PKCS12.
importpass secure.jks PKCS12 keypass db1 'sqluser'
importpass secure.jks PKCS12 keypass db1pass 'x34!2axf'
importpass secure.jks PKCS12 keypass emailuser 'mailer@example.com'
importpass secure.jks PKCS12 keypass emailpass 'Em4il!pass'
importpass secure.jks PKCS12 keypass pepperKey 'q7#Vt9!mZ2@xL4$wR8^kB6&n'

# The keystore that xml-examples/phixflow-secret.xml names.
importpass hidden.jks PKCS12 storepw phixflow-database-user 'phixFlow'
importpass hidden.jks PKCS12 storepw phixflow-database-password 'P*59word'
importpass hidden.jks PKCS12 storepw phixflow-email-user 'alerts@phixflow.example'
importpass hidden.jks PKCS12 storepw phixflow-email-password 'Ma1l*relay'
importpass hidden.jks PKCS12 storepw pepperKey 'H3!dT8%pY5+sK1=uG9~cF7?j'

# A Hadoop credential store: JCEKS.
importpass hadoop.jceks JCEKS hadooppw javax.jdo.option.connectionpassword 'h1ve-Metastore'
importpass hadoop.jceks JCEKS hadooppw ranger.db.password 'r4nger Admin & Co'
importpass hadoop.jceks JCEKS hadooppw ssl.server.keystore.password 's3rver-Keystore'
"$keytool" -genseckey -alias dfs.encryption.key -keyalg AES -keysize 256 \
    -keystore hadoop.jceks -storetype JCEKS -storepass hadooppw 2>/dev/null

# The primary and the internal keystore of a WSO2 server.
"$keytool" -genkeypair -alias wso2carbon -keyalg RSA -keysize 2048 -validity 36500 -dname CN=localhost \
    -keystore wso2carbon.p12 -storetype PKCS12 -storepass wso2carbon 2>/dev/null
"$keytool" -genkeypair -alias internal -keyalg RSA -keysize 2048 -validity 36500 -dname CN=internal \
    -keystore internal.p12 -storetype PKCS12 -storepass internalpw 2>/dev/null

# A migration service: its key, self-signed, and the tokens of two clients.
"$keytool" -genkeypair -alias server -keyalg EC -groupname secp256r1 -validity 36500 -dname CN=localhost \
    -ext san=dns:localhost,ip:127.0.0.1 -keystore migration.p12 -storetype PKCS12 -storepass migratepw 2>/dev/null
importpass migration.p12 PKCS12 migratepw kratos-token 'kR4tos+Token-8f1c'
importpass migration.p12 PKCS12 migratepw keycloak-token 'k3ycloak+Token-27ab'
