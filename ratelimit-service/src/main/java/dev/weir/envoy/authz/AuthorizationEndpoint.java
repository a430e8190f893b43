package dev.weir.envoy.authz;

import com.google.gson.JsonObject;
import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import dev.weir.decide.Decider;
import dev.weir.decide.Ends;
import dev.weir.decide.Event;
import dev.weir.envoy.call.InvalidRequestException;
import dev.weir.envoy.call.PendingCall;
import dev.weir.envoy.call.Responder;
import dev.weir.envoy.call.WireMessage;
import dev.weir.envoy.call.WireMethods;
import dev.weir.envoy.ratelimit.RateLimitEndpoint;
import dev.weir.identity.Authenticator;
import dev.weir.identity.Caller;
import dev.weir.identity.Credentials;
import dev.weir.identity.Identification;
import dev.weir.policy.Policy;
import dev.weir.request.Request;
import dev.weir.wire.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.DeniedHttpResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status.Code;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Envoy's external authorization, v3: identifies callers. The caller's attributes go to Envoy as dynamic metadata, where descriptors find
 * them, and to the upstream as {@code x-weir-*} headers; what a client sends under those names is overwritten or removed. Answers are made
 * at load time.
 *
 * <p>Where a domain has {@code admit: true} its limits are charged in the same call, and the reservation goes to the dynamic metadata as
 * well. Such a call fails like one of the {@link RateLimitEndpoint}; {@code failure_mode_allow} then decides what Envoy does with the
 * request.
 */
public final class AuthorizationEndpoint {
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

    /** The authenticator in use, and the answers made ahead to the callers that are known. */
    private record Register(Authenticator authenticator, CallerAnswers writer, Map<Caller, CheckResponse> answers) {
        static Register of(Authenticator authenticator, List<Caller> callers) {
            CallerAnswers writer = new CallerAnswers(authenticator.attributes());
            Map<Caller, CheckResponse> answers = new HashMap<>();
            callers.forEach(caller -> answers.put(caller, writer.known(caller)));
            return new Register(authenticator, writer, answers);
        }

        CheckResponse answer(Caller caller) {
            CheckResponse made = answers.get(caller);
            return made == null ? writer.known(caller) : made;
        }
    }

    private final Consumer<Event> events;
    private final Decider decider;
    private final Responder responder;
    private volatile Register register;

    /**
     * @param callers the callers to whom answers are made ahead
     * @param decider decides by its policy, call by call, whether and where a request is charged
     */
    public AuthorizationEndpoint(
            Authenticator authenticator, List<Caller> callers, Decider decider, Consumer<Event> events, Ends ends) {
        this.register = Register.of(authenticator, callers);
        this.events = events;
        this.decider = decider;
        this.responder = new Responder(events, ends);
    }

    /** Identifies callers by these from now on. */
    public void use(Authenticator authenticator, List<Caller> callers) {
        register = Register.of(authenticator, callers);
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
            admit(message, known.caller(), identified, current.writer(), call);
        } else {
            call.answer(identified);
        }
    }

    private void admit(
            CheckRequest message,
            Caller caller,
            CheckResponse known,
            CallerAnswers writer,
            PendingCall<CheckResponse> call) {
        CheckRequest.Http http = message.getAttributes().getRequest().getHttp();
        try {
            Policy policy = decider.policy();
            Request request = AdmissionReader.read(message, caller, writer.names(), policy);
            if (request == null) {
                call.answer(writer.withoutForgedHeaders(known, http));
                return;
            }
            responder.answer(
                    request,
                    decider.decide(request, call.cancellation(), policy),
                    call,
                    decision -> writer.withoutForgedHeaders(AdmissionWriter.write(decision, known), http));
        } catch (InvalidRequestException e) {
            responder.reject(e.getMessage(), call);
        }
    }

    private static CheckResponse answer(Identification identification, Register register) {
        if (identification instanceof Identification.Known known) {
            return register.answer(known.caller());
        }
        if (identification instanceof Identification.Disabled) {
            return DISABLED;
        }
        return identification instanceof Identification.NoCredential ? NO_CREDENTIAL : UNKNOWN_CREDENTIAL;
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
                .addHeaders(CallerAnswers.header("content-type", "application/json"))
                .setBody(body.toString());
        if (status == StatusCode.Unauthorized) {
            denied.addHeaders(CallerAnswers.header("www-authenticate", "Bearer"));
        }
        Code grpc = status == StatusCode.Unauthorized ? Code.UNAUTHENTICATED : Code.PERMISSION_DENIED;
        return CheckResponse.newBuilder()
                .setStatus(Status.newBuilder().setCode(grpc.value()))
                .setDeniedResponse(denied)
                .build();
    }
}
