package dev.weir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.refusal.sink.RefusalTarget;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class RefusalAddressTest {
    private final RefusalAddress reader = new RefusalAddress();

    @Test
    void refusalsGoToStdoutToAFileOrToSyslog() {
        assertEquals(new RefusalTarget.Stdout(), reader.convert("stdout"));
        assertEquals(new RefusalTarget.File(Path.of("/var/log/a:b.log")), reader.convert("file:/var/log/a:b.log"));
        assertEquals(new RefusalTarget.File(Path.of("refusals.log")), reader.convert("file:refusals.log"));
        assertEquals(
                new RefusalTarget.Syslog(new InetSocketAddress(InetAddress.getLoopbackAddress(), 514)),
                reader.convert("syslog:127.0.0.1:514"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"stdout", "file:/var/log/refusals.log", "syslog:127.0.0.1:514"})
    void itIsShownAsItWasWritten(String text) {
        assertEquals(text, reader.convert(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "none",
                "STDOUT",
                "stdout:",
                "/var/log/refusals.log",
                "file:",
                "file:/var/log/",
                "file:a\u0000b",
                "syslog::514",
                "syslog:127.0.0.1:0"
            })
    void whatIsNoneOfThemSaysWhatToWrite(String text) {
        assertEquals(
                "`" + text + "` is not stdout, file:PATH or syslog:HOST:PORT; write for example"
                        + " file:/var/log/weir/refusals.log",
                assertThrows(TypeConversionException.class, () -> reader.convert(text))
                        .getMessage());
    }

    @Test
    void anAddressThatIsNoneIsNamed() {
        assertEquals(
                "`127.0.0.1` is not HOST:PORT; write for example 127.0.0.1:8081",
                assertThrows(TypeConversionException.class, () -> reader.convert("syslog:127.0.0.1"))
                        .getMessage());
    }
}
