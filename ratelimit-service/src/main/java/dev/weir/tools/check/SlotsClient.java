package dev.weir.tools.check;

import dev.weir.decide.FreedSlots;
import dev.weir.envoy.slots.SlotsEndpoint;
import dev.weir.request.Attributes;
import dev.weir.wire.v1.FreeSlotsRequest;
import java.io.IOException;
import java.util.List;

/** Asks a running service to free slots. */
public final class SlotsClient {
    private SlotsClient() {}

    /**
     * Makes a running service free all slots of the parallel limits that a request with these attributes meets.
     *
     * @param limit the name of the only limit that is meant; empty means all
     * @return the freed slots, one item for each bucket
     * @throws IOException if nobody answers, or answers that it cannot, or a file of the target's TLS cannot be used
     */
    public static List<FreedSlots> free(ServiceTarget target, String domain, Attributes attributes, String limit)
            throws IOException {
        FreeSlotsRequest.Builder request =
                FreeSlotsRequest.newBuilder().setDomain(domain).setLimit(limit);
        for (int i = 0; i < attributes.size(); i++) {
            request.addAttributes(FreeSlotsRequest.Attribute.newBuilder()
                    .setName(attributes.name(i))
                    .setValue(attributes.value(i)));
        }
        try (ServiceChannel service = new ServiceChannel(target)) {
            return service.call(SlotsEndpoint.FREE, request.build()).getFreedList().stream()
                    .map(each -> new FreedSlots(each.getLimit(), each.getBucket(), each.getSlots()))
                    .toList();
        }
    }
}
