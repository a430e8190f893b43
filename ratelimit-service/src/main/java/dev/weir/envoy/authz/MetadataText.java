package dev.weir.envoy.authz;

import dev.weir.envoy.call.WireText;
import dev.weir.policy.Allowance;
import dev.weir.wire.CheckRequest;
import org.jspecify.annotations.Nullable;

/** Writes a value of Envoy's dynamic metadata as an attribute's. */
final class MetadataText {
    private MetadataText() {}

    /**
     * Writes a whole number without a fraction: {@code 50}. One that is too large for a double to hold every whole number may have been
     * rounded on its way; it is written so that nobody takes it for a count: {@code 9.007199254740992E15}.
     *
     * @return null for what has no text: null, a structure, a list
     */
    static @Nullable String of(CheckRequest.Value value) {
        return switch (value.getKindCase()) {
            case STRING_VALUE -> WireText.of(value.getStringValue());
            case NUMBER_VALUE -> number(value.getNumberValue());
            case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
            default -> null;
        };
    }

    private static String number(double number) {
        boolean exact = number == Math.rint(number) && Math.abs(number) <= Allowance.MAX_AMOUNT;
        return exact ? Long.toString((long) number) : Double.toString(number);
    }
}
