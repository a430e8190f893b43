package dev.weir.cli;

import dev.weir.request.Attributes;
import java.util.List;
import picocli.CommandLine.Parameters;

/** The request that a command asks a service about. */
final class RequestParameters {
    @Parameters(index = "0", paramLabel = "DOMAIN", description = "The domain of Envoy's ratelimit filter.")
    private String domain = "";

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "NAME=VALUE",
            converter = AttributeArgument.Converter.class,
            description = "The attributes of a request.")
    private List<AttributeArgument> arguments = List.of();

    String domain() {
        return domain;
    }

    Attributes attributes() {
        return AttributeArgument.all(arguments);
    }
}
