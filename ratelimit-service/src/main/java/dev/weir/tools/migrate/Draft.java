package dev.weir.tools.migrate;

import java.util.List;

/**
 * What becomes of a limit.
 *
 * @param isDefault it gives way to others of its tier
 * @param differs where it decides otherwise than it did
 * @param notes what is lost without a difference to decisions
 * @param leftOut it stands there as a comment only
 */
record Draft(
        Route route,
        String name,
        String tier,
        boolean isDefault,
        List<String> differs,
        List<String> notes,
        boolean leftOut) {}
