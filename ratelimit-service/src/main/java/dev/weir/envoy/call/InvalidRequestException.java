package dev.weir.envoy.call;

/** A call that cannot be understood. The message tells whoever configured Envoy what to change. */
public final class InvalidRequestException extends Exception {
    public InvalidRequestException(String message) {
        super(message, null, false, false);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
