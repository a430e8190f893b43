package dev.weir.tools.cases;

import java.util.List;

/**
 * The results of a run.
 *
 * @param idle the limits that no case has charged and that have refused nothing
 * @param nanos how long it took
 */
public record Results(List<OfFile> files, List<Idle> idle, long nanos) {
    public Results {
        files = List.copyOf(files);
        idle = List.copyOf(idle);
    }

    /** @param file the path of the file, below the folder where the user named one */
    public record OfFile(String file, List<OfCase> cases) {
        public OfFile {
            cases = List.copyOf(cases);
        }

        long failed() {
            return cases.stream().filter(one -> !one.ok()).count();
        }

        long nanos() {
            return cases.stream().mapToLong(OfCase::nanos).sum();
        }
    }

    /** @param failures empty where it went as expected; at most one for each step */
    public record OfCase(String name, List<Failure> failures, long nanos) {
        public OfCase {
            failures = List.copyOf(failures);
        }

        boolean ok() {
            return failures.isEmpty();
        }
    }

    /**
     * Limits of one domain that no case has exercised. Unlimited ones are never among them.
     *
     * @param policy the path of the policy's file or folder
     */
    public record Idle(String policy, String domain, List<String> limits) {
        public Idle {
            limits = List.copyOf(limits);
        }
    }

    public long cases() {
        return files.stream().mapToLong(file -> file.cases().size()).sum();
    }

    public long failed() {
        return files.stream().mapToLong(OfFile::failed).sum();
    }

    static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
