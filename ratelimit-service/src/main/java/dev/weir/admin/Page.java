package dev.weir.admin;

/**
 * An answer over HTTP.
 *
 * @param type the type of the text, as it stands in {@code content-type}
 */
public record Page(int status, String type, String text) {
    static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";

    public static Page text(int status, String text) {
        return new Page(status, TEXT, text);
    }
}
