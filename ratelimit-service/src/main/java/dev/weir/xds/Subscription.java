package dev.weir.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.rpc.Code;
import com.google.rpc.Status;
import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.policy.DescriptorSettings;
import dev.weir.policy.Policy;
import dev.weir.policy.Version;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what was accepted and what was refused, from stream to stream. Not thread-safe. */
final class Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);

    private final Node node;
    private final DescriptorSettings reference;
    private final Consumer<Policy> changed;
    private final Consumer<List<Problem>> refused;
    /** The server's name for what is in force; empty where nothing is. */
    private String accepted = "";

    private @Nullable String inForce;
    private @Nullable Refusal lastRefusal;

    /** @param response the one refused, without its nonce */
    private record Refusal(String response, String detail) {}

    Subscription(
            XdsSettings settings,
            DescriptorSettings reference,
            Consumer<Policy> changed,
            Consumer<List<Problem>> refused) {
        this.node = node(settings);
        this.reference = reference;
        this.changed = changed;
        this.refused = refused;
    }

    private static Node node(XdsSettings settings) {
        Struct.Builder metadata = Struct.newBuilder();
        settings.nodeMetadata()
                .forEach((key, value) -> metadata.putFields(
                        key, Value.newBuilder().setStringValue(value).build()));
        return Node.newBuilder().setId(settings.node()).setMetadata(metadata).build();
    }

    boolean hasPolicy() {
        return inForce != null;
    }

    /**
     * Returns the first request of a stream; it alone says who asks. It does not say what is in force: a restarted server, such as Envoy
     * Gateway, counts its versions from one again and would withhold what has the same number.
     */
    DiscoveryRequest first() {
        return request().clearVersionInfo().setNode(node).build();
    }

    /** Returns whether it was refused the last time too: a server that resends at once what was refused must not be answered at once. */
    boolean isRefusedAgain(DiscoveryResponse response) {
        return lastRefusal != null && lastRefusal.response().equals(identity(response));
    }

    /** Puts a response into force or refuses it, and returns the reply to the server. */
    DiscoveryRequest answer(DiscoveryResponse response) {
        if (lastRefusal != null && isRefusedAgain(response)) {
            return refusal(response, lastRefusal.detail());
        }
        try {
            checkType(response);
            use(ResourceReader.read(response.getResourcesList(), reference));
        } catch (ConfigException e) {
            tell(response, e.problems());
            return refuse(response, e.problems());
        } catch (RuntimeException e) {
            LOG.error(
                    "the configuration `{}` cannot be put into force",
                    PrintableReply.text(response.getVersionInfo()),
                    e);
            return refuse(
                    response, List.of(new Problem("response", XdsRules.RESOURCE, "cannot be put into force: " + e)));
        }
        accepted = response.getVersionInfo();
        lastRefusal = null;
        return request().setResponseNonce(response.getNonce()).build();
    }

    /** Reports a response that was sent, but could not be received. */
    void unreceived(String reason) {
        refused.accept(List.of(new Problem("response", XdsRules.SERVER, reason)));
    }

    private static void checkType(DiscoveryResponse response) throws ConfigException {
        String type = response.getTypeUrl();
        if (!type.isEmpty() && !type.equals(ResourceReader.TYPE_URL)) {
            throw new ConfigException(List.of(new Problem(
                    "type_url",
                    XdsRules.RESOURCE,
                    "nobody asked for `" + PrintableReply.text(type) + "`; send " + ResourceReader.TYPE_URL)));
        }
    }

    private void use(Policy policy) {
        if (!policy.version().equals(inForce)) {
            changed.accept(policy);
            inForce = policy.version();
        }
    }

    private static void tell(DiscoveryResponse response, List<Problem> problems) {
        LOG.error(
                "the configuration `{}` is not used, what was in force before still is; problems: {}",
                PrintableReply.text(response.getVersionInfo()),
                problems.size());
        problems.stream()
                .limit(PrintableReply.MOST_PROBLEMS)
                .forEach(problem -> LOG.error("{}", PrintableReply.problem(problem)));
    }

    private DiscoveryRequest refuse(DiscoveryResponse response, List<Problem> problems) {
        String detail = PrintableReply.problems(problems);
        lastRefusal = new Refusal(identity(response), detail);
        refused.accept(problems);
        return refusal(response, detail);
    }

    private DiscoveryRequest refusal(DiscoveryResponse response, String detail) {
        return request()
                .setResponseNonce(response.getNonce())
                .setErrorDetail(
                        Status.newBuilder().setCode(Code.INVALID_ARGUMENT_VALUE).setMessage(detail))
                .build();
    }

    private DiscoveryRequest.Builder request() {
        return DiscoveryRequest.newBuilder().setTypeUrl(ResourceReader.TYPE_URL).setVersionInfo(accepted);
    }

    /** Returns the same text for the same resources in any order. */
    private static String identity(DiscoveryResponse response) {
        List<byte[]> resources = response.getResourcesList().stream()
                .map(Any::toByteArray)
                .sorted(Arrays::compareUnsigned)
                .toList();
        return response.getVersionInfo() + " " + response.getTypeUrl() + " " + Version.ofTexts(resources);
    }
}
