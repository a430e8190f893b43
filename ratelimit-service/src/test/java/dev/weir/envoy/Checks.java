package dev.weir.envoy;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.weir.wire.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;

/** Checks as Envoy sends them, written with the published classes and read with ours, so that both must agree. */
public final class Checks {
    private final AttributeContext.Builder attributes = AttributeContext.newBuilder();
    private final Struct.Builder llm = Struct.newBuilder();

    public static Checks post(String path) {
        Checks check = new Checks();
        check.attributes
                .getRequestBuilder()
                .getHttpBuilder()
                .setMethod("POST")
                .setPath(path)
                .setHost("api.example");
        return check;
    }

    public Checks host(String host) {
        attributes.getRequestBuilder().getHttpBuilder().setHost(host);
        return this;
    }

    public Checks header(String name, String value) {
        attributes.getRequestBuilder().getHttpBuilder().putHeaders(name, value);
        return this;
    }

    /** How many bytes of the body Envoy has. */
    public Checks size(long bytes) {
        attributes.getRequestBuilder().getHttpBuilder().setSize(bytes);
        return this;
    }

    public Checks from(String address) {
        attributes
                .getSourceBuilder()
                .getAddressBuilder()
                .getSocketAddressBuilder()
                .setAddress(address)
                .setPortValue(4711);
        return this;
    }

    public Checks route(String name, String value) {
        attributes.putContextExtensions(name, value);
        return this;
    }

    public Checks body(String name, String value) {
        return body(name, Value.newBuilder().setStringValue(value));
    }

    public Checks body(String name, double value) {
        return body(name, Value.newBuilder().setNumberValue(value));
    }

    /** In the namespace that is for the body. */
    public Checks body(String name, Value.Builder value) {
        llm.putFields(name, value.build());
        return this;
    }

    /** In a namespace that is for something else. */
    public Checks elsewhere(String name, String value) {
        attributes
                .getMetadataContextBuilder()
                .putFilterMetadata(
                        "elsewhere",
                        Struct.newBuilder()
                                .putFields(
                                        name,
                                        Value.newBuilder().setStringValue(value).build())
                                .build());
        return this;
    }

    public CheckRequest read() {
        attributes.getMetadataContextBuilder().putFilterMetadata("llm", llm.build());
        try {
            return CheckRequest.parseFrom(io.envoyproxy.envoy.service.auth.v3.CheckRequest.newBuilder()
                    .setAttributes(attributes)
                    .build()
                    .toByteString());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }
}
