package dev.weir.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Puts into words why a file cannot be read or written. Pure. */
public final class FileFailure {
    private FileFailure() {}

    /** Returns the reason, to follow "cannot be read: ", without the path and without a name of Java's. */
    public static String reason(IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return "there is no such file or folder";
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        String reason = failure instanceof FileSystemException ofFile ? ofFile.getReason() : failure.getMessage();
        return reason == null ? "the system gives no reason" : reason;
    }
}
