package dev.weir.tools.cases;

import dev.weir.config.ConfigException;
import dev.weir.config.FileFailure;
import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.config.YamlFile;
import dev.weir.config.YamlMap;
import dev.weir.config.YamlRules;
import dev.weir.config.YamlValue;
import dev.weir.policy.Domain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads files of policy cases.
 *
 * <p>A file has
 * <ul>
 *   <li>{@code policy}: a file or folder, relative to the case file; not needed where the reader is given one
 *   <li>{@code domain}: the domain of all calls; not needed where the policy has only one
 *   <li>{@code start}: when each case begins, such as {@code 2026-01-05T09:00:00+01:00}; {@code 2026-01-05T00:00:00Z} if left out
 *   <li>{@code cases}: a list, each with a {@code name}, a {@code start} of its own if need be, and {@code steps}
 * </ul>
 *
 * <p>A step is one of
 * <ul>
 *   <li>{@code send: {user: alice}}: a call with these attributes; a list of such is a call with several descriptors. It may have
 *       <ul>
 *         <li>{@code hits}: those of each descriptor, 1 if left out; 0 asks without taking, a negative number gives back
 *         <li>{@code times}: how many calls, from 1 to 1,000,000, 1 if left out; {@code every}: the time between two, none if left out
 *         <li>{@code as}: a name by which later steps of the case end what was admitted
 *         <li>{@code expect}: what the decisions must be, see below; nothing is checked without it
 *       </ul>
 *   <li>{@code wait: 90s}: time passes
 *   <li>{@code until: 2026-01-06T00:00:00+01:00}: time passes until then
 *   <li>{@code settle: NAME}, with {@code tokens}: each call of that name has ended and used this many; without {@code tokens}
 *       nothing is known and the estimate stays
 *   <li>{@code release: NAME}: the same as settling without tokens: slots become free, the estimate stays
 * </ul>
 *
 * <p>{@code expect} is {@code allowed} or {@code refused}, which all calls of the step must be, or a mapping:
 * <ul>
 *   <li>{@code allowed}: how many are allowed, in any order; {@code true} for all
 *   <li>{@code refused}: how many are refused; or the name of the limit that refuses all that are not allowed; {@code true} for any limit.
 *       A number is always a count: name a limit whose name is a number with {@code by}
 *   <li>{@code by}: the limit that every refusal names
 *   <li>{@code tier}: the tier of that limit
 *   <li>{@code reason}: the reason of every refusal, such as {@code never_fits} or {@code missing_attributes}
 *   <li>{@code shadow}: the name of a limit in shadow mode that would have refused all calls, or {@code {LIMIT: COUNT}} for how many it
 *       would have refused; other limits allow or refuse them all the same
 *   <li>{@code retry_after}: the wait of the last refusal, {@code 61} or {@code 61s}, in whole seconds as in the header; {@code never}
 *       where the answer has no such header
 *   <li>{@code remaining}: {@code {LIMIT: AMOUNT}}, what limits have left after the last call, those in shadow mode too
 * </ul>
 * With only one of the counts the other is the rest. Without both, all calls must be refused where anything is said about refusals,
 * and allowed otherwise.
 *
 * <p>Spans are {@code 500ms}, {@code 30s}, {@code 5m}, {@code 1h}, {@code 1d}. Numbers are written in full.
 */
public final class CaseFileReader {
    private static final List<String> FILE_KEYS = List.of("policy", "domain", "start", "cases");
    private static final List<String> CASE_KEYS = List.of("name", "start", "steps");
    private static final OffsetDateTime START = OffsetDateTime.of(2026, 1, 5, 0, 0, 0, 0, ZoneOffset.UTC);

    private final Problems problems = new Problems();
    private final PolicyShelf policies;
    private final Set<Path> seen = new HashSet<>();

    private CaseFileReader(@Nullable Path policy) {
        this.policies = new PolicyShelf(policy, problems);
    }

    /**
     * @param places files, or folders whose {@code *.yaml} and {@code *.yml} files are read except for policies, which have
     *     {@code limits} and no {@code cases}. A file named twice is read once
     * @param policy a file or folder that replaces the policies that the files name; null to use those
     * @throws ConfigException with all problems of all files and of their policies
     */
    public static List<CaseFile> read(List<Path> places, @Nullable Path policy) throws ConfigException {
        CaseFileReader reader = new CaseFileReader(policy);
        List<CaseFile> files = new ArrayList<>();
        for (Path place : places) {
            if (Files.isDirectory(place)) {
                reader.readFolder(place, files);
            } else {
                reader.readFile(place, false, files);
            }
        }
        reader.problems.throwIfErrors();
        return files;
    }

    private void readFolder(Path folder, List<CaseFile> files) {
        List<Path> found;
        try (Stream<Path> entries = Files.list(folder)) {
            found = entries.filter(Files::isRegularFile)
                    .filter(file ->
                            file.toString().endsWith(".yaml") || file.toString().endsWith(".yml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            problems.add(new Problem(folder.toString(), YamlRules.FILE, "cannot be listed: " + FileFailure.reason(e)));
            return;
        }
        boolean any = false;
        for (Path file : found) {
            any |= readFile(file, true, files);
        }
        if (!any) {
            problems.add(new Problem(folder.toString(), YamlRules.FILE, "holds no *.yaml or *.yml file with cases"));
        }
    }

    /** Reads a file, once, and returns whether it is a file of cases, even an invalid one. */
    private boolean readFile(Path file, boolean mayBePolicy, List<CaseFile> files) {
        if (!seen.add(file.toAbsolutePath().normalize())) {
            return true;
        }
        YamlMap root = YamlFile.read(file, problems);
        if (root != null && mayBePolicy && root.get("cases") == null && root.get("limits") != null) {
            return false;
        }
        CaseFile read = root == null ? null : read(file, root);
        if (read != null) {
            files.add(read);
        }
        return true;
    }

    private @Nullable CaseFile read(Path file, YamlMap root) {
        root.rejectUnknown(FILE_KEYS, Map.of());
        PolicyShelf.Named policy = policies.find(file, root);
        Domain domain = policy == null ? null : policy.domain(root);
        OffsetDateTime start = start(root.get("start"), START);
        YamlValue list = root.require("cases", "[]");
        List<YamlValue> items = list == null ? null : list.asList();
        if (list == null || items == null) {
            return null;
        }
        if (items.isEmpty()) {
            list.problem("a file without cases checks nothing; add a case");
        }
        ExpectationReader expectations = new ExpectationReader(domain);
        Set<String> names = new HashSet<>();
        List<Case> cases = new ArrayList<>();
        for (YamlValue item : items) {
            YamlMap fields = item.asMap();
            Case read = fields == null ? null : readCase(fields, start, expectations);
            if (fields != null && read != null && !names.add(read.name())) {
                fields.problem("case `" + read.name() + "` stands in this file already; give it a name of its own");
            }
            if (read != null) {
                cases.add(read);
            }
        }
        return policy == null || domain == null
                ? null
                : new CaseFile(file.toString(), policy.name(), policy.policy(), domain, cases);
    }

    private static @Nullable Case readCase(YamlMap fields, OffsetDateTime fileStart, ExpectationReader expectations) {
        fields.rejectUnknown(CASE_KEYS, Map.of());
        String name = fields.requireText("name", "the 21st request in a minute is refused");
        OffsetDateTime start = start(fields.get("start"), fileStart);
        YamlValue list = fields.require("steps", "[{send: {user: alice}, expect: allowed}]");
        List<YamlValue> items = list == null ? null : list.asList();
        if (list == null || items == null) {
            return null;
        }
        StepReader reader = new StepReader(expectations, start);
        List<Step> steps = new ArrayList<>();
        for (YamlValue item : items) {
            Step step = reader.read(item);
            if (step != null) {
                steps.add(step);
            }
        }
        if (!reader.expecting()) {
            list.problem("no step of this case expects anything; add for example `expect: allowed` to a `send`");
        }
        return name == null ? null : new Case(name, start, steps);
    }

    private static OffsetDateTime start(@Nullable YamlValue value, OffsetDateTime otherwise) {
        OffsetDateTime start = value == null ? null : Scalars.time(value);
        return start == null ? otherwise : start;
    }
}
