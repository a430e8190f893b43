package dev.weir.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The real kustomize: named by $KUSTOMIZE_BIN, or `kustomize` or `kubectl`, which contains it, on the PATH.
 *
 * @param command without the folder
 */
record Kustomize(List<String> command) {
    /** Of those who build what is shipped into something of their own. */
    static final String NAMESPACE = "elsewhere";

    /** Where none is there the test is skipped and says why. */
    static Kustomize findOrSkip() {
        String named = System.getenv("KUSTOMIZE_BIN");
        if (named != null) {
            Assumptions.assumeTrue(Files.isExecutable(Path.of(named)), "skipped: KUSTOMIZE_BIN is no executable file");
            return new Kustomize(List.of(named, "build"));
        }
        Optional<Kustomize> found = onPath("kustomize", "build").or(() -> onPath("kubectl", "kustomize"));
        Assumptions.assumeTrue(found.isPresent(), "skipped: neither kustomize nor kubectl on the PATH");
        return found.orElseThrow();
    }

    private static Optional<Kustomize> onPath(String program, String verb) {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .map(place -> Path.of(place, program))
                .filter(Files::isExecutable)
                .findFirst()
                .map(path -> new Kustomize(List.of(path.toString(), verb)));
    }

    private String build(Path folder) throws Exception {
        Path out = Files.createTempFile("kustomize", ".yaml");
        Path err = Files.createTempFile("kustomize", ".log");
        try {
            Process process = new ProcessBuilder(Stream.concat(command.stream(), Stream.of(folder.toString()))
                            .toList())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            assertTrue(process.waitFor(1, TimeUnit.MINUTES), "kustomize is not done within a minute");
            // A key that is going away is told there, and would be a mistake some day.
            assertEquals("", Files.readString(err));
            assertEquals(0, process.exitValue());
            return Files.readString(out);
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /**
     * A folder of k8s/ with components, as somebody's own kustomization names them.
     *
     * @param own an empty folder
     */
    String build(Path own, String resource, List<String> components) throws Exception {
        Path shipped = own.toRealPath().relativize(Shipped.FOLDER.toRealPath());
        StringBuilder text = new StringBuilder("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n");
        text.append("namespace: ").append(NAMESPACE).append('\n');
        Map.of("resources", List.of(resource), "components", components).forEach((key, names) -> {
            text.append(key).append(names.isEmpty() ? ": []\n" : ":\n");
            names.forEach(
                    name -> text.append("- ").append(shipped.resolve(name)).append('\n'));
        });
        Files.writeString(own.resolve(Shipped.KUSTOMIZATION), text);
        return build(own);
    }
}
