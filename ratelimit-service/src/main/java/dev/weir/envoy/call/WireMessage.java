package dev.weir.envoy.call;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A message as it came, or the reason why it cannot be read. gRPC would end a malformed call with a status that blames the
 * server; this way the endpoint can tell the caller.
 */
public record WireMessage<T>(@Nullable T message, String problem) {

    /** Reads requests of type {@code T}. Writing is for clients: the self-test at start and tests. */
    static final class Marshaller<T extends Message> implements MethodDescriptor.Marshaller<WireMessage<T>> {
        private final Parser<T> parser;

        Marshaller(Parser<T> parser) {
            this.parser = parser;
        }

        @Override
        public InputStream stream(WireMessage<T> value) {
            if (value.message() == null) {
                throw new IllegalArgumentException("nothing to send: " + value.problem());
            }
            return value.message().toByteString().newInput();
        }

        @Override
        public WireMessage<T> parse(InputStream stream) {
            try {
                return new WireMessage<>(parser.parseFrom(sharing(WireBytes.read(stream))), "");
            } catch (InvalidProtocolBufferException e) {
                return new WireMessage<>(null, "malformed protobuf: " + e.getMessage());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Returns an input whose fields of bytes are parts of the message's own, which nobody else has, instead of copies. */
        private static CodedInputStream sharing(byte[] message) {
            CodedInputStream input = UnsafeByteOperations.unsafeWrap(message).newCodedInput();
            input.enableAliasing(true);
            return input;
        }
    }
}
