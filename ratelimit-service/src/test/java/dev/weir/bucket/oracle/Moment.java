package dev.weir.bucket.oracle;

/**
 * Where a call stands in the store's own order, and when that was.
 *
 * @param serial how many requests the store had answered, this one included
 * @param at the store's time in microseconds
 */
record Moment(long serial, long at) implements Comparable<Moment> {
    /** Before all calls. */
    static final Moment NONE = new Moment(0, 0);

    @Override
    public int compareTo(Moment other) {
        return Long.compare(serial, other.serial);
    }

    Moment orLater(Moment other) {
        return compareTo(other) < 0 ? other : this;
    }
}
