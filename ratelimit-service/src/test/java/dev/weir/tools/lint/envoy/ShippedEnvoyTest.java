package dev.weir.tools.lint.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.config.ConfigException;
import dev.weir.policy.read.PolicyReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the project ships keeps to its own rules. */
class ShippedEnvoyTest {
    private static final Path FOLDER = Path.of("..", "envoy");

    @Test
    void theShippedConfigurationFitsTheShippedPolicy() throws ConfigException {
        List<String> found =
                EnvoyLint.check(PolicyReader.read(FOLDER.resolve("policy.yaml")), FOLDER.resolve("envoy.yaml")).stream()
                        .map(problem -> problem.rule().name() + ": " + problem.message())
                        .toList();

        // The descriptor is wide on purpose: the demo's policy is a first one.
        assertEquals(
                List.of("unread-attribute: no limit of domain `llm` reads `service`, `environment`, `key_type`,"
                        + " `consumer_group`, `model`;"
                        + " fine for refusal records, otherwise remove"),
                found);
    }

    @Test
    void theShippedConfigurationThatAdmitsFitsThePolicyThatAdmits(@TempDir Path folder) throws Exception {
        String admitting =
                Files.readString(FOLDER.resolve("policy.yaml")).replace("domain: llm\n", "domain: llm\nadmit: true\n");
        Path policy = Files.writeString(folder.resolve("policy.yaml"), admitting);

        assertEquals(List.of(), EnvoyLint.check(PolicyReader.read(policy), FOLDER.resolve("envoy-admit.yaml")));
    }
}
