package dev.weir.envoy.authz;

import com.google.gson.JsonObject;
import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.rpc.Status;
import dev.weir.decide.Decider;
import dev.weir.decide.Ends;
import dev.weir.decide.Event;
import dev.weir.envoy.call.InvalidRequestException;
import dev.weir.envoy.call.PendingCall;
import dev.weir.envoy.call.Responder;
import dev.weir.envoy.call.WireMessage;
import dev.weir.envoy.call.WireMethods;
import dev.weir.envoy.call.WireText;
import dev.weir.envoy.ratelimit.RateLimitEndpoint;
import dev.weir.identity.Authenticator;
import dev.weir.identity.Caller;
import dev.weir.identity.Credentials;
import dev.weir.identity.Identification;
import dev.weir.policy.Policy;
import dev.weir.request.Request;
import dev.weir.wire.CheckRequest;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.DeniedHttpResponse;
import io.envoyproxy.envoy.service.auth.v3.OkHttpResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status.Code;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Envoy's external authorization, v3: tells who is calling. The caller's attributes go to Envoy as dynamic metadata, where
 * descriptors find them, and to the upstream as {@code x-weir-*} headers; what a client sends under those names is overwritten
 * or removed. Answers are made at load time.
 *
 * <p>Where a domain has {@code admit: true} its limits are charged in the same call, and the reservation goes to the dynamic metadata
 * as well. Such a call fails like one of the {@link RateLimitEndpoint}, and what Envoy then does with the request is its
 * {@code failure_mode_allow}.
 */
public final class AuthorizationEndpoint {
    private static final String HEADER_PREFIX = "x-weir-";
    /** The bit by which the letters of ASCII differ from their capitals. */
    private static final int LOWER_CASE = 0x20;

    private static final Set<ByteString> OWN_HEADERS = Caller.ATTRIBUTES.stream()
            .map(name -> ByteString.copyFromUtf8(headerName(name)))
            .collect(Collectors.toUnmodifiableSet());
    private static final ByteString AUTHORIZATION = ByteString.copyFromUtf8("authorization");
    private static final ByteString X_API_KEY = ByteString.copyFromUtf8("x-api-key");

    private static final CheckResponse NO_CREDENTIAL = denied(
            StatusCode.Unauthorized,
            "no_api_key",
            "This request carries no API key. Send `Authorization: Bearer <key>` or `x-api-key: <key>`.");
    private static final CheckResponse UNKNOWN_CREDENTIAL =
            denied(StatusCode.Unauthorized, "unknown_api_key", "This API key is not known.");
    private static final CheckResponse DISABLED =
            denied(StatusCode.Forbidden, "disabled_api_key", "This API key is disabled. Ask its owner.");

    /** How callers are told, and the answers to those of whom that is known ahead. */
    private record Register(Authenticator authenticator, Map<Caller, CheckResponse> answers) {
        static Register of(Authenticator authenticator, List<Caller> callers) {
            Map<Caller, CheckResponse> answers = new HashMap<>();
            callers.forEach(caller -> answers.put(caller, known(caller)));
            return new Register(authenticator, answers);
        }
    }

    private final Consumer<Event> events;
    private final Decider decider;
    private final Responder responder;
    private volatile Register register;

    /**
     * @param callers those to whom answers are made ahead
     * @param decider its policy says, call by call, whether and where a request is charged
     */
    public AuthorizationEndpoint(
            Authenticator authenticator, List<Caller> callers, Decider decider, Consumer<Event> events, Ends ends) {
        this.register = Register.of(authenticator, callers);
        this.events = events;
        this.decider = decider;
        this.responder = new Responder(events, ends);
    }

    /** Tells callers otherwise from now on. */
    public void use(Authenticator authenticator, List<Caller> callers) {
        register = Register.of(authenticator, callers);
    }

    /** With dashes, because many servers drop names with underscores. */
    private static String headerName(String attribute) {
        return HEADER_PREFIX + attribute.replace('_', '-');
    }

    public ServerServiceDefinition service() {
        return ServerServiceDefinition.builder(WireMethods.AUTHORIZATION_SERVICE)
                .addMethod(WireMethods.CHECK, ServerCalls.asyncUnaryCall(this::check))
                .build();
    }

    private void check(WireMessage<CheckRequest> wire, StreamObserver<CheckResponse> answer) {
        PendingCall<CheckResponse> call = PendingCall.of(answer);
        CheckRequest message = wire.message();
        if (message == null) {
            responder.reject(wire.problem(), call);
            return;
        }
        CheckRequest.Http http = message.getAttributes().getRequest().getHttp();
        Register current = register;
        Credentials credentials =
                new Credentials(CheckHeaders.get(http, AUTHORIZATION), CheckHeaders.get(http, X_API_KEY));
        responder.guard(call, current.authenticator().identify(credentials).handle((identification, failure) -> {
            if (failure == null) {
                identified(identification, current, message, call);
            } else {
                call.fail(io.grpc.Status.UNAVAILABLE, "it cannot be told who calls: " + failure.getMessage());
            }
            return identification;
        }));
    }

    private void identified(
            Identification identification, Register current, CheckRequest message, PendingCall<CheckResponse> call) {
        events.accept(new Event.Identified(identification));
        CheckResponse identified = answer(identification, current);
        if (identification instanceof Identification.Known known) {
            admit(message, known.caller(), identified, call);
        } else {
            call.answer(identified);
        }
    }

    private void admit(CheckRequest message, Caller caller, CheckResponse known, PendingCall<CheckResponse> call) {
        CheckRequest.Http http = message.getAttributes().getRequest().getHttp();
        try {
            Policy policy = decider.policy();
            Request request = AdmissionReader.read(message, caller, policy);
            if (request == null) {
                call.answer(withoutForgedHeaders(known, http));
                return;
            }
            responder.answer(
                    request,
                    decider.decide(request, call.cancellation(), policy),
                    call,
                    decision -> withoutForgedHeaders(AdmissionWriter.write(decision, known), http));
        } catch (InvalidRequestException e) {
            responder.reject(e.getMessage(), call);
        }
    }

    private static CheckResponse answer(Identification identification, Register register) {
        if (identification instanceof Identification.Known known) {
            CheckResponse made = register.answers().get(known.caller());
            return made == null ? known(known.caller()) : made;
        }
        if (identification instanceof Identification.Disabled) {
            return DISABLED;
        }
        return identification instanceof Identification.NoCredential ? NO_CREDENTIAL : UNKNOWN_CREDENTIAL;
    }

    /** Removes what a client sent under our prefix beyond the names that every answer sets or removes. */
    private static CheckResponse withoutForgedHeaders(CheckResponse response, CheckRequest.Http http) {
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

    private static void addIfForged(ByteString name, List<String> forged) {
        if (hasOurPrefix(name) && !OWN_HEADERS.contains(name)) {
            forged.add(WireText.of(name));
        }
    }

    /**
     * Says whether an upstream may take it for one of ours: many servers take every character that is no letter and no digit for the same one,
     * so that x_weir.user is x-weir-user to them. Runs for every header, hence on its bytes.
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

    private static CheckResponse known(Caller caller) {
        OkHttpResponse.Builder ok = OkHttpResponse.newBuilder();
        Struct.Builder metadata = Struct.newBuilder();
        Map<String, String> attributes = caller.attributes();
        for (String name : Caller.ATTRIBUTES) {
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

    private static CheckResponse denied(StatusCode status, String code, String message) {
        JsonObject error = new JsonObject();
        error.addProperty("message", message);
        error.addProperty("type", "authentication_error");
        error.addProperty("code", code);
        JsonObject body = new JsonObject();
        body.add("error", error);
        DeniedHttpResponse.Builder denied = DeniedHttpResponse.newBuilder()
                .setStatus(HttpStatus.newBuilder().setCode(status))
                .addHeaders(header("content-type", "application/json"))
                .setBody(body.toString());
        if (status == StatusCode.Unauthorized) {
            denied.addHeaders(header("www-authenticate", "Bearer"));
        }
        Code grpc = status == StatusCode.Unauthorized ? Code.UNAUTHENTICATED : Code.PERMISSION_DENIED;
        return CheckResponse.newBuilder()
                .setStatus(Status.newBuilder().setCode(grpc.value()))
                .setDeniedResponse(denied)
                .build();
    }

    private static HeaderValueOption header(String name, String value) {
        return HeaderValueOption.newBuilder()
                .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value))
                .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
                .build();
    }
}
