package dev.weir.bucket.redis;

import dev.weir.bucket.Presence;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Tells what the replicas on one Redis are connected to, by {@code presence.lua}. */
final class RedisPresence implements Presence {
    private static final String KEY = "w1:{envoys}";
    private static final Duration LASTS = Duration.ofMillis(2_500);

    private final Link<StatefulRedisConnection<String, byte[]>> link;
    private final Script script;
    private final String replica = UUID.randomUUID().toString();

    RedisPresence(Link<StatefulRedisConnection<String, byte[]>> link, Script script) {
        this.link = link;
        this.script = script;
    }

    /** Drops what Redis does not hear: it is said again soon. */
    @Override
    public void here(List<String> envoys) {
        CompletionStage<byte[]> unused = run(LASTS.toMillis(), envoys);
    }

    @Override
    public CompletionStage<Boolean> elsewhere(String envoy) {
        return run(0, List.of(envoy)).thenApply(answer -> answer[0] == '1');
    }

    private CompletionStage<byte[]> run(long lasts, List<String> envoys) {
        byte[][] arguments = new byte[2 + envoys.size()][];
        arguments[0] = Script.text(replica);
        arguments[1] = Script.text(Long.toString(lasts));
        for (int i = 0; i < envoys.size(); i++) {
            arguments[2 + i] = envoys.get(i).getBytes(StandardCharsets.UTF_8);
        }
        return link.call(connection -> script.run(connection.async(), new Script.Call(new String[] {KEY}, arguments)));
    }
}
