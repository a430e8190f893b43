package dev.weir.cli;

import dev.weir.policy.Policy;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code weir schema} (R5.8). */
@Command(
        name = "schema",
        mixinStandardHelpOptions = true,
        description = "Prints the JSON Schema of policies, with which editors complete and check them.",
        footer = {
            "",
            "Example:",
            "  weir schema > policy.schema.json",
            "",
            "Then the first line of a policy beside it is:",
            "  # yaml-language-server: $$schema=policy.schema.json",
            "",
            "The schema finds most mistakes; weir lint finds all.",
            "",
            "Exit status: 0.",
        })
public final class SchemaCommand implements Callable<Integer> {
    private static final String RESOURCE = "policy.schema.json";

    @Override
    public Integer call() throws IOException {
        try (InputStream schema = Policy.class.getResourceAsStream(RESOURCE)) {
            if (schema == null) {
                throw new IllegalStateException("no resource " + RESOURCE);
            }
            schema.transferTo(System.out);
            System.out.flush();
            return 0;
        }
    }
}
