package dev.weir.policy;

import java.util.List;

/**
 * Whom a limit concerns.
 *
 * @param per the attributes whose values share a bucket; none means one bucket for everybody
 * @param when what must hold of a request's attributes
 * @param isDefault it binds only where no other limit of its tier and measure is enforced
 */
public record Scope(List<String> per, List<Condition> when, Mode mode, boolean isDefault) {
    public Scope {
        per = List.copyOf(per);
        when = List.copyOf(when);
    }

    /** Enforced for everybody who has these attributes. */
    static Scope of(List<String> per) {
        return new Scope(per, List.of(), new Mode.Enforced(), false);
    }
}
