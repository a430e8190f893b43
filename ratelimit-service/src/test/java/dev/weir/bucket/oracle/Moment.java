package dev.weir.bucket.oracle;

/**
 * Where a call stands in the store's own order. Only refused calls can stand at the same place; they change nothing.
 *
 * @param serial how many requests had been admitted, this one included
 * @param refused a refused request stands after the admitted one whose serial it saw
 * @param at the store's time in microseconds
 */
record Moment(long serial, boolean refused, long at) implements Comparable<Moment> {
    @Override
    public int compareTo(Moment other) {
        if (serial != other.serial) {
            return Long.compare(serial, other.serial);
        }
        return refused != other.refused ? Boolean.compare(refused, other.refused) : Long.compare(at, other.at);
    }

    Moment orLater(Moment other) {
        return compareTo(other) < 0 ? other : this;
    }
}
