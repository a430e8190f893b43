package dev.weir.xds;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.config.ConfigException;
import dev.weir.config.Location;
import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.policy.Deployment;
import dev.weir.policy.DescriptorSettings;
import dev.weir.policy.Domain;
import dev.weir.policy.Policy;
import dev.weir.policy.Source;
import dev.weir.policy.Version;
import dev.weir.policy.descriptors.DescriptorConfig;
import dev.weir.policy.descriptors.DescriptorDomain;
import dev.weir.policy.descriptors.DescriptorRules;
import dev.weir.wire.config.RateLimitConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads all resources of a response into a policy, or none of them. */
final class ResourceReader {
    static final String TYPE_URL =
            "type.googleapis.com/" + RateLimitConfig.getDescriptor().getFullName();

    /** The order by name and then by bytes: servers send resources in any order, which must not tell replicas apart. */
    private static final Comparator<Resource> IN_ORDER = Comparator.<Resource, String>comparing(
                    resource -> resource.config().getName())
            .thenComparing(Resource::bytes, ByteString.unsignedLexicographicalComparator());

    private final DescriptorSettings reference;
    private final Problems problems = new Problems();

    private ResourceReader(DescriptorSettings reference) {
        this.reference = reference;
    }

    /**
     * One of the resources.
     *
     * @param bytes the same for the same configuration, whoever wrote it
     */
    private record Resource(RateLimitConfig config, ByteString bytes, String place) {}

    /** @throws ConfigException with all problems of all resources */
    static Policy read(List<Any> messages, DescriptorSettings reference) throws ConfigException {
        return new ResourceReader(reference).read(messages);
    }

    private Policy read(List<Any> messages) throws ConfigException {
        List<Resource> resources = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            unpack(messages.get(i), i, resources);
        }
        resources.sort(IN_ORDER);
        String version = Version.ofTexts(resources.stream()
                .map(resource -> resource.bytes().toByteArray())
                .toList());
        Map<String, Domain> domains = new LinkedHashMap<>();
        byDomain(resources).forEach((name, parts) -> domains.put(name, domain(name, version, parts)));
        problems.throwIfErrors();
        return new Policy(version, domains, DescriptorDomain.none(version, reference), Deployment.UNSAID);
    }

    private void unpack(Any message, int index, List<Resource> resources) {
        String place = "resources[" + index + "]";
        try {
            if (!message.is(RateLimitConfig.class)) {
                problem(place, "is of the type `" + PrintableReply.text(message.getTypeUrl()) + "`; send " + TYPE_URL);
                return;
            }
            RateLimitConfig config = message.unpack(RateLimitConfig.class);
            resources.add(new Resource(config, bytes(config), place(config, place)));
        } catch (InvalidProtocolBufferException e) {
            problem(place, "is no RateLimitConfig: " + PrintableReply.text(String.valueOf(e.getMessage())));
        }
    }

    /** Writes maps in a fixed order, which protobuf leaves open. */
    private static ByteString bytes(RateLimitConfig config) {
        byte[] bytes = new byte[config.getSerializedSize()];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.useDeterministicSerialization();
        try {
            config.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException("an array takes what it was made for", e);
        }
        return ByteString.copyFrom(bytes);
    }

    private static String place(RateLimitConfig config, String otherwise) {
        String name =
                config.getName().isEmpty() ? otherwise : "resource `" + PrintableReply.text(config.getName()) + "`";
        if (config.getDomain().isEmpty()) {
            return name;
        }
        String domain = "domain `" + PrintableReply.text(config.getDomain()) + "`";
        return config.getName().isEmpty() || config.getName().equals(config.getDomain())
                ? domain
                : domain + " in " + name;
    }

    private Map<String, List<Resource>> byDomain(List<Resource> resources) {
        Map<String, List<Resource>> byDomain = new LinkedHashMap<>();
        for (Resource resource : resources) {
            String name = resource.config().getDomain();
            if (name.isEmpty()) {
                problem(resource.place(), "has no `domain`; give it the `domain` of Envoy's rate limit filter");
            }
            byDomain.computeIfAbsent(name, none -> new ArrayList<>()).add(resource);
        }
        return byDomain;
    }

    private Domain domain(String name, String version, List<Resource> parts) {
        if (!name.isEmpty() && !reference.mergesFiles()) {
            parts.stream().skip(1).forEach(part -> refuseSecond(part, parts.get(0)));
        }
        List<DescriptorConfig> written = parts.stream()
                .flatMap(part ->
                        DescriptorMessages.written(part.config().getDescriptorsList(), part.place() + ": ").stream())
                .toList();
        Source source = new Source(Location.of(parts.get(0).place()), Map.of());
        return DescriptorDomain.of(name, version, written, false, reference, source, problems);
    }

    private void refuseSecond(Resource part, Resource first) {
        problems.add(new Problem(
                Location.of(part.place()),
                DescriptorRules.DESCRIPTOR,
                "the domain stands in another resource already (" + first.place()
                        + "); give it one resource, or set MERGE_DOMAIN_CONFIG=true"));
    }

    private void problem(String place, String message) {
        problems.add(new Problem(place, XdsRules.RESOURCE, message));
    }
}
