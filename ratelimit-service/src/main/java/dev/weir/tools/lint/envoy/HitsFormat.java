package dev.weir.tools.lint.envoy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code format} of a {@code hits_addend}: where Envoy takes the hits from. */
final class HitsFormat {
    private static final String NAME = "([^:)\"'\\]]{1,200})";
    private static final List<Pattern> REFERENCES = List.of(
            Pattern.compile("DYNAMIC_METADATA\\(" + NAME + ":" + NAME),
            Pattern.compile("\"param\"\\s{0,9}:\\s{0,9}\"" + NAME + ":" + NAME),
            Pattern.compile("filter_metadata\\[['\"]" + NAME + "['\"]]\\[['\"]" + NAME));

    private HitsFormat() {}

    /** Returns the metadata that it reads; none where it reads something else. */
    static List<MetadataKey> references(String format) {
        List<MetadataKey> references = new ArrayList<>();
        for (Pattern pattern : REFERENCES) {
            Matcher matcher = pattern.matcher(format);
            while (matcher.find()) {
                references.add(new MetadataKey(matcher.group(1), matcher.group(2)));
            }
        }
        return references;
    }
}
