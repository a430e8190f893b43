package dev.weir.dropin;

import dev.weir.policy.DescriptorSettings;
import dev.weir.policy.PolicySource;
import dev.weir.xds.XdsPolicies;
import dev.weir.xds.XdsSettings;

/** The place where envoyproxy/ratelimit would look for its limits, in its dialect. */
public sealed interface PolicyPlace {
    /** Returns the policies from there. */
    PolicySource source();

    /** A folder of its own kind. */
    record RuntimeFiles(RuntimeDirectory directory, DescriptorSettings settings) implements PolicyPlace {
        @Override
        public PolicySource source() {
            return new PolicySource.Files(RuntimePolicy.files(this));
        }
    }

    /** A management server. */
    record Server(XdsSettings server, DescriptorSettings settings) implements PolicyPlace {
        @Override
        public PolicySource source() {
            return new XdsPolicies(server, settings);
        }
    }
}
