package keyward.keycloak;

/** What is done with a password, with its salt and cost. */
interface HashFunction {
    byte[] apply(byte[] password) throws RefusedException;
}
