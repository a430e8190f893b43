package dev.weir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class HostAndPortTest {
    private final HostAndPort reader = new HostAndPort();

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8081, 127.0.0.1, 8081",
        "127.0.0.1:0, 127.0.0.1, 0",
        "127.0.0.1:65535, 127.0.0.1, 65535",
        "[::1]:80, 0:0:0:0:0:0:0:1, 80"
    })
    void aHostAndAPortAreAnAddress(String text, String host, int port) {
        InetSocketAddress address = reader.convert(text);

        assertEquals(host, address.getAddress().getHostAddress());
        assertEquals(port, address.getPort());
    }

    @Test
    void aPortAloneMeansAllAddresses() {
        InetSocketAddress address = reader.convert(":8081");

        assertTrue(address.getAddress().isAnyLocalAddress());
        assertEquals(8081, address.getPort());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "8081",
                "localhost",
                "localhost:",
                "localhost:x",
                ":-1",
                ":65536",
                ":99999999999",
                "unix:/run/weir.sock",
                "http://localhost:80/"
            })
    void whatIsNeitherSaysWhatToWrite(String text) {
        assertEquals(
                "`" + text + "` is not HOST:PORT; write for example 127.0.0.1:8081",
                assertThrows(TypeConversionException.class, () -> reader.convert(text))
                        .getMessage());
    }

    @Test
    void aHostThatDoesNotExistIsNamed() {
        assertEquals(
                "the host `no such host` cannot be resolved",
                assertThrows(TypeConversionException.class, () -> reader.convert("no such host:80"))
                        .getMessage());
    }
}
