package dev.weir.decide;

import dev.weir.policy.Allowance;

/** A number of tokens, answers or bytes as a request states it. */
final class MaxTokens {
    private MaxTokens() {}

    /**
     * Reads a whole number from 0 to {@link Allowance#MAX_AMOUNT}. Envoy writes the JSON number 50.0 as {@code 50.000000}, so a fraction of
     * zeros is accepted.
     *
     * @return -1 where it is anything else
     */
    static long parse(String text) {
        int length = text.length();
        long value = 0;
        int i = 0;
        while (i < length && isDigit(text.charAt(i))) {
            value = 10 * value + (text.charAt(i++) - '0');
            if (value > Allowance.MAX_AMOUNT) {
                return -1;
            }
        }
        return i > 0 && (i == length || isZeroFraction(text, i)) ? value : -1;
    }

    private static boolean isZeroFraction(String text, int dot) {
        if (text.charAt(dot) != '.' || dot + 1 == text.length()) {
            return false;
        }
        for (int i = dot + 1; i < text.length(); i++) {
            if (text.charAt(i) != '0') {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
