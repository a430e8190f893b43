package dev.weir.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.policy.read.PolicyReader;
import dev.weir.testing.TestService;
import dev.weir.tools.cases.CaseFileReader;
import dev.weir.tools.cases.CaseRunner;
import dev.weir.tools.cases.Results;
import dev.weir.tools.lint.PolicyLint;
import dev.weir.tools.lint.envoy.EnvoyLint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped policy, alone and as Kubernetes mounts it. */
class ConfigMapIT {
    private static final String POLICY = "policy.yaml";
    private static final Path SHIPPED = Shipped.FOLDER.resolve("policy").resolve(POLICY);

    @TempDir
    private Path folder;

    @Test
    void thePolicyHasNoProblem() throws Exception {
        assertEquals(List.of(), PolicyLint.check(PolicyReader.read(SHIPPED), List.of()));
    }

    @Test
    void itFitsWhatBothEnvoysSend() throws Exception {
        for (String envoy : List.of("overlays/sidecar/envoy.yaml", "istio/envoy-filter.yaml")) {
            assertEquals(List.of(), EnvoyLint.check(PolicyReader.read(SHIPPED), Shipped.FOLDER.resolve(envoy)), envoy);
        }
    }

    @Test
    void itsCasesGoAsWritten() throws Exception {
        Path cases = Shipped.FOLDER.resolve("policy/policy.test.yaml");

        Results results = CaseRunner.run(CaseFileReader.read(List.of(cases), null));

        assertTrue(results.cases() > 1);
        assertEquals(0, results.failed(), results::toString);
    }

    @Test
    void aChangeOfTheConfigMapReachesTheRunningService() throws Exception {
        Path mount = Files.createDirectory(folder.resolve("mount"));
        String policy = Files.readString(SHIPPED);
        turn(mount, "..first", policy);
        Files.createSymbolicLink(mount.resolve(POLICY), Path.of("..data", POLICY));
        try (TestService weir = TestService.inMemory(mount, null)) {
            turn(mount, "..second", policy.replace("30 requests", "60 requests"));

            weir.awaitMetric("weir_policy_loads_total{outcome=\"loaded\"}", 2);
            assertEquals(0, weir.metric("weir_policy_problems"));
        }
    }

    /** As the kubelet does: the new files in a folder of their own, then one link is turned. */
    private static void turn(Path mount, String version, String policy) throws Exception {
        Files.writeString(Files.createDirectory(mount.resolve(version)).resolve(POLICY), policy);
        Path link = Files.createSymbolicLink(mount.resolve("..data_tmp"), Path.of(version));
        Files.move(link, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }
}
