package dev.weir.bucket.redis;

import java.nio.file.Path;

/**
 * By which Redis knows us.
 *
 * @param certificate its chain, in PEM
 * @param key in PEM, PKCS #8
 */
public record ClientCertificate(Path certificate, Path key) {}
