package dev.weir;

import dev.weir.policy.descriptors.ReferenceSettings;
import dev.weir.reference.RuntimeDirectory;
import dev.weir.xds.XdsSettings;
import java.nio.file.Path;

/** Where the policy stands. */
public sealed interface PolicyPlace {
    /** In a file, or in a folder of files, as its writers wrote it. */
    record Written(Path place) implements PolicyPlace {}

    /** In a folder of envoyproxy/ratelimit's, in its dialect. */
    record RuntimeFiles(RuntimeDirectory directory, ReferenceSettings settings) implements PolicyPlace {}

    /** With a management server, in envoyproxy/ratelimit's dialect. */
    record Server(XdsSettings server, ReferenceSettings settings) implements PolicyPlace {}
}
