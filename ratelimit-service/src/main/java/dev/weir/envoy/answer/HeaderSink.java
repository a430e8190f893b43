package dev.weir.envoy.answer;

/** Takes the headers of an answer, one after the other. */
public interface HeaderSink {
    /** Takes a header that is known ahead. */
    void known(Header header);

    /** Takes a header whose value is a number. */
    void number(Header.Name name, long value);

    /**
     * Takes a header whose value has a start that is known ahead.
     *
     * @param start the start of the value, in UTF-8
     * @param left the number that follows the start
     * @param seconds the number that follows as {@code ;t=}; none below 0
     */
    void available(Header.Name name, byte[] start, long left, long seconds);
}
