package dev.weir.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The schemas that Kubernetes publishes of its own kinds, as PyPI's kubernetes-validate has them. */
public final class KubernetesSchemas {
    private static final String MODULE = "kubernetes_validate";
    private static final PipPackages PACKAGES =
            new PipPackages(List.of("kubernetes-validate==1.37.0"), List.of(), MODULE + "/__main__.py");

    private KubernetesSchemas() {}

    /**
     * What is wrong with a file of objects, a line each. Where the schemas cannot be had the test is skipped and says why.
     *
     * @param version of Kubernetes, such as 1.30
     */
    public static List<String> check(Path file, String version) throws IOException, InterruptedException {
        String reason = PACKAGES.fetch();
        Assumptions.assumeTrue(reason == null, () -> "skipped: pip could not unpack kubernetes-validate: " + reason);
        File said = Files.createTempFile(file.toAbsolutePath().getParent(), "schemas", ".log")
                .toFile();
        ProcessBuilder validate =
                new ProcessBuilder("python3", "-m", MODULE, "--strict", "--quiet", "-k", version, file.toString());
        validate.environment().put("PYTHONPATH", PACKAGES.folder().toString());
        Process process =
                validate.redirectErrorStream(true).redirectOutput(said).start();
        boolean done = process.waitFor(2, TimeUnit.MINUTES);
        process.destroy();
        List<String> lines =
                Files.readString(said.toPath(), StandardCharsets.UTF_8).lines().toList();
        if (!done || (process.exitValue() != 0 && lines.isEmpty())) {
            return List.of(done ? "exit status " + process.exitValue() : "not done within two minutes");
        }
        return process.exitValue() == 0 ? List.of() : lines;
    }
}
