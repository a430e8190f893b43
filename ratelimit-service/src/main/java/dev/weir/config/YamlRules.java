package dev.weir.config;

import java.util.List;

/** The rules that every file must keep. */
public final class YamlRules {
    public static final Rule FILE = Rule.error(
            "file",
            "The file cannot be read, is empty or is too large. Nothing of it is used, and a service that runs tries again at every"
                    + " look. Check its name and who may read it; split a large one.");
    public static final Rule SYNTAX = Rule.error(
            "syntax",
            "The text is not YAML as Weir reads it: UTF-8, one document, spaces for indentation, no tabs, and no anchors and"
                    + " aliases, which hide what a limit says and can make a small file enormous.");
    public static final Rule DUPLICATE_KEY = Rule.error(
            "duplicate-key",
            "The same key stands twice in one mapping. Which of them holds would depend on the reader. Remove one.");
    public static final Rule UNKNOWN_KEY = Rule.error(
            "unknown-key",
            "The key means nothing here. It is refused rather than ignored, because a misspelt limit would not be enforced and"
                    + " nobody would notice.");
    public static final Rule MISSING_KEY = Rule.error("missing-key", "A key that has no default is not there.");
    public static final Rule KIND = Rule.error(
            "kind", "A list stands where a text belongs, or a text where `key: value` pairs belong, and so on.");
    public static final Rule VALUE =
            Rule.error("value", "The value is none that this key takes. The message names those that it does.");

    private YamlRules() {}

    public static List<Rule> all() {
        return List.of(FILE, SYNTAX, DUPLICATE_KEY, UNKNOWN_KEY, MISSING_KEY, KIND, VALUE);
    }
}
