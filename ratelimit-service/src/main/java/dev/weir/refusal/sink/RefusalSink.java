package dev.weir.refusal.sink;

import java.io.IOException;

/**
 * A place where refusal records go. It is used by one thread at a time; {@code RefusalLog} owns and closes it. A sink that changes records
 * on their way, as a signature would, stands in front of another.
 */
public interface RefusalSink extends AutoCloseable {
    /**
     * Takes a record, which may reach its place only with the next {@link #flush()}.
     *
     * @param record one line of JSON, without its end
     * @throws IOException if this record was not taken; those before it were
     */
    void write(String record) throws IOException;

    /**
     * Brings what was taken to its place. Is called after some records, and a few times a second when there are none.
     *
     * @throws IOException if a record that was taken since the last flush may be missing; all of them are then written again
     */
    void flush() throws IOException;

    @Override
    void close() throws IOException;
}
