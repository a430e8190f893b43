package dev.weir.tools.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.weir.config.Location;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** R2.8: what came of the cases, for people, programs and build servers. */
class ReportTest {
    private static final String NASTY = "a <b> & \"c\" ]]> \n\r\t\0\u001b[31m \ud800 \uffff \ud83d\ude00 ü";
    private static final String NASTY_SHOWN =
            "a <b> & \"c\" ]]> \\u000a\\u000d\\u0009\\u0000\\u001b[31m \\ud800 \\uffff \ud83d\ude00 ü";

    @TempDir
    Path folder = Path.of("");

    @Test
    void peopleReadALineForEachCaseAndWhatWentWrong() {
        assertEquals("""
                ok  fine
                FAILED not fine
                  dir/cases.yaml:7:9: expected refused, was allowed
                    user-requests: 12 of 20 used
                    everybody: 12 of 100 used
                not exercised: a, b (domain llm of policy.yaml)
                2 cases, 1 ok, 1 failed (in 1.2 s)
                """, text(results("fine", "not fine", "expected refused, was allowed")));
    }

    @Test
    void aNameCannotForgeALine() {
        assertTrue(text(results(NASTY, "b", "c")).startsWith("ok  " + NASTY_SHOWN + "\nFAILED b\n"));
    }

    @Test
    void programsReadJson() {
        JsonObject json = JsonParser.parseString(JsonReport.of(results("fine", NASTY, "why")))
                .getAsJsonObject();

        assertEquals(2, json.get("cases").getAsInt());
        assertEquals(1, json.get("failed").getAsInt());
        assertEquals(1.24, json.get("seconds").getAsDouble());
        assertEquals(
                "[{\"policy\":\"policy.yaml\",\"domain\":\"llm\",\"limits\":[\"a\",\"b\"]}]",
                json.get("not_exercised").toString());
        JsonObject file = json.getAsJsonArray("files").get(0).getAsJsonObject();
        assertEquals("dir/cases.yaml", file.get("file").getAsString());
        assertEquals(
                "{\"name\":\"fine\",\"ok\":true,\"seconds\":0.25,\"failures\":[]}",
                file.getAsJsonArray("cases").get(0).toString());
        JsonObject failed = file.getAsJsonArray("cases").get(1).getAsJsonObject();
        assertEquals(NASTY, failed.get("name").getAsString());
        assertEquals(
                "[{\"line\":7,\"column\":9,\"message\":\"why\","
                        + "\"limits\":[\"user-requests: 12 of 20 used\",\"everybody: 12 of 100 used\"]}]",
                failed.get("failures").toString());
    }

    @Test
    void buildServersReadWellFormedXmlWhateverIsInIt() throws Exception {
        Path file = folder.resolve("report.xml");
        JunitReport.write(results("fine", NASTY, NASTY), file);

        Document document =
                DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(file.toFile());

        Element all = document.getDocumentElement();
        assertEquals("testsuites", all.getTagName());
        Element suite = (Element) all.getElementsByTagName("testsuite").item(0);
        for (Element counts : List.of(all, suite)) {
            assertEquals("2", counts.getAttribute("tests"));
            assertEquals("1", counts.getAttribute("failures"));
        }
        assertEquals("dir/cases.yaml", suite.getAttribute("name"));
        assertEquals("0.750000", suite.getAttribute("time"));
        Element fine = (Element) suite.getElementsByTagName("testcase").item(0);
        assertEquals("fine", fine.getAttribute("name"));
        assertEquals("dir/cases.yaml", fine.getAttribute("classname"));
        assertEquals(0, fine.getElementsByTagName("failure").getLength());
        Element failed = (Element) suite.getElementsByTagName("testcase").item(1);
        assertEquals(NASTY_SHOWN, failed.getAttribute("name"));
        Element failure = (Element) failed.getElementsByTagName("failure").item(0);
        assertEquals(NASTY_SHOWN, failure.getAttribute("message"));
        assertEquals(
                "dir/cases.yaml:7:9: " + NASTY_SHOWN
                        + "\n  user-requests: 12 of 20 used\n  everybody: 12 of 100 used\n",
                failure.getTextContent());
    }

    @Test
    void allFailuresOfACaseAreOneInXml() throws Exception {
        Path file = folder.resolve("report.xml");
        Results.OfCase one = new Results.OfCase(
                "it",
                List.of(
                        new Failure(new Location("c.yaml", 7, 9), "why", List.of()),
                        new Failure(new Location("c.yaml", 8, 9), "also", List.of())),
                0);
        JunitReport.write(new Results(List.of(new Results.OfFile("c.yaml", List.of(one))), List.of(), 0), file);

        NodeList failures = DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(file.toFile())
                .getElementsByTagName("failure");

        assertEquals(1, failures.getLength());
        assertEquals("why (and 1 more)", ((Element) failures.item(0)).getAttribute("message"));
        assertEquals("c.yaml:7:9: why\nc.yaml:8:9: also\n", failures.item(0).getTextContent());
    }

    @Test
    void aReportThatCannotBeWrittenIsSaid() {
        Path nowhere = folder.resolve("none").resolve("report.xml");

        assertThrows(IOException.class, () -> JunitReport.write(results("a", "b", "c"), nowhere));
    }

    private static Results results(String fine, String failed, String message) {
        Failure failure = new Failure(
                new Location("dir/cases.yaml", 7, 9),
                message,
                List.of("user-requests: 12 of 20 used", "everybody: 12 of 100 used"));
        return new Results(
                List.of(new Results.OfFile(
                        "dir/cases.yaml",
                        List.of(
                                new Results.OfCase(fine, List.of(), 250_000_000),
                                new Results.OfCase(failed, List.of(failure), 500_000_000)))),
                List.of(new Results.Idle("policy.yaml", "llm", List.of("a", "b"))),
                1_240_000_000);
    }

    private static String text(Results results) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TextReport.write(results, new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
