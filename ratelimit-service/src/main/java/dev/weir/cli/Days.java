package dev.weir.cli;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a number of days from {@code 1d} to {@code 36500d}. */
final class Days implements ITypeConverter<Integer> {
    private static final Pattern DAYS = Pattern.compile("[0-9]{1,5}d");
    private static final int MOST = 36_500;

    @Override
    public Integer convert(String text) {
        int days = DAYS.matcher(text).matches() ? Integer.parseInt(text.substring(0, text.length() - 1)) : 0;
        if (days < 1 || days > MOST) {
            throw new TypeConversionException(
                    "`" + text + "` is not a number of days from 1d to " + MOST + "d; write for example 90d");
        }
        return days;
    }
}
