package dev.weir.request;

/**
 * One set of attributes that asks for room.
 *
 * @param position where it stood in the call, from 0
 * @param hits how many requests it stands for; 0 asks whether there is room without taking any
 */
public record Descriptor(int position, Attributes attributes, long hits) {
    public Descriptor {
        if (hits < 0) {
            throw new IllegalArgumentException("hits: " + hits);
        }
    }

    /** Of a call that has only this one. */
    public Descriptor(Attributes attributes, long hits) {
        this(0, attributes, hits);
    }
}
