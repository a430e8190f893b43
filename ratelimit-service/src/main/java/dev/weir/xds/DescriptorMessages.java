package dev.weir.xds;

import dev.weir.config.Location;
import dev.weir.policy.descriptors.DescriptorConfig;
import dev.weir.wire.config.RateLimitDescriptor;
import dev.weir.wire.config.RateLimitPolicy;
import dev.weir.wire.config.RateLimitReplace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Turns the descriptors of a message into what a file would have said. */
final class DescriptorMessages {
    private DescriptorMessages() {}

    /** @param above where they stand, for problems: the text before {@code descriptors[0]} */
    static List<DescriptorConfig> written(List<RateLimitDescriptor> messages, String above) {
        List<DescriptorConfig> written = new ArrayList<>();
        for (RateLimitDescriptor message : messages) {
            written.add(written(message, above + "descriptors[" + written.size() + "]."));
        }
        return written;
    }

    private static DescriptorConfig written(RateLimitDescriptor message, String path) {
        return new DescriptorConfig(
                message.getKey(),
                message.getValue(),
                message.hasRateLimit() ? limit(message.getRateLimit(), path + "rate_limit.") : null,
                written(message.getDescriptorsList(), path),
                // The other two have no field in the message.
                new DescriptorConfig.Flags(
                        message.getShadowMode(), message.getQuotaMode(), message.getDetailedMetric(), false, false),
                Structs.map(message.getMetadata()),
                places(path));
    }

    private static DescriptorConfig.Limit limit(RateLimitPolicy message, String path) {
        return new DescriptorConfig.Limit(
                Integer.toUnsignedLong(message.getRequestsPerUnit()),
                unit(message),
                message.getUnlimited(),
                message.getName(),
                message.getReplacesList().stream()
                        .map(RateLimitReplace::getName)
                        .toList(),
                places(path));
    }

    /** Returns the name of the unit; of one that we do not know, its number, which is no unit in a file either. */
    private static String unit(RateLimitPolicy message) {
        return switch (message.getUnit()) {
            case UNKNOWN -> "";
            case UNRECOGNIZED -> String.valueOf(message.getUnitValue());
            default -> message.getUnit().name();
        };
    }

    private static Function<String, Location> places(String path) {
        return key -> Location.of(path + key);
    }
}
