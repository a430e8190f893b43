package dev.weir.cli;

import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code unix:PATH} or what {@link HostAndPort} reads. */
final class GrpcAddress implements ITypeConverter<SocketAddress> {
    private static final String UNIX = "unix:";
    /** Linux's bound on the name of a socket, in bytes. */
    private static final int LONGEST_PATH = 107;

    @Override
    public SocketAddress convert(String text) {
        if (!text.startsWith(UNIX)) {
            return new HostAndPort().convert(text);
        }
        String path = text.substring(UNIX.length());
        if (path.isEmpty() || path.getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH) {
            throw new TypeConversionException("`" + text + "` is not unix:PATH with a path of at most " + LONGEST_PATH
                    + " bytes; write for example unix:/run/weir/weir.sock");
        }
        return UnixDomainSocketAddress.of(path);
    }
}
