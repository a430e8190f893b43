package dev.weir.dropin.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.policy.DescriptorSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The files that envoyproxy/ratelimit was seen to refuse are refused here too, each with a place; those that it takes are taken. */
class ReferenceFilesTest {
    /** What of YAML can hide the meaning of a file; a writer learns where it stands and what to write instead. */
    private static final Set<String> STRICTER_ON_PURPOSE = Set.of(
            "anchors",
            "anchors-merge-key",
            "second-document-is-not-read",
            "requests-per-unit-tagged-int",
            "value-tagged",
            "value-binary",
            "duplicate-map-key-same-unit",
            "duplicate-map-key-count",
            "duplicate-map-key-value",
            "duplicate-map-key-descriptors",
            "duplicate-map-key-domain",
            "duplicate-map-key-rate-limit");

    /** Its bytes are no text, which the record is; {@code YamlFileTest} has such files. */
    private static final String NOT_IN_THE_RECORD = "yaml-not-utf8";

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> filesAreRefusedWhereTheReferenceRefusesThem() {
        return RecordedCase.all("/dev/weir/dropin/answer/files.jsonl.gz").stream()
                .filter(recorded -> !recorded.name().equals(NOT_IN_THE_RECORD))
                .map(recorded -> DynamicTest.dynamicTest(recorded.name(), () -> check(recorded)));
    }

    private void check(RecordedCase recorded) {
        List<Problem> problems = problems(recorded);
        boolean taken =
                recorded.json().get("accepted").getAsBoolean() && !STRICTER_ON_PURPOSE.contains(recorded.name());
        assertEquals(taken, problems.isEmpty(), problems::toString);
        assertTrue(
                problems.stream().allMatch(problem -> problem.place().file().startsWith(folder.toString())),
                problems::toString);
    }

    private List<Problem> problems(RecordedCase recorded) {
        DescriptorSettings defaults = DescriptorSettings.DEFAULT;
        DescriptorSettings settings = new DescriptorSettings(
                recorded.json().get("merge").getAsBoolean(),
                defaults.misfitsFirst(),
                defaults.shadow(),
                defaults.quota(),
                defaults.headers(),
                defaults.metadata(),
                defaults.nearLimitRatio());
        try {
            recorded.policy(folder, settings);
            return List.of();
        } catch (ConfigException e) {
            return e.problems();
        }
    }
}
