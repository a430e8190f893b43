package dev.weir.refusal.sink;

/**
 * Says when a file of refusals is followed by a new one, and how long the old ones are kept.
 *
 * @param keepDays an old file is deleted when its day is longer ago than this; at least 1
 * @param bytesPerFile the most bytes of a file before it is compressed; at least 1. A longer record has a file of its own
 * @param bytesInAll the most bytes of all old files as they are on disk, compressed; at least 1. The oldest go first, even if younger than
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

    /** Returns a rotation with room for a hundred files of full size, which is more than a thousand compressed ones. */
    public static Rotation of(int keepDays, long bytesPerFile) {
        boolean tooMany = bytesPerFile > Long.MAX_VALUE / FILES_IN_ALL;
        return new Rotation(keepDays, bytesPerFile, tooMany ? Long.MAX_VALUE : bytesPerFile * FILES_IN_ALL);
    }
}
