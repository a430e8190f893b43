package dev.weir.bucket;

/** Says that what was given as the store's address is none. The message does not quote it: it may hold a password. */
public final class StoreAddressException extends RuntimeException {
    public StoreAddressException(String message) {
        super(message);
    }
}
