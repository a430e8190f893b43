package dev.weir.refusal.sink;

/**
 * When a file of refusals is followed by a new one, and how long the old ones are kept.
 *
 * @param keepDays an old file is deleted when its day is longer ago than this; at least 1
 * @param bytesPerFile before it is compressed; at least 1. A record that is longer has a file of its own
 * @param bytesInAll of old files as they are on disk, compressed; the oldest go first, even where they are younger than
 *     {@code keepDays}
 */
public record Rotation(int keepDays, long bytesPerFile, long bytesInAll) {
    private static final int FILES_IN_ALL = 100;

    public Rotation {
        if (keepDays < 1 || bytesPerFile < 1 || bytesInAll < 1) {
            throw new IllegalArgumentException(
                    "days and bytes must be at least 1: " + keepDays + ", " + bytesPerFile + ", " + bytesInAll);
        }
    }

    /** With room for a hundred files of full size, which is more than a thousand compressed ones. */
    public static Rotation of(int keepDays, long bytesPerFile) {
        boolean tooMany = bytesPerFile > Long.MAX_VALUE / FILES_IN_ALL;
        return new Rotation(keepDays, bytesPerFile, tooMany ? Long.MAX_VALUE : bytesPerFile * FILES_IN_ALL);
    }
}
