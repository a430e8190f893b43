package dev.weir.request;

import org.jspecify.annotations.Nullable;

/**
 * One set of attributes that asks for room.
 *
 * @param position where it stood in the call, from 0
 * @param hits how many requests it stands for; 0 asks whether there is room without taking any; below 0 gives so many back
 * @param limit holds in place of the policy's limits on requests; null where the policy's hold
 */
public record Descriptor(
        int position,
        Attributes attributes,
        long hits,
        @Nullable LimitOverride limit) {
    /** Makes the descriptor of a call that has only this one. */
    public Descriptor(Attributes attributes, long hits) {
        this(0, attributes, hits, null);
    }

    /** Returns the descriptor that undoes it. */
    public Descriptor givenBack() {
        return new Descriptor(position, attributes, -hits, limit);
    }
}
