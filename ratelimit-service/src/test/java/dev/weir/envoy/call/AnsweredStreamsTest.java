package dev.weir.envoy.call;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnsweredStreamsTest {
    private long now;
    private final AnsweredStreams answered = new AnsweredStreams(() -> now);
    private final List<Integer> undone = new ArrayList<>();

    @Test
    void aStreamThatIsResetAfterItsAnswerIsHeardOnce() {
        remember(1);
        remember(3);
        answered.reset(3);
        answered.reset(3);
        assertEquals(List.of(3), undone);
    }

    @Test
    void aResetOfAStreamThatHoldsNothingMeansNothing() {
        remember(1);
        answered.reset(5);
        assertEquals(List.of(), undone);
    }

    @Test
    void manyStreamsWithinTheTimeOfAResetAreAllRemembered() {
        for (int i = 0; i < 4_000; i++) {
            now += AnsweredStreams.REMEMBERED_NANOS / 8_000;
            remember(2 * i + 1);
        }
        for (int i = 0; i < 4_000; i++) {
            answered.reset(2 * i + 1);
        }
        assertEquals(4_000, undone.size());
    }

    @Test
    void anOldStreamGivesItsPlaceToALaterOne() {
        remember(1);
        now += AnsweredStreams.REMEMBERED_NANOS;
        remember(129);
        answered.reset(1);
        assertEquals(List.of(), undone);
        answered.reset(129);
        assertEquals(List.of(129), undone);
    }

    @Test
    void noMoreThanTheLargestNumberIsRemembered() {
        for (int i = 0; i <= AnsweredStreams.LARGEST; i++) {
            remember(2 * i + 1);
        }
        answered.reset(1);
        assertEquals(List.of(), undone);
        answered.reset(2 * AnsweredStreams.LARGEST + 1);
        answered.reset(3);
        assertEquals(List.of(2 * AnsweredStreams.LARGEST + 1, 3), undone);
    }

    private void remember(int stream) {
        answered.remember(stream, () -> undone.add(stream));
    }
}
