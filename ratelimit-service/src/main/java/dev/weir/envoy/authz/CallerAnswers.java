package dev.weir.envoy.authz;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.rpc.Status;
import dev.weir.envoy.call.WireText;
import dev.weir.identity.Caller;
import dev.weir.request.ReservedNames;
import dev.weir.wire.CheckRequest;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.OkHttpResponse;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes a caller's attributes as dynamic metadata for Envoy and as {@code x-weir-*} headers for the upstream. Each answer sets or removes
 * every header that an attribute may have, so that no client can send one of its own.
 */
final class CallerAnswers {
    private static final String HEADER_PREFIX = "x-weir-";
    /** The bit by which small letters of ASCII differ from capitals. */
    private static final int LOWER_CASE = 0x20;

    /** What Weir itself says under these names would be taken for the caller's. */
    private static final Set<String> TAKEN = taken();

    private final Set<String> names;
    private final Set<ByteString> ownHeaders;

    /**
     * Prepares the answers.
     *
     * @param more the names of attributes that callers may have beyond {@link Caller#ATTRIBUTES}; one that stands for something else in what
     *     is charged, or in the metadata, is an {@link IllegalArgumentException}
     */
    CallerAnswers(Set<String> more) {
        for (String name : more) {
            if (TAKEN.contains(name)) {
                throw new IllegalArgumentException("an attribute of callers cannot be named `" + name
                        + "`, which already means something else; name it otherwise");
            }
        }
        names = new LinkedHashSet<>(Caller.ATTRIBUTES);
        names.addAll(more);
        ownHeaders = names.stream()
                .map(name -> ByteString.copyFromUtf8(headerName(name)))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Set<String> taken() {
        Set<String> taken = new HashSet<>(AdmissionReader.SEEN);
        taken.add(ReservedNames.METADATA_RESERVATION);
        taken.add(ReservedNames.METADATA_DOMAIN);
        return taken;
    }

    /** Returns the names of all attributes that callers may have. */
    Set<String> names() {
        return names;
    }

    /** Returns a name with dashes, because many servers drop names with underscores. */
    private static String headerName(String attribute) {
        return HEADER_PREFIX + attribute.replace('_', '-');
    }

    /** Removes what a client sent under our prefix beyond the names that every answer sets or removes. */
    CheckResponse withoutForgedHeaders(CheckResponse response, CheckRequest.Http http) {
        if (!response.hasOkResponse()) {
            return response;
        }
        List<String> forged = new ArrayList<>(0);
        http.getHeadersList().forEach(header -> addIfForged(header.getKey(), forged));
        http.getHeaderMap().getHeadersList().forEach(header -> addIfForged(header.getKey(), forged));
        if (forged.isEmpty()) {
            return response;
        }
        CheckResponse.Builder stripped = response.toBuilder();
        stripped.getOkResponseBuilder().addAllHeadersToRemove(forged);
        return stripped.build();
    }

    private void addIfForged(ByteString name, List<String> forged) {
        if (hasOurPrefix(name) && !ownHeaders.contains(name)) {
            forged.add(WireText.of(name));
        }
    }

    /**
     * Tells whether an upstream may take it for one of ours: to many servers all characters but letters and digits are the same, so that
     * x_weir.user is x-weir-user. Runs for every header, hence on its bytes.
     */
    private static boolean hasOurPrefix(ByteString name) {
        if (name.size() < HEADER_PREFIX.length()) {
            return false;
        }
        for (int i = 0; i < HEADER_PREFIX.length(); i++) {
            char ours = HEADER_PREFIX.charAt(i);
            byte c = name.byteAt(i);
            if (ours == '-' ? isLetterOrDigit(c) : (c | LOWER_CASE) != ours) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetterOrDigit(byte c) {
        int lower = c | LOWER_CASE;
        return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9');
    }

    /** Returns the answer to a known caller who is not charged in the same call. */
    CheckResponse known(Caller caller) {
        OkHttpResponse.Builder ok = OkHttpResponse.newBuilder();
        Struct.Builder metadata = Struct.newBuilder();
        Map<String, String> attributes = caller.attributes();
        for (String name : names) {
            String value = attributes.get(name);
            if (value == null) {
                ok.addHeadersToRemove(headerName(name));
            } else {
                ok.addHeaders(header(headerName(name), value));
                metadata.putFields(
                        name, Value.newBuilder().setStringValue(value).build());
            }
        }
        return CheckResponse.newBuilder()
                .setStatus(Status.newBuilder().setCode(Code.OK.value()))
                .setOkResponse(ok)
                .setDynamicMetadata(metadata)
                .build();
    }

    static HeaderValueOption header(String name, String value) {
        return HeaderValueOption.newBuilder()
                .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value))
                .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
                .build();
    }
}
