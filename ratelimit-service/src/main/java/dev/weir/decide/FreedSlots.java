package dev.weir.decide;

/**
 * What was freed of one bucket.
 *
 * @param bucket as it is called in the store
 * @param slots how many slots were taken
 */
public record FreedSlots(String limit, String bucket, int slots) {}
