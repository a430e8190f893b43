package dev.weir.tools.lint;

import dev.weir.config.Rule;
import java.util.List;

/** The rules that a policy should keep to. One that does not is used all the same. */
public final class LintRules {
    static final Rule NEVER_BINDS = Rule.warning(
            "never-binds",
            "Another limit counts at least as much and refuses whenever this one does, so this one makes no difference. Either it is"
                    + " superfluous, or one of the two has a wrong amount. (What requests with negative hits give back is left out of"
                    + " account.)");
    static final Rule DEFAULT_NEVER_BINDS = Rule.warning(
            "default-never-binds",
            "A limit with `default: true` gives way to others of its tier and measure, and here one of them always applies. Narrow the"
                    + " other's `when`, or remove one.");
    static final Rule NO_SHORT_WINDOW = Rule.warning(
            "no-short-window",
            "Whoever has the whole of an hour or a day may spend it in its first minute, and those who share the provider wait. Put a"
                    + " limit with a window of at most five minutes beside it, or a token_bucket with a smaller burst.");
    static final Rule PROD_SHARES = Rule.warning(
            "prod-shares",
            "The policy tells environments apart, but in this limit production and the others draw on the same bucket: tests can use up"
                    + " what production needs. Add `environment` to `per`, or narrow `when`.");
    static final Rule DEV_ABOVE_PROD = Rule.warning(
            "dev-above-prod",
            "Development, tests and staging are allowed as much as production, or more. When room runs short they are in its way.");
    static final Rule NO_HEADROOM = Rule.warning(
            "no-headroom",
            "What single services, teams or environments are promised adds up to more than 90 % of what everybody together may use."
                    + " Leave 10 to 20 % to nobody, for spikes and newcomers.");
    static final Rule SHARE_WITHOUT_ATTRIBUTE = Rule.warning(
            "share-without-attribute",
            "The limit is enforced for a share of the values of an attribute that it neither has in `per` nor in `when`. A request"
                    + " without that attribute is never refused.");
    static final Rule CLIENT_CHOSEN = Rule.warning(
            "client-chosen",
            "There is a bucket for every value of an attribute that any client may set as it likes, so who changes it gets a fresh"
                    + " bucket each time.");
    static final Rule ONLY_SHADOW =
            Rule.info("only-shadow", "No limit of the domain refuses anybody: all of them are in shadow mode.");
    static final Rule UNCOVERED = Rule.warning(
            "uncovered-values",
            "Every limit has a `when`, and there are values that none of them asks for. Such a request passes without any limit, which a"
                    + " misspelt environment or a new type of key is enough for. Add a limit for everybody; with `default: true` it"
                    + " binds only where no other of its tier does.");
    static final Rule AMBIGUOUS_ADMISSION = Rule.warning(
            "ambiguous-admission",
            "Several domains have `admit: true`. External authorization fails for every route that does not name one of them as"
                    + " `weir.domain` in its `context_extensions`.");
    static final Rule UNKNOWN_RULE =
            Rule.warning("unknown-rule", "`ignore` names a rule that there is not, so it has no effect.");
    static final Rule UNUSED_IGNORE = Rule.warning(
            "unused-ignore",
            "`ignore` names a rule that finds nothing here, one that cannot be ignored because it is an error, or in a limit one about"
                    + " Envoy's configuration, which only a domain ignores. Remove it, before it hides something else.");

    private LintRules() {}

    public static List<Rule> all() {
        return List.of(
                NEVER_BINDS,
                DEFAULT_NEVER_BINDS,
                NO_SHORT_WINDOW,
                PROD_SHARES,
                DEV_ABOVE_PROD,
                NO_HEADROOM,
                SHARE_WITHOUT_ATTRIBUTE,
                CLIENT_CHOSEN,
                ONLY_SHADOW,
                UNCOVERED,
                AMBIGUOUS_ADMISSION,
                UNKNOWN_RULE,
                UNUSED_IGNORE);
    }
}
