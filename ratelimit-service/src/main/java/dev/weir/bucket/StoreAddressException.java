package dev.weir.bucket;

/** What was given as the address of the store is none. The message does not quote it: it may hold a password. */
public final class StoreAddressException extends RuntimeException {
    public StoreAddressException(String message) {
        super(message);
    }
}
