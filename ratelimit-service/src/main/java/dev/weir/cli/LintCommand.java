package dev.weir.cli;

import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.config.Rule;
import dev.weir.config.Severity;
import dev.weir.config.Spelling;
import dev.weir.config.YamlRules;
import dev.weir.identity.apikey.ApiKeyReader;
import dev.weir.policy.Policy;
import dev.weir.policy.read.PolicyReader;
import dev.weir.tools.lint.PolicyLint;
import dev.weir.tools.lint.envoy.EnvoyLint;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weir lint} (R5.8). */
@Command(
        name = "lint",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Says what is wrong with a policy, and what is hardly meant, without running anything.",
        footer = {
            "",
            "Problems go to stdout, as FILE:LINE:COLUMN: SEVERITY RULE: what is wrong, and what to do.",
            "A warning is switched off where it stands, with the reason:",
            "  ignore: {no-short-window: \"the provider spreads it\"}",
            "",
            "Examples:",
            "  weir lint policy.yaml",
            "  weir lint policies/ --envoy envoy.yaml",
            "  weir lint --explain never-binds",
            "",
            "Exit status: 0 nothing but information, 1 errors or warnings, 2 wrong use or a file that cannot be used.",
        })
public final class LintCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "FILE_OR_FOLDER", description = "The policy.")
    private @Nullable Path policy;

    @Option(
            names = "--envoy",
            paramLabel = "FILE",
            description =
                    "An Envoy configuration, or Istio's EnvoyFilter, to be held against the policy. May be repeated.")
    private List<Path> envoys = List.of();

    @Option(names = "--keys", paramLabel = "FILE", description = "The API keys, which are then checked too.")
    private @Nullable Path keys;

    @Option(names = "--explain", paramLabel = "RULE", description = "Says what a rule is for, and nothing else.")
    private @Nullable String explained;

    @Option(
            names = "--json",
            description = "Reports in JSON: a list of file, line, column, severity, rule and message.")
    private boolean json;

    @Override
    public Integer call() {
        if (explained != null) {
            return explain(explained);
        }
        if (policy == null) {
            System.err.println("weir: name a policy, or a rule with --explain; see weir lint --help");
            return 2;
        }
        List<Problem> problems = problems(policy);
        PrintStream out = Terminal.stdout();
        if (json) {
            out.println(ProblemsJson.of(problems));
        } else {
            problems.forEach(problem -> out.println(Terminal.line(problem)));
            out.flush();
            System.err.println(summary(problems));
        }
        out.flush();
        return status(problems);
    }

    private static int status(List<Problem> problems) {
        if (problems.stream().anyMatch(problem -> problem.rule().equals(YamlRules.FILE))) {
            return 2;
        }
        return problems.stream().allMatch(problem -> problem.rule().severity() == Severity.INFO) ? 0 : 1;
    }

    private List<Problem> problems(Path policyPlace) {
        List<Problem> problems = new ArrayList<>();
        try {
            Policy read = PolicyReader.read(policyPlace);
            problems.addAll(PolicyLint.check(read, Rules.all()));
            for (Path envoy : envoys) {
                EnvoyLint.check(read, envoy).stream()
                        .filter(problem -> !isIgnored(problem, read))
                        .forEach(problems::add);
            }
        } catch (ConfigException e) {
            problems.addAll(e.problems());
        }
        try {
            if (keys != null) {
                ApiKeyReader.read(keys);
            }
        } catch (ConfigException e) {
            problems.addAll(e.problems());
        }
        return problems;
    }

    /** Returns whether every domain ignores what is wrong with Envoy's file, short of an error: the file may serve any of them. */
    private static boolean isIgnored(Problem problem, Policy policy) {
        return !problem.isError()
                && policy.domains().values().stream()
                        .allMatch(domain -> domain.source()
                                .ignored()
                                .containsKey(problem.rule().name()));
    }

    private static String summary(List<Problem> problems) {
        List<String> parts = new ArrayList<>();
        for (Severity severity : Severity.values()) {
            long count = problems.stream()
                    .filter(problem -> problem.rule().severity() == severity)
                    .count();
            if (count > 0) {
                parts.add(count + " " + severity.word() + (count > 1 && severity != Severity.INFO ? "s" : ""));
            }
        }
        return parts.isEmpty() ? "no problems" : String.join(", ", parts);
    }

    private static int explain(String name) {
        Optional<Rule> rule =
                Rules.all().stream().filter(each -> each.name().equals(name)).findFirst();
        if (rule.isEmpty()) {
            System.err.println("weir: " + Spelling.unknown("rule", name, Rules.names()));
            return 2;
        }
        System.out.println(rule.get().name() + " (" + rule.get().severity().word() + ")");
        System.out.println(rule.get().why());
        return 0;
    }
}
