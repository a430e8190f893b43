package dev.weir.bucket.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.Base16;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** A script that Redis knows by its digest, and that is sent again where Redis has forgotten it. */
final class Script {
    private final String prefix;
    private final String text;
    private final String digest;

    /** The keys and arguments that a script is called with. */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares them, and Lettuce takes arrays.
    record Call(String[] keys, byte[]... arguments) {}

    /**
     * @param prefix what all keys begin with in Redis
     * @param resources files beside this class, joined in this order
     */
    Script(String prefix, String... resources) {
        StringBuilder joined = new StringBuilder();
        for (String resource : resources) {
            joined.append(read(resource));
        }
        this.prefix = prefix;
        this.text = joined.toString();
        this.digest = Base16.digest(text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] text(String argument) {
        return argument.getBytes(StandardCharsets.US_ASCII);
    }

    /** Teaches Redis the script, so that no call has to bring it. */
    CompletionStage<String> load(RedisAsyncCommands<String, byte[]> redis) {
        return redis.scriptLoad(text);
    }

    CompletionStage<byte[]> run(RedisAsyncCommands<String, byte[]> redis, Call call) {
        String[] keys = prefixed(call.keys());
        CompletionStage<byte[]> answer = redis.evalsha(digest, ScriptOutputType.VALUE, keys, call.arguments());
        return answer.handle((value, failure) -> {
                    if (failure == null) {
                        return CompletableFuture.completedFuture(value);
                    }
                    // A script that was not found has done nothing, so it may be sent again.
                    return causeOf(failure) instanceof RedisNoScriptException
                            ? redis.<byte[]>eval(text, ScriptOutputType.VALUE, keys, call.arguments())
                                    .toCompletableFuture()
                            : CompletableFuture.<byte[]>failedFuture(failure);
                })
                .thenCompose(stage -> stage);
    }

    private String[] prefixed(String[] keys) {
        if (prefix.isEmpty()) {
            return keys;
        }
        String[] prefixed = new String[keys.length];
        for (int i = 0; i < keys.length; i++) {
            prefixed[i] = prefix + keys[i];
        }
        return prefixed;
    }

    /** Returns the cause of a failure as a stage hands it on, wrapped or not. */
    static Throwable causeOf(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    private static String read(String resource) {
        try (InputStream in = Script.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
