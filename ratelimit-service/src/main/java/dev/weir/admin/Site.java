package dev.weir.admin;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds what answers at a path.
 *
 * @param resources by their paths; one whose path ends with a slash also answers below it
 */
record Site(Map<String, Resource> resources) {
    Site {
        resources = Map.copyOf(resources);
    }

    /** Returns what answers there, of several resources the one with the longest path; null where nothing does. */
    @Nullable
    Resource at(String path) {
        Resource found = resources.get(path);
        for (int slash = path.lastIndexOf('/'); found == null && slash >= 0; slash = path.lastIndexOf('/', slash - 1)) {
            found = resources.get(path.substring(0, slash + 1));
        }
        return found;
    }
}
