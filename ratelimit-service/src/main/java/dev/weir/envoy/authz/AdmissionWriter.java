package dev.weir.envoy.authz;

import com.google.protobuf.Value;
import com.google.rpc.Status;
import dev.weir.decide.Decision;
import dev.weir.envoy.answer.RateHeaders;
import dev.weir.envoy.answer.RefusalAnswer;
import dev.weir.request.ReservedNames;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.DeniedHttpResponse;
import io.envoyproxy.envoy.service.auth.v3.OkHttpResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.grpc.Status.Code;

/**
 * Writes decisions as the answer of external authorization. Callers see what the rate limit service would have shown them; unlike there,
 * Weir chooses the status of a refusal, and headers replace the provider's of the same name.
 */
final class AdmissionWriter {
    private AdmissionWriter() {}

    /** @param known the answer to the caller where nothing is charged */
    static CheckResponse write(Decision decision, CheckResponse known) {
        return decision instanceof Decision.Refused refused
                ? refused(refused, known)
                : allowed((Decision.Allowed) decision, known);
    }

    private static CheckResponse allowed(Decision.Allowed decision, CheckResponse known) {
        CheckResponse.Builder answer = known.toBuilder();
        OkHttpResponse.Builder ok = answer.getOkResponseBuilder();
        RateHeaders.add(decision, header -> ok.addResponseHeadersToAdd(replacing(header)));
        if (decision.reservation() != null) {
            answer.getDynamicMetadataBuilder()
                    .putFields(
                            ReservedNames.METADATA_RESERVATION,
                            Value.newBuilder()
                                    .setStringValue(decision.reservation())
                                    .build())
                    .putFields(
                            ReservedNames.METADATA_DOMAIN,
                            Value.newBuilder()
                                    .setStringValue(decision.domain().name())
                                    .build());
        }
        return answer.build();
    }

    private static CheckResponse refused(Decision.Refused decision, CheckResponse known) {
        RefusalAnswer said = RefusalAnswer.of(decision);
        DeniedHttpResponse.Builder denied = DeniedHttpResponse.newBuilder()
                .setStatus(HttpStatus.newBuilder().setCodeValue(said.status()))
                .setBody(said.body());
        said.headers().forEach(header -> denied.addHeaders(replacing(header)));
        return CheckResponse.newBuilder()
                .setStatus(Status.newBuilder().setCode(Code.RESOURCE_EXHAUSTED.value()))
                .setDeniedResponse(denied)
                .setDynamicMetadata(known.getDynamicMetadata())
                .build();
    }

    private static HeaderValueOption replacing(HeaderValue header) {
        return HeaderValueOption.newBuilder()
                .setHeader(header)
                .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
                .build();
    }
}
