package dev.weir.decide;

/**
 * The slots that were freed in one bucket.
 *
 * @param bucket its name in the store
 * @param slots the number of slots that were taken
 */
public record FreedSlots(String limit, String bucket, int slots) {}
