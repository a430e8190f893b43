package dev.weir.identity;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** A way to tell whose a request is. It is thread-safe and never blocks. */
public interface Authenticator {
    /**
     * Says whose the credentials are.
     *
     * @return a stage that is already completed where nobody else has to be asked, and fails where it cannot be told
     */
    CompletionStage<Identification> identify(Credentials credentials);

    /**
     * Returns the names of the attributes that it may give callers beyond {@link Caller#ATTRIBUTES}. They never change, and neither a client
     * nor a body can give them a value. A caller's attribute that is not among them is neither told nor charged.
     */
    default Set<String> attributes() {
        return Set.of();
    }

    /** Asks one after the other, until one of them has found a credential of its kind. */
    static Authenticator inOrder(List<Authenticator> ways) {
        return new InOrder(List.copyOf(ways));
    }
}
