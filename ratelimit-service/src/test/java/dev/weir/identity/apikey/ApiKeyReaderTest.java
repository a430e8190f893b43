package dev.weir.identity.apikey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.config.ConfigException;
import dev.weir.identity.Caller;
import dev.weir.identity.Identification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R1.4, R4.8: the key register; no secret stands in it, none comes out of it. */
class ApiKeyReaderTest {
    private static final String A = "a".repeat(64);
    private static final String B = "b".repeat(64);

    @TempDir
    Path folder = Path.of("");

    @Test
    void everyFieldOfAKeyIsRead() throws Exception {
        ApiKeys keys = ApiKeyReader.read(write("""
                keys:
                  - id: alice-laptop
                    sha256: %s
                    user: alice
                    team: red
                    consumer_group: gold
                    service: chat
                    environment: prod
                    key_type: personal
                    enabled: true
                  - {id: bare, sha256: %s}
                """.formatted(A, B)));

        assertEquals(
                Set.of(
                        new Caller(Map.of(
                                "key", "alice-laptop",
                                "user", "alice",
                                "team", "red",
                                "consumer_group", "gold",
                                "service", "chat",
                                "environment", "prod",
                                "key_type", "personal")),
                        new Caller(Map.of("key", "bare"))),
                Set.copyOf(keys.callers()));
    }

    /** The digests are what sha256sum prints of alpha, beta and gamma. */
    @Test
    void aKeyIsEnabledUnlessItSaysFalse() throws Exception {
        ApiKeys keys = ApiKeyReader.read(write("""
                keys:
                  - {id: a, sha256: 8ed3f6ad685b959ead7022518e1af76cd816f8e8ec7ccdda1ed4018e8f2223f8}
                  - {id: b, sha256: F44E64E75F3948E9F73F8DFA94721C4CE8CBB4F265C4790C702B2D41CFBF2753, enabled: true}
                  - {id: c, sha256: be9d587defa1f0c09ef49eb17e206983a5f8f8289e4281860bd0ee5a19592c67, enabled: false}
                """));

        assertInstanceOf(Identification.Known.class, keys.identify(null, "alpha"));
        assertInstanceOf(Identification.Known.class, keys.identify(null, "beta"));
        assertInstanceOf(Identification.Disabled.class, keys.identify(null, "gamma"));
    }

    @Test
    void aRegisterWithoutKeysSaysSo() throws Exception {
        assertEquals(List.of(), ApiKeyReader.read(write("keys: none\n")).callers());
    }

    @Test
    void anEmptyListOfKeysIsAProblem() throws IOException {
        assertEquals(
                List.of(
                        "1:7: without a key every request is answered with 401; add keys, or write `keys: none` to say that you mean it"),
                problems("keys: []\n"));
    }

    @Test
    void aRegisterThatIsTooLargeSaysWhatHelps() throws IOException {
        assertEquals(
                List.of(
                        "0:0: is larger than 4 MiB; remove keys that nobody uses, and what is not needed to tell callers apart"),
                problems("#".repeat((4 << 20) + 1)));
    }

    @Test
    void aKeyMayBeCalledAfterItsDigest() throws Exception {
        String yaml = "keys: [{id: %s, sha256: %s}, {id: %s, sha256: %s}]\n".formatted(A, A, "c".repeat(64), B);

        assertEquals(2, ApiKeyReader.read(write(yaml)).callers().size());
    }

    @Test
    void allProblemsAreToldInOrderOfPlace() throws IOException {
        assertEquals(
                List.of(
                        "1:1: unknown key `version`; known here: keys",
                        "3:5: `id` is missing; add for example `id: alice-laptop`",
                        "3:5: `sha256` is missing; add for example `sha256: <64 hex digits>`",
                        "4:5: unknown key `owner`; known here: id, sha256, user, team, consumer_group, service, environment, key_type, enabled",
                        "5:5: `sha256` must be 64 hex digits, as `printf %s \"$SECRET\" | sha256sum` prints them",
                        "7:14: `yes` is neither true nor false",
                        "8:5: key `b` stands here already; give it an id of its own",
                        "10:5: two keys have the same secret; make a new one for this key",
                        "12:11: `user` goes into a header; use printable ASCII without space at either end",
                        "13:5: expected `key: value` pairs here, found a text"),
                problems("""
                        version: 1
                        keys:
                          - user: alice
                            owner: bob
                          - id: b
                            sha256: 12ab
                            enabled: yes
                          - id: b
                            sha256: %s
                          - id: c
                            sha256: %s
                            user: "x\\r\\ny"
                          - d
                        """.formatted(A, "A".repeat(64))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\" a\"", "\"a \"", "ü", "\"a\\tb\"", "\"a\\nb\"", "\"\\x7f\"", "\"\\0\""})
    void whatCannotGoIntoAHeaderIsRefused(String value) throws IOException {
        for (String field : Caller.ATTRIBUTES) {
            String name = field.equals("key") ? "id" : field;
            String id = name.equals("id") ? "" : ", id: a";
            String yaml = "keys: [{%s: %s%s, sha256: %s}]\n".formatted(name, value, id, A);

            assertEquals(1, problems(yaml).size(), yaml);
        }
    }

    @Test
    void aFileWithoutKeysIsAProblem() throws IOException {
        assertEquals(
                List.of(
                        "1:1: `keys` is missing; add for example `keys: [{id: alice-laptop, sha256: <64 hex digits>}]`",
                        "1:1: unknown key `kyes`; did you mean `keys`? Known here: keys"),
                problems("kyes: []\n").stream().sorted().toList());
        assertEquals(List.of("0:0: is empty"), problems(""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keys: [{id: a, secret: S3CRET}]",
                "keys: [{id: a, secret: S3CRET, secret: S3CRET}]",
                "keys: [{id: a, secret: [S3CRET]}]",
                "keys: [{id: a, secret: S3CRET, sha256: S3CRET}]",
                "keys: [{id: a, sha256: S3CRET}]",
                "keys: [{id: a, sha256: \"S3CRET\\n\"}]",
                "keys: [S3CRET]",
                "keys: S3CRET",
                "keys: {id: S3CRET}",
                "S3CRET",
                "keys: [{id: a, secret: S3CRET",
                "keys: [{id: a, secret: \"S3CRET}]",
                "keys:\n  - id: a\n    secret: S3CRET: x"
            })
    void aSecretInTheFileIsRefusedAndNeverRepeated(String yaml) throws IOException {
        Path file = write(yaml);

        ConfigException thrown = assertThrows(ConfigException.class, () -> ApiKeyReader.read(file));

        assertFalse(thrown.toString().contains("S3CRET"), thrown.toString());
    }

    @Test
    void aSecretInTheFileIsToBeReplaced() throws IOException {
        List<String> problems = problems("keys: [{id: a, sha256: %s, secret: x}]".formatted(A));

        assertEquals(
                List.of("1:90: `secret` must not stand in a file; write its SHA-256 as `sha256`,"
                        + " and replace this secret by a new one"),
                problems);
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(folder.resolve("keys.yaml"), yaml);
    }

    private List<String> problems(String yaml) throws IOException {
        Path file = write(yaml);
        return assertThrows(ConfigException.class, () -> ApiKeyReader.read(file)).problems().stream()
                .map(problem -> problem.place().line() + ":" + problem.place().column() + ": " + problem.message())
                .toList();
    }
}
