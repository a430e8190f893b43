package dev.weir.tls;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.spec.InvalidKeySpecException;
import java.util.HexFormat;

/** Wraps the older forms of private keys into PKCS #8: a version, the algorithm, and the key as it was. */
final class Der {
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    /** The tag of the curve's name in a key of SEC 1. */
    private static final int CURVE = 0xa0;

    private static final byte[] VERSION = HexFormat.of().parseHex("020100");
    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
    private static final byte[] ELLIPTIC = HexFormat.of().parseHex("06072a8648ce3d0201");

    private Der() {}

    static byte[] ofRsa(byte[] pkcs1) {
        return element(SEQUENCE, VERSION, RSA, element(OCTETS, pkcs1));
    }

    /** @throws InvalidKeySpecException if it does not name its curve, or is cut off */
    static byte[] ofCurve(byte[] sec1) throws InvalidKeySpecException {
        return element(SEQUENCE, VERSION, element(SEQUENCE, ELLIPTIC, curve(sec1)), element(OCTETS, sec1));
    }

    private static byte[] curve(byte[] sec1) throws InvalidKeySpecException {
        ByteBuffer outer = ByteBuffer.wrap(sec1);
        if (outer.hasRemaining() && (outer.get() & 0xff) == SEQUENCE) {
            ByteBuffer inner = ByteBuffer.wrap(content(outer));
            while (inner.hasRemaining()) {
                int tag = inner.get() & 0xff;
                byte[] content = content(inner);
                if (tag == CURVE) {
                    return content;
                }
            }
        }
        throw new InvalidKeySpecException("of no curve");
    }

    private static byte[] content(ByteBuffer from) throws InvalidKeySpecException {
        int length = from.hasRemaining() ? from.get() & 0xff : 0;
        int more = length > 0x7f ? length & 0x7f : 0;
        length = more == 0 ? length : 0;
        for (int i = 0; i < more && from.hasRemaining(); i++) {
            length = (length << 8) | (from.get() & 0xff);
        }
        if (length < 0 || length > from.remaining()) {
            throw new InvalidKeySpecException("cut off");
        }
        byte[] content = new byte[length];
        from.get(content);
        return content;
    }

    private static byte[] element(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        int length = content.size();
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        // As short as can be: the JDK refuses a length with bytes to spare.
        if (length > 0xff) {
            element.write(0x82);
            element.write(length >> 8);
        } else if (length > 0x7f) {
            element.write(0x81);
        }
        element.write(length);
        element.writeBytes(content.toByteArray());
        return element.toByteArray();
    }
}
