package dev.weir.bucket.redis;

import java.nio.file.Path;

/**
 * The certificate by which Redis knows us.
 *
 * @param certificate its chain, in PEM
 * @param key its private key, in PEM, PKCS #8
 */
public record ClientCertificate(Path certificate, Path key) {}
