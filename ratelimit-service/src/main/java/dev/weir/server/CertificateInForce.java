package dev.weir.server;

import dev.weir.envoy.listen.Encryption;
import dev.weir.envoy.listen.LatestTls;
import dev.weir.telemetry.Telemetry;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings changed certificates of the gRPC listener into force, and reports it. */
final class CertificateInForce {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateInForce.class);

    private final LatestTls tls;
    private final Telemetry telemetry;

    CertificateInForce(LatestTls tls, Telemetry telemetry) {
        this.tls = tls;
        this.telemetry = telemetry;
    }

    /** Reports the first one, which is in force already. */
    void begin(Encryption first) {
        telemetry.certificateEnds(first.end());
        if (first.end().isBefore(Instant.now())) {
            LOG.warn(
                    "the certificate of the gRPC listener ended on {}; whoever looks at it does not call", first.end());
        }
    }

    /** Refuses one that has ended: it helps nobody, and the one before it may not have. */
    void use(Encryption changed) {
        if (changed.end().isBefore(Instant.now())) {
            telemetry.certificates().refused();
            LOG.error(
                    "the changed certificate of the gRPC listener is not used, what was in force before still is: it ended on {}",
                    changed.end());
            return;
        }
        tls.use(changed.context());
        telemetry.certificates().loaded();
        telemetry.certificateEnds(changed.end());
        LOG.info(
                "the certificates of the gRPC listener were changed; new connections use them, until {}",
                changed.end());
    }
}
