package dev.weir.tools.diff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.request.Descriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestsReaderTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void aLineIsReadAndWrittenTheSame() throws IOException {
        String line = "{\"time\":\"2026-01-05T09:00:00.000001Z\",\"domain\":\"d\","
                + "\"descriptors\":[[[\"b\",\"1\"],[\"a\",\"2\"]],[]],\"hits\":3}";

        TimedRequest asked = read("\n" + line + "\n").get(0);

        assertEquals(1_767_603_600_000_001L, asked.micros());
        assertEquals(
                List.of(0, 1),
                asked.request().descriptors().stream().map(Descriptor::position).toList());
        assertEquals(line, asked.toJson().toString());
    }

    @Test
    void aRefusalRecordIsARequestOfOneDescriptor() throws IOException {
        String record = "{\"time\":\"2026-01-05T09:00:00Z\",\"request_id\":null,\"domain\":\"d\","
                + "\"attributes\":{\"user\":\"alice\",\"max_tokens\":\"5\"},\"limit\":\"l\",\"asked\":5,\"count\":2}";

        assertEquals(
                "{\"time\":\"2026-01-05T09:00:00Z\",\"domain\":\"d\","
                        + "\"descriptors\":[[[\"user\",\"alice\"],[\"max_tokens\",\"5\"]]],\"hits\":1}",
                read(record).get(0).toJson().toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "[] | is no JSON object",
                "{ | ",
                "{\"domain\":\"d\",\"descriptors\":[]} | `time` must be a text",
                "{\"time\":\"today\",\"domain\":\"d\",\"descriptors\":[]} | `time` is `today`",
                "{\"time\":\"2026-01-05T09:00:00Z\",\"domain\":1,\"descriptors\":[]} | `domain` must be a text",
                "{\"time\":\"2026-01-05T09:00:00Z\",\"domain\":\"d\"} | `descriptors` is a list",
                "{\"time\":\"2026-01-05T09:00:00Z\",\"domain\":\"d\",\"descriptors\":[[[\"a\"]]]} | an entry is",
                "{\"time\":\"2026-01-05T09:00:00Z\",\"domain\":\"d\",\"descriptors\":[],\"hits\":-1} | `hits` is a whole number"
            })
    void whatIsNoRequestIsToldWithItsLine(String line, String problem) {
        IOException e = assertThrows(IOException.class, () -> read("\n" + line));

        assertTrue(e.getMessage().startsWith(folder.resolve("requests.jsonl") + ":2: "), e.getMessage());
        assertTrue(problem == null || e.getMessage().contains(problem), e.getMessage());
    }

    private List<TimedRequest> read(String text) throws IOException {
        return RequestsReader.read(Files.writeString(folder.resolve("requests.jsonl"), text));
    }
}
