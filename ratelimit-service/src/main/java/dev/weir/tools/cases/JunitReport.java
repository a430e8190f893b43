package dev.weir.tools.cases;

import dev.weir.text.PrintableText;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Tells build servers the results of cases, in JUnit's XML: a suite for each file. */
public final class JunitReport {
    private JunitReport() {}

    /** @throws IOException if the file cannot be written */
    public static void write(Results results, Path file) throws IOException {
        try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out);
            xml.writeStartDocument("UTF-8", "1.0");
            write(results, xml);
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }

    private static void write(Results results, XMLStreamWriter xml) throws XMLStreamException {
        start("testsuites", xml);
        attributes(results.cases(), results.failed(), results.nanos(), xml);
        for (Results.OfFile file : results.files()) {
            start("testsuite", xml);
            attribute("name", file.file(), xml);
            attributes(file.cases().size(), file.failed(), file.nanos(), xml);
            for (Results.OfCase one : file.cases()) {
                write(file, one, xml);
            }
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    private static void write(Results.OfFile file, Results.OfCase one, XMLStreamWriter xml) throws XMLStreamException {
        start("testcase", xml);
        attribute("classname", file.file(), xml);
        attribute("name", one.name(), xml);
        attribute("time", seconds(one.nanos()), xml);
        if (!one.ok()) {
            write(one.failures(), xml);
        }
        xml.writeEndElement();
    }

    /** Writes all failures of a case as one, because many readers take no more. */
    private static void write(List<Failure> failures, XMLStreamWriter xml) throws XMLStreamException {
        int more = failures.size() - 1;
        start("failure", xml);
        attribute("message", failures.get(0).message() + (more == 0 ? "" : " (and " + more + " more)"), xml);
        for (Failure failure : failures) {
            xml.writeCharacters(PrintableText.line(failure.place() + ": " + failure.message()) + "\n");
            for (String limit : failure.limits()) {
                xml.writeCharacters("  " + PrintableText.line(limit) + "\n");
            }
        }
        xml.writeEndElement();
    }

    private static void start(String name, XMLStreamWriter xml) throws XMLStreamException {
        xml.writeCharacters("\n");
        xml.writeStartElement(name);
    }

    private static void attributes(long tests, long failures, long nanos, XMLStreamWriter xml)
            throws XMLStreamException {
        attribute("tests", Long.toString(tests), xml);
        attribute("failures", Long.toString(failures), xml);
        attribute("errors", "0", xml);
        attribute("skipped", "0", xml);
        attribute("time", seconds(nanos), xml);
    }

    private static void attribute(String name, String value, XMLStreamWriter xml) throws XMLStreamException {
        xml.writeAttribute(name, PrintableText.line(value));
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.6f", Results.seconds(nanos));
    }
}
