package dev.weir.tools.cases;

import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assertions;

/** A policy and a file of cases beside it, in a folder of a test's own. */
final class Bench {
    private final Path folder;
    private final Path policy;

    /** @param limits what a policy has below {@code limits:}, a line for each */
    Bench(Path folder, String limits) throws IOException {
        this.folder = folder;
        this.policy = write("policy.yaml", "domain: llm\ntime_zone: Europe/Berlin\nlimits:\n" + limits.indent(2));
    }

    Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    Path policy() {
        return policy;
    }

    /** The failures of a case's steps, without the file's name; the steps begin in line 5, column 3. */
    List<Failure> play(String steps) throws IOException, ConfigException {
        Results results = run("policy: policy.yaml\ncases:\n- name: it\n  steps:\n" + steps.indent(2));
        return results.files().get(0).cases().get(0).failures();
    }

    /** Messages only. */
    List<String> messages(String steps) throws IOException, ConfigException {
        return play(steps).stream().map(Failure::message).toList();
    }

    Results run(String cases) throws IOException, ConfigException {
        return CaseRunner.run(CaseFileReader.read(List.of(write("cases.yaml", cases)), null));
    }

    /** What is wrong in a file of cases, as line:column: message. */
    List<String> problems(String cases) throws IOException {
        Path file = write("cases.yaml", cases);
        ConfigException e =
                Assertions.assertThrows(ConfigException.class, () -> CaseFileReader.read(List.of(file), null));
        return e.problems().stream().map(this::inShort).toList();
    }

    /** What is wrong in the steps of a case, which begin in line 5, column 3. */
    List<String> problemsOfSteps(String steps) throws IOException {
        return problems("policy: policy.yaml\ncases:\n- name: it\n  steps:\n" + steps.indent(2));
    }

    String inShort(Problem problem) {
        return (problem.place() + ": " + problem.message())
                .replace(folder.resolve("cases.yaml") + ":", "")
                .replace(folder + "/", "");
    }
}
