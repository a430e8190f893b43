package dev.weir.bucket.redis;

import dev.weir.testing.ServerProgram;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R3.7: every server that the README names answers the same. */
class EnginesIT {
    @ParameterizedTest
    @EnumSource
    void theVectorsHold(Engine engine) throws Exception {
        try (ServerProgram server = ServerProgram.start(engine.program())) {
            engine.trial(server.url()).vectors();
        }
    }

    @ParameterizedTest
    @EnumSource
    void itAnswersAsTheModelDoes(Engine engine) throws Exception {
        try (ServerProgram server = ServerProgram.start(engine.program())) {
            engine.trial(server.url()).oracle("EnginesIT", 100);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPasswordAUserAndADatabaseComeWithTheUrl(Engine engine) throws Exception {
        try (ServerProgram server = ServerProgram.start(engine.program())) {
            engine.trial(server.url()).credentials();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFullServerRefusesAdmissionsAndStillTakesSettlements(Engine engine) throws Exception {
        try (ServerProgram server = ServerProgram.start(engine.program())) {
            engine.trial(server.url()).fullServer();
        }
    }
}
