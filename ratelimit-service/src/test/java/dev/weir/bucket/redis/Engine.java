package dev.weir.bucket.redis;

import dev.weir.testing.PipProgram;
import dev.weir.testing.RealRedis;
import java.nio.file.Path;

/** A server that the store may stand on. */
enum Engine {
    REDIS_6("redis_version:6.2."),
    REDIS_7("redis_version:7."),
    REDIS_8("redis_version:8."),
    VALKEY("server_name:valkey");

    private final String words;

    /** @param words that it says about itself */
    Engine(String words) {
        this.words = words;
    }

    /** Its program; where that cannot be had the test is skipped. */
    Path program() throws Exception {
        return switch (this) {
            case REDIS_6 -> PipProgram.REDIS_6.findOrSkip();
            case REDIS_7 -> RealRedis.program();
            case REDIS_8 -> PipProgram.REDIS_8.findOrSkip();
            case VALKEY -> PipProgram.VALKEY.findOrSkip();
        };
    }

    /** Of the server at {@code url}, which must be this one. */
    ServerTrial trial(String url) {
        ServerTrial trial = new ServerTrial(url);
        trial.isReally(words);
        return trial;
    }
}
