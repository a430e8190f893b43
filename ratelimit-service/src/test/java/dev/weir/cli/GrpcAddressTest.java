package dev.weir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.UnixDomainSocketAddress;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

class GrpcAddressTest {
    private final GrpcAddress address = new GrpcAddress();

    @Test
    void theLongestPathHasAsManyBytesAsLinuxTakes() {
        String longest = "/" + "a".repeat(106);

        assertEquals(UnixDomainSocketAddress.of(longest), address.convert("unix:" + longest));
        assertThrows(TypeConversionException.class, () -> address.convert("unix:" + longest + "a"));
    }

    @Test
    void lettersOfSeveralBytesCountWithAllOfThem() {
        TypeConversionException refused =
                assertThrows(TypeConversionException.class, () -> address.convert("unix:/" + "\u00e9".repeat(54)));

        assertTrue(refused.getMessage().contains("at most 107 bytes"), refused::getMessage);
    }

    @Test
    void noPathIsRefused() {
        assertThrows(TypeConversionException.class, () -> address.convert("unix:"));
    }
}
