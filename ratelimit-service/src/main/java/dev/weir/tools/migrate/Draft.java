package dev.weir.tools.migrate;

import java.util.List;

/**
 * A draft of what a limit becomes.
 *
 * @param isDefault whether it gives way to others of its tier
 * @param differs where it decides differently than before
 * @param notes what is lost without changing decisions
 * @param leftOut whether it is written as a comment only
 */
record Draft(
        Route route,
        String name,
        String tier,
        boolean isDefault,
        List<String> differs,
        List<String> notes,
        boolean leftOut) {}
