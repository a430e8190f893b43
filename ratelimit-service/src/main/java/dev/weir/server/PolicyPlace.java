package dev.weir.server;

import dev.weir.dropin.RuntimeDirectory;
import dev.weir.policy.DescriptorSettings;
import dev.weir.xds.XdsSettings;
import java.nio.file.Path;

/** Where the policy stands. */
public sealed interface PolicyPlace {
    /** In a file, or in a folder of files, as its writers wrote it. */
    record Written(Path place) implements PolicyPlace {}

    /** In a folder of envoyproxy/ratelimit's, in its dialect. */
    record RuntimeFiles(RuntimeDirectory directory, DescriptorSettings settings) implements PolicyPlace {}

    /** With a management server, in envoyproxy/ratelimit's dialect. */
    record Server(XdsSettings server, DescriptorSettings settings) implements PolicyPlace {}
}
