package dev.weir.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a number of bytes from {@code 1M} to {@code 1000G}; an M is a million, as in policies. */
final class ByteSize implements ITypeConverter<Long> {
    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,5})([MG])");
    private static final long MEGA = 1_000_000;
    private static final long GIGA = 1_000 * MEGA;
    private static final long MOST = 1_000 * GIGA;

    @Override
    public Long convert(String text) {
        Matcher matcher = SIZE.matcher(text);
        long bytes = matcher.matches()
                ? Long.parseLong(matcher.group(1)) * (matcher.group(2).equals("M") ? MEGA : GIGA)
                : 0;
        if (bytes < MEGA || bytes > MOST) {
            throw new TypeConversionException("`" + text + "` is not a size from 1M to 1000G; write for example 100M");
        }
        return bytes;
    }
}
