package dev.weir.cli;

import dev.weir.refusal.sink.RefusalTarget;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code stdout}, {@code file:PATH} or {@code syslog:HOST:PORT}. */
final class RefusalAddress implements ITypeConverter<RefusalTarget> {
    private static final String FILE = "file:";
    private static final String SYSLOG = "syslog:";

    @Override
    public RefusalTarget convert(String text) {
        if (text.equals("stdout")) {
            return new RefusalTarget.Stdout();
        }
        if (text.startsWith(FILE)) {
            return new RefusalTarget.File(path(text));
        }
        if (text.startsWith(SYSLOG)) {
            return new RefusalTarget.Syslog(receiver(text));
        }
        throw wrong(text);
    }

    private static Path path(String text) {
        try {
            Path path = Path.of(text.substring(FILE.length()));
            if (!text.endsWith("/") && !path.toString().isEmpty()) {
                return path;
            }
        } catch (InvalidPathException e) {
            throw wrong(text);
        }
        throw wrong(text);
    }

    private static InetSocketAddress receiver(String text) {
        String address = text.substring(SYSLOG.length());
        if (address.startsWith(":") || address.endsWith(":0")) {
            throw wrong(text);
        }
        return new HostAndPort().convert(address);
    }

    private static TypeConversionException wrong(String text) {
        return new TypeConversionException(
                "`" + text + "` is not stdout, file:PATH or syslog:HOST:PORT; write for example"
                        + " file:/var/log/weir/refusals.log");
    }
}
