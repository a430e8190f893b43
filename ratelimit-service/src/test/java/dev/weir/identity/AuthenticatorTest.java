package dev.weir.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class AuthenticatorTest {
    private static final Credentials CREDENTIALS = new Credentials("Bearer x", null);
    private static final Identification NONE = new Identification.NoCredential();
    private static final Identification ALICE = new Identification.Known(new Caller(Map.of("key", "alice")));
    private static final Identification NOBODYS = new Identification.UnknownCredential();

    private final List<String> asked = new ArrayList<>();

    @Test
    void theFirstThatFindsACredentialOfItsKindSaysWhoseItIs() {
        Authenticator ways = Authenticator.inOrder(List.of(way("jwt", NONE), way("key", ALICE), way("more", NOBODYS)));

        assertEquals(ALICE, ways.identify(CREDENTIALS).toCompletableFuture().join());
        assertEquals(List.of("jwt", "key"), asked);
    }

    @Test
    void aCredentialThatIsNobodysIsNotTriedInOtherWays() {
        Authenticator ways = Authenticator.inOrder(List.of(way("key", NOBODYS), way("more", ALICE)));

        assertEquals(NOBODYS, ways.identify(CREDENTIALS).toCompletableFuture().join());
    }

    @Test
    void withoutAnyWayThereIsNoCredential() {
        assertEquals(
                NONE,
                Authenticator.inOrder(List.of())
                        .identify(CREDENTIALS)
                        .toCompletableFuture()
                        .join());
    }

    @Test
    void whoHasToAskIsWaitedFor() {
        CompletableFuture<Identification> later = new CompletableFuture<>();
        Authenticator ways = Authenticator.inOrder(List.of(credentials -> later, way("key", ALICE)));

        CompletableFuture<Identification> answer = ways.identify(CREDENTIALS).toCompletableFuture();
        assertFalse(answer.isDone());
        later.complete(NONE);
        assertEquals(ALICE, answer.join());
    }

    @Test
    void theirAttributesAreThoseOfAllWays() {
        Authenticator tenants = new Authenticator() {
            @Override
            public CompletionStage<Identification> identify(Credentials credentials) {
                return CompletableFuture.completedFuture(NONE);
            }

            @Override
            public Set<String> attributes() {
                return Set.of("tenant");
            }
        };

        assertEquals(
                Set.of("tenant"),
                Authenticator.inOrder(List.of(way("key", ALICE), tenants)).attributes());
    }

    private Authenticator way(String name, Identification answer) {
        return credentials -> {
            asked.add(name);
            return CompletableFuture.completedFuture(answer);
        };
    }
}
