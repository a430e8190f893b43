package dev.weir.envoy;

/** A call that cannot be understood. The message tells whoever configured Envoy what to change. */
final class InvalidRequestException extends Exception {
    InvalidRequestException(String message) {
        super(message, null, false, false);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
