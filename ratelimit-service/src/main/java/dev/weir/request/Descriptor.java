package dev.weir.request;

/**
 * One set of attributes that asks for room.
 *
 * @param hits how many requests it stands for; 0 asks whether there is room without taking any
 */
public record Descriptor(Attributes attributes, long hits) {
    public Descriptor {
        if (hits < 0) {
            throw new IllegalArgumentException("hits: " + hits);
        }
    }
}
