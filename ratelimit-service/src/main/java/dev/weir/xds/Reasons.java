package dev.weir.xds;

import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** Says why a stream was lost. */
final class Reasons {
    /** The beginning of what gRPC says of a message that is too large. */
    private static final String TOO_LARGE = "gRPC message exceeds maximum size";

    private Reasons() {}

    static boolean isTooLarge(Status status) {
        String description = status.getDescription();
        return status.getCode() == Status.Code.RESOURCE_EXHAUSTED
                && description != null
                && description.startsWith(TOO_LARGE);
    }

    static String of(Status status) {
        if (status.isOk()) {
            return "it ended the stream";
        }
        StringBuilder reason = new StringBuilder(status.getCode().name());
        append(reason, status.getDescription());
        Throwable cause = status.getCause();
        while (cause != null) {
            append(reason, cause.getMessage());
            cause = cause.getCause();
        }
        if (isTooLarge(status)) {
            reason.append("; let it send less, or allow larger messages (XDS_CLIENT_MAX_MSG_SIZE_IN_BYTES)");
        }
        return PrintableReply.text(reason.toString());
    }

    private static void append(StringBuilder reason, @Nullable String message) {
        if (message != null && reason.indexOf(message) < 0) {
            reason.append(": ").append(message);
        }
    }
}
