package dev.weir.envoy.answer;

/** Takes the headers of an answer, one after the other. */
public interface HeaderSink {
    /** One that is known ahead. */
    void known(Header header);

    /** One whose value is a number. */
    void number(Header.Name name, long value);

    /**
     * One whose value begins as is known ahead.
     *
     * @param start the start of the value, in UTF-8
     * @param left what the start ends at
     * @param seconds what stands behind it as {@code ;t=}; below 0 nothing does
     */
    void available(Header.Name name, byte[] start, long left, long seconds);
}
