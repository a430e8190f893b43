package dev.weir.envoy.listen;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Accepts clients whom another trust manager accepts and whose certificate is made out to a name, by a host name or an address in it. */
final class ClientNames extends X509ExtendedTrustManager {
    private static final int HOST = 2;
    private static final int ADDRESS = 7;

    private final X509ExtendedTrustManager authorities;
    private final String name;

    /** @param name empty accepts every name */
    ClientNames(X509ExtendedTrustManager authorities, String name) {
        this.authorities = authorities;
        this.name = name.toLowerCase(Locale.ROOT);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        authorities.checkClientTrusted(chain, type, socket);
        checkName(chain[0]);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        authorities.checkClientTrusted(chain, type, engine);
        checkName(chain[0]);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        authorities.checkClientTrusted(chain, type);
        checkName(chain[0]);
    }

    private void checkName(X509Certificate client) throws CertificateException {
        if (!name.isEmpty() && !isMadeOutTo(client.getSubjectAlternativeNames())) {
            throw new CertificateException("the client's certificate is not made out to " + name);
        }
    }

    private boolean isMadeOutTo(@Nullable Collection<List<?>> names) {
        if (names == null) {
            return false;
        }
        for (List<?> entry : names) {
            int kind = (Integer) entry.get(0);
            if ((kind == HOST || kind == ADDRESS) && matches(String.valueOf(entry.get(1)))) {
                return true;
            }
        }
        return false;
    }

    /** Tells whether a certificate's name is ours; a star stands for the first label of a host. */
    private boolean matches(String pattern) {
        String lower = pattern.toLowerCase(Locale.ROOT);
        int dot = name.indexOf('.');
        return lower.equals(name) || (dot > 0 && lower.equals("*" + name.substring(dot)));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        authorities.checkServerTrusted(chain, type, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        authorities.checkServerTrusted(chain, type, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        authorities.checkServerTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.getAcceptedIssuers();
    }
}
