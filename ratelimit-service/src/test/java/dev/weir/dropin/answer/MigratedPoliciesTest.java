package dev.weir.dropin.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.policy.DescriptorSettings;
import dev.weir.policy.Descriptors;
import dev.weir.policy.Domain;
import dev.weir.policy.Policy;
import dev.weir.policy.read.PolicyReader;
import dev.weir.tools.diff.JsonReport;
import dev.weir.tools.diff.PolicyDiff;
import dev.weir.tools.diff.RandomRequests;
import dev.weir.tools.diff.TimedRequest;
import dev.weir.tools.lint.PolicyLint;
import dev.weir.tools.migrate.Migration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The policies that were recorded with the reference's answers, rewritten as native limits. */
class MigratedPoliciesTest {
    /** One in so many, which takes seconds and not minutes. */
    private static final int SAMPLE = 5;

    private static final int REQUESTS = 1_000;

    @TempDir
    private Path folder;

    private int exact;
    private int refused;

    @Test
    void theyAreReadAndThoseThatNothingDiffersInDecideAlike() throws Exception {
        Set<String> seen = new HashSet<>();
        for (RecordedCase recorded : RecordedCase.all("/dev/weir/dropin/answer/answers.jsonl.gz")) {
            if (recorded.number() % SAMPLE == 0
                    && seen.add(recorded.json().get("files").toString())) {
                check(recorded);
            }
        }

        assertTrue(exact >= 100, exact + " policies without a difference");
        assertTrue(refused >= 10_000, refused + " requests refused by both");
    }

    private void check(RecordedCase recorded) throws Exception {
        Policy policy;
        try {
            policy = recorded.policy(folder, DescriptorSettings.DEFAULT);
        } catch (ConfigException e) {
            return;
        }
        for (Domain domain : policy.domains().values()) {
            check(recorded, domain, Objects.requireNonNull(domain.descriptors()));
        }
    }

    private void check(RecordedCase recorded, Domain domain, Descriptors descriptors)
            throws IOException, ConfigException {
        Migration migration = Migration.of(domain, descriptors, "a file");
        Policy rewritten = PolicyReader.read(Files.writeString(folder.resolve("rewritten.yaml"), migration.text()));
        assertEquals(Set.of(domain.name()), rewritten.domains().keySet());
        assertTrue(PolicyLint.check(rewritten, List.of()).stream().noneMatch(Problem::isError), migration.text());
        if (migration.differences() > 0) {
            return;
        }
        exact++;
        Policy original = new Policy(Map.of(domain.name(), domain));
        List<TimedRequest> requests = RandomRequests.of(original, rewritten, REQUESTS, recorded.number(), 1);
        PolicyDiff.Result result = PolicyDiff.of(original, rewritten, requests, false);
        refused += result.refused();
        assertEquals(
                0,
                result.differences(),
                () -> recorded.json().get("files") + "\n" + migration.text() + "\n" + JsonReport.of(result));
    }
}
