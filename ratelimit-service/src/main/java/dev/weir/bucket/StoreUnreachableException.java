package dev.weir.bucket;

/** Says that the store of the buckets cannot be connected to, or does not keep up. */
public final class StoreUnreachableException extends RuntimeException {
    public StoreUnreachableException(String message) {
        super(message);
    }

    public StoreUnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
