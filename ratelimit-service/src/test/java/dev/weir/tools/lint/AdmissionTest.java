package dev.weir.tools.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.config.ConfigException;
import dev.weir.policy.read.PolicyReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdmissionTest {
    private static final String ADMITTING =
            "domain: llm\nadmit: true\nlimits: [{name: minute, tier: user, per: [user], allow: 20 requests / 1m}]\n";

    @TempDir
    private Path folder;

    @Test
    void ofSeveralDomainsThatAdmitAuthorizationCannotTellWhichIsMeant() throws Exception {
        Files.writeString(folder.resolve("1.yaml"), ADMITTING);
        Files.writeString(folder.resolve("2.yaml"), ADMITTING.replace("llm", "api"));

        assertEquals(
                List.of(folder.resolve("2.yaml")
                        + ":1:1: warning ambiguous-admission: domain `api` has `admit: true`, and so has `llm`: external"
                        + " authorization cannot tell which of them is meant unless the route says `weir.domain` in"
                        + " context_extensions"),
                found());
    }

    @Test
    void theLaterDomainMayIgnoreIt() throws Exception {
        Files.writeString(folder.resolve("1.yaml"), ADMITTING);
        Files.writeString(
                folder.resolve("2.yaml"),
                "ignore: {ambiguous-admission: every route says it}\n" + ADMITTING.replace("llm", "api"));

        assertEquals(List.of(), found());
    }

    @Test
    void oneDomainThatAdmitsIsMeant() throws Exception {
        Files.writeString(folder.resolve("1.yaml"), ADMITTING);
        Files.writeString(
                folder.resolve("2.yaml"), ADMITTING.replace("llm", "api").replace("admit: true\n", ""));

        assertEquals(List.of(), found());
    }

    private List<String> found() throws ConfigException {
        return PolicyLint.check(PolicyReader.read(folder), LintRules.all()).stream()
                .map(Object::toString)
                .toList();
    }
}
