package dev.weir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R5.8: who copies the README's policy and its cases finds them clean and going as written. */
class ReadmeTest {
    private static final Path README = Path.of("../README.md");
    private static final Pattern YAML = Pattern.compile("(?ms)^```yaml\\R(.*?)^```$");

    @TempDir
    private Path folder;

    @Test
    void thePolicyLintsClean() throws IOException {
        Ran lint = Ran.weir("lint", policy());

        assertEquals(0, lint.status(), lint.out());
        assertEquals("", lint.out());
    }

    @Test
    void theCasesGoAsWrittenAgainstThePolicyAboveThem() throws IOException {
        policy();
        Path cases = Files.writeString(folder.resolve("policy.test.yaml"), block("policy: policy.yaml"));

        Ran test = Ran.weir("test", cases);

        assertEquals(0, test.status(), test.out() + test.err());
    }

    private Path policy() throws IOException {
        return Files.writeString(folder.resolve("policy.yaml"), block("domain: "));
    }

    /** Returns the one block of YAML that begins like this. */
    private static String block(String start) throws IOException {
        List<String> blocks = YAML.matcher(Files.readString(README))
                .results()
                .map(found -> found.group(1))
                .filter(block -> block.startsWith(start))
                .toList();
        assertEquals(1, blocks.size(), start);
        return blocks.get(0);
    }
}
