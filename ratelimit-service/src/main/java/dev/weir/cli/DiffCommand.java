package dev.weir.cli;

import dev.weir.config.ConfigException;
import dev.weir.policy.Policy;
import dev.weir.policy.read.PolicyReader;
import dev.weir.tools.diff.JsonReport;
import dev.weir.tools.diff.PolicyDiff;
import dev.weir.tools.diff.RandomRequests;
import dev.weir.tools.diff.RequestsReader;
import dev.weir.tools.diff.TextReport;
import dev.weir.tools.diff.TimedRequest;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weir diff}. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Decides the same requests by two policies and shows where the answers differ. Needs no Envoy and no Redis,"
                        + " and no time passes.",
        footer = {
            "",
            "Requests in a file, one in a line; a refusal record will do, too:",
            "  {\"time\":\"2026-01-05T09:00:00Z\",\"domain\":\"llm\",\"descriptors\":[[[\"user\",\"alice\"]]],\"hits\":1}",
            "Random ones have the keys of one of the limits, in its order, and come in bursts.",
            "",
            "Examples:",
            "  weir diff ratelimit.yaml policy.yaml --random 100000 --seed 7",
            "  weir diff old/ new/ --requests refusals.jsonl --json",
            "",
            "Exit status: 0 no difference, 1 some, 2 wrong use or a file that cannot be used.",
        })
public final class DiffCommand implements Callable<Integer> {
    private static final int MOST = 10_000_000;

    @Parameters(index = "0", paramLabel = "OLD", description = "A policy in any dialect, a file or a folder.")
    private Path before = Path.of("");

    @Parameters(index = "1", paramLabel = "NEW", description = "Another one.")
    private Path after = Path.of("");

    @Option(names = "--requests", paramLabel = "FILE", description = "Recorded requests, in the order of the file.")
    private @Nullable Path requests;

    @Option(
            names = "--random",
            paramLabel = "N",
            defaultValue = "10000",
            description = "So many random requests, where none are recorded. Default: 10000.")
    private int random;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Another seed draws other requests, the same one the same. Default: 1.")
    private long seed;

    @Option(
            names = "--descriptors",
            paramLabel = "N",
            defaultValue = "1",
            description = "A random request has up to so many. Default: 1.")
    private int descriptors;

    @Option(names = "--by-limit", description = "Refusals by limits of different names differ, too.")
    private boolean byLimit;

    @Option(names = "--json", description = "Reports in JSON.")
    private boolean json;

    @Override
    public Integer call() {
        if (random < 1 || random > MOST || descriptors < 1 || descriptors > 100) {
            System.err.println("weir: --random is from 1 to " + MOST + ", --descriptors from 1 to 100");
            return 2;
        }
        try {
            Policy one = PolicyReader.read(before);
            Policy other = PolicyReader.read(after);
            List<TimedRequest> asked = requests == null
                    ? RandomRequests.of(one, other, random, seed, descriptors)
                    : RequestsReader.read(requests);
            PolicyDiff.Result result = PolicyDiff.of(one, other, asked, byLimit);
            show(result);
            return result.differences() == 0 ? 0 : 1;
        } catch (ConfigException e) {
            e.problems().forEach(System.err::println);
        } catch (IOException e) {
            System.err.println("weir: " + e.getMessage());
        }
        return 2;
    }

    private void show(PolicyDiff.Result result) {
        PrintStream out = Terminal.stdout();
        if (json) {
            out.println(JsonReport.of(result));
        } else {
            TextReport.write(result, out);
        }
        out.flush();
    }
}
