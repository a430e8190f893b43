package dev.weir.tools.cases;

import java.util.ArrayList;
import java.util.List;

/** Plays cases against the engine that serves: the same decider and buckets, in memory, and a clock that moves as the case says. */
public final class CaseRunner {
    private CaseRunner() {}

    /** Plays all cases, one after the other and each by itself. */
    public static Results run(List<CaseFile> files) {
        long began = System.nanoTime();
        Coverage coverage = new Coverage();
        List<Results.OfFile> results = new ArrayList<>();
        for (CaseFile file : files) {
            List<Results.OfCase> cases = new ArrayList<>();
            for (Case one : file.cases()) {
                long start = System.nanoTime();
                List<Failure> failures = new CaseRun(file, one, coverage).play();
                cases.add(new Results.OfCase(one.name(), failures, System.nanoTime() - start));
            }
            results.add(new Results.OfFile(file.name(), cases));
        }
        return new Results(results, coverage.idle(files), System.nanoTime() - began);
    }
}
