package dev.weir.bucket.redis;

import dev.weir.testing.ServerContainer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R3.7: as EnginesIT, in containers; skipped where there is no container engine. */
class ContainersIT {
    @ParameterizedTest
    @EnumSource(names = {"REDIS_7", "VALKEY"})
    void theVectorsHold(Engine engine) throws Exception {
        try (ServerContainer server = ServerContainer.start(engine.program())) {
            engine.trial(server.url()).vectors();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIS_7", "VALKEY"})
    void itAnswersAsTheModelDoes(Engine engine) throws Exception {
        try (ServerContainer server = ServerContainer.start(engine.program())) {
            engine.trial(server.url()).oracle("ContainersIT", 100);
        }
    }
}
