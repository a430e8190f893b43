package dev.weir.bucket.redis;

import dev.weir.testing.ServerProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R3.7: every server that the README names answers the same. */
class EnginesIT {
    @TempDir
    private static Path folder;

    private static Path folder() throws IOException {
        return Files.createTempDirectory(folder, "server");
    }

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

    @ParameterizedTest
    @EnumSource
    void aNodeOfAClusterIsRefusedWithWordsThatSayWhatToDo(Engine engine) throws Exception {
        try (ServerProgram server = ServerProgram.startIn(folder(), engine.program(), "--cluster-enabled", "yes")) {
            engine.trial(server.url()).refusedAsCluster();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReplicaIsRefusedUntilItIsPromoted(Engine engine) throws Exception {
        try (ServerProgram master = ServerProgram.startIn(folder(), engine.program());
                ServerProgram replica = ServerProgram.startIn(folder(), engine.program())) {
            engine.trial(master.url()).failOver(replica.url());
        }
    }
}
