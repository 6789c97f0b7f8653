package keyward.keycloak;

/** Why an envelope or a password is not judged. Its message holds no part of either. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    RefusedException(String message) {
        super(message);
    }
}
