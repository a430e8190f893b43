package dev.weir.policy;

import java.util.List;

/**
 * The requests that a limit concerns.
 *
 * @param per the attributes whose values tell buckets apart; none means one bucket for everybody
 * @param when the conditions that a request's attributes must meet
 * @param isDefault whether it binds only where no other limit of its tier and measure is enforced
 */
public record Scope(List<String> per, List<Condition> when, Mode mode, boolean isDefault) {
    public Scope {
        per = List.copyOf(per);
        when = List.copyOf(when);
    }

    /** Makes the scope of a limit that is enforced for everybody who has these attributes. */
    static Scope of(List<String> per) {
        return new Scope(per, List.of(), new Mode.Enforced(), false);
    }
}
