package dev.weir.cli;

import dev.weir.config.ConfigException;
import dev.weir.config.FileFailure;
import dev.weir.tools.cases.CaseFile;
import dev.weir.tools.cases.CaseFileReader;
import dev.weir.tools.cases.CaseRunner;
import dev.weir.tools.cases.JsonReport;
import dev.weir.tools.cases.JunitReport;
import dev.weir.tools.cases.Results;
import dev.weir.tools.cases.TextReport;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weir test}. */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Plays cases, traffic over time and what is expected of it, against a policy. Needs no Envoy and no"
                        + " Redis, and no time passes.",
        footer = {
            "",
            "A file of cases:",
            "  policy: policy.yaml",
            "  cases:",
            "    - name: the 21st request in a minute is refused",
            "      steps:",
            "        - {send: {user: alice}, times: 20, every: 1s, expect: allowed}",
            "        - {send: {user: alice}, expect: {refused: user-requests}}",
            "        - {wait: 1m}",
            "        - {send: {user: alice}, expect: allowed}",
            "    - name: what an answer did not use is given back",
            "      steps:",
            "        - {send: {user: alice, max_tokens: 500}, as: chat}",
            "        - {settle: chat, tokens: 120}",
            "        - send: {user: alice}",
            "          hits: 0",
            "          expect: {remaining: {user-tokens: 39880}}",
            "",
            "Exit status: 0 all as expected, 1 a case failed, 2 wrong use or a file that cannot be used.",
        })
public final class TestCommand implements Callable<Integer> {
    @Parameters(
            arity = "1..*",
            paramLabel = "FILE_OR_FOLDER",
            description = "The cases. Of a folder all *.yaml and *.yml files but policies.")
    private List<Path> places = List.of();

    @Option(
            names = "--policy",
            paramLabel = "FILE_OR_FOLDER",
            description = "Takes the place of the policies that the files name.")
    private @Nullable Path policy;

    @Option(names = "--case", paramLabel = "TEXT", description = "Only cases whose name contains this.")
    private String part = "";

    @Option(names = "--junit", paramLabel = "FILE", description = "Writes a report there too, as JUnit's XML.")
    private @Nullable Path junit;

    @Option(names = "--json", description = "Reports in JSON.")
    private boolean json;

    @Override
    public Integer call() {
        List<CaseFile> files;
        try {
            files = CaseFileReader.read(places, policy).stream()
                    .map(file -> file.only(part))
                    .toList();
        } catch (ConfigException e) {
            e.problems().forEach(System.err::println);
            return 2;
        }
        if (files.stream().allMatch(file -> file.cases().isEmpty())) {
            System.err.println("weir: no case has `" + part + "` in its name");
            return 2;
        }
        Results results = CaseRunner.run(files);
        report(results);
        try {
            if (junit != null) {
                JunitReport.write(results, junit);
            }
        } catch (IOException e) {
            System.err.println("weir: cannot write " + junit + ": " + FileFailure.reason(e));
            return 2;
        }
        return results.failed() == 0 ? 0 : 1;
    }

    private void report(Results results) {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        if (json) {
            out.println(JsonReport.of(results));
        } else {
            TextReport.write(results, out);
        }
        out.flush();
    }
}
