package dev.weir.envoy.authz;

import com.google.protobuf.ByteString;
import dev.weir.envoy.call.InvalidRequestException;
import dev.weir.envoy.call.WireText;
import dev.weir.identity.Caller;
import dev.weir.policy.Policy;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.Request;
import dev.weir.wire.CheckRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what external authorization is to charge: one wide descriptor. The first value of a name counts, and values come in the order of
 * trust: who calls, what the route's {@code context_extensions} say, what Envoy sees of the request, and what it has read from the body,
 * which is the metadata of the namespace {@value #NAMESPACE}. The body has no say in names of the caller or of what Envoy sees.
 */
final class AdmissionReader {
    static final String NAMESPACE = "llm";

    private static final ByteString X_REQUEST_ID = ByteString.copyFromUtf8("x-request-id");
    private static final ByteString CONTENT_LENGTH = ByteString.copyFromUtf8("content-length");
    private static final ByteString TRANSFER_ENCODING = ByteString.copyFromUtf8("transfer-encoding");
    private static final String PATH = "path";
    private static final String METHOD = "method";
    private static final String HOST = "host";
    private static final String REMOTE_ADDRESS = "remote_address";
    /** The names of what Envoy sees of a request. */
    static final Set<String> SEEN = Set.of(PATH, METHOD, HOST, REMOTE_ADDRESS, Attributes.PROMPT_BYTES);

    private final List<String> names = new ArrayList<>(16);
    private final List<String> values = new ArrayList<>(16);

    private final Set<String> ofCallers;

    private AdmissionReader(Set<String> ofCallers) {
        this.ofCallers = ofCallers;
    }

    /**
     * Reads a call.
     *
     * @param ofCallers the names of all attributes that callers may have, in which the body has no say; what a caller has beyond them is
     *     left out, as it is in what Envoy and the upstream are told
     * @return null where the policy, or the route, leaves admission to the rate limit service
     */
    static @Nullable Request read(CheckRequest call, Caller caller, Set<String> ofCallers, Policy policy)
            throws InvalidRequestException {
        CheckRequest.Attributes attributes = call.getAttributes();
        String domain = AdmittingDomain.of(policy, attributes.getContextExtensionsList());
        if (domain == null) {
            return null;
        }
        AdmissionReader reader = new AdmissionReader(ofCallers);
        reader.addCaller(caller);
        reader.addRoute(attributes.getContextExtensionsList());
        reader.addSeen(attributes);
        reader.addBody(attributes.getMetadataContext());
        Descriptor descriptor = new Descriptor(reader.attributes(), 1);
        String id = CheckHeaders.get(attributes.getRequest().getHttp(), X_REQUEST_ID);
        return new Request(domain, id, List.of(descriptor), List.of());
    }

    private void addCaller(Caller caller) {
        for (String name : ofCallers) {
            String value = caller.attributes().get(name);
            if (value != null) {
                add(name, value);
            }
        }
    }

    private void addRoute(List<CheckRequest.Pair> ofRoute) {
        for (CheckRequest.Pair pair : ofRoute) {
            String name = WireText.of(pair.getKey());
            if (!name.startsWith(Attributes.RESERVED_PREFIX)) {
                add(name, WireText.of(pair.getValue()));
            }
        }
    }

    private void addSeen(CheckRequest.Attributes attributes) {
        CheckRequest.Http http = attributes.getRequest().getHttp();
        addIfKnown(PATH, withoutQuery(WireText.of(http.getPath())));
        addIfKnown(METHOD, WireText.of(http.getMethod()));
        // Envoy finds the route whatever the case, and so must a limit.
        addIfKnown(HOST, WireText.of(http.getHost()).toLowerCase(Locale.ROOT));
        addIfKnown(
                REMOTE_ADDRESS,
                WireText.of(
                        attributes.getSource().getAddress().getSocketAddress().getAddress()));
        addIfKnown(Attributes.PROMPT_BYTES, promptBytes(http));
    }

    /**
     * Returns how many bytes Envoy has received of the body, which is all where a filter before this call has waited for it; else what the
     * headers announce.
     *
     * @return "" where there is no body
     */
    private static String promptBytes(CheckRequest.Http http) {
        if (http.getSize() > 0) {
            return Long.toString(http.getSize());
        }
        String announced = CheckHeaders.get(http, CONTENT_LENGTH);
        if (announced != null) {
            return announced;
        }
        return CheckHeaders.get(http, TRANSFER_ENCODING) == null ? "" : "unknown";
    }

    private void addBody(CheckRequest.Metadata metadata) {
        for (CheckRequest.Namespace namespace : metadata.getFilterMetadataList()) {
            if (namespace.getKey().toStringUtf8().equals(NAMESPACE)) {
                namespace.getValue().getFieldsList().forEach(this::addField);
            }
        }
    }

    private void addField(CheckRequest.Field field) {
        String name = WireText.of(field.getKey());
        if (!name.startsWith(Attributes.RESERVED_PREFIX) && !ofCallers.contains(name) && !SEEN.contains(name)) {
            String value = MetadataText.of(field.getValue());
            if (value != null) {
                add(name, value);
            } else if (Attributes.isAboutTokens(name)) {
                add(name, "unreadable");
            }
        }
    }

    private void addIfKnown(String name, String value) {
        if (!value.isEmpty()) {
            add(name, value);
        }
    }

    private void add(String name, String value) {
        names.add(name);
        values.add(value);
    }

    private Attributes attributes() {
        return Attributes.of(names.toArray(String[]::new), values.toArray(String[]::new));
    }

    private static String withoutQuery(String path) {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }
}
