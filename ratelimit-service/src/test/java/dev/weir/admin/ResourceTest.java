package dev.weir.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ResourceTest {
    @Test
    void aSharedPageIsMadeOnceForAllWhoAskMeanwhileAndAnewForThoseWhoAskThen() {
        AtomicInteger made = new AtomicInteger();
        CompletableFuture<Page> meanwhile = new CompletableFuture<>();
        Resource[] self = new Resource[1];
        self[0] = Resource.shared(() -> {
            int now = made.incrementAndGet();
            if (now == 1) {
                self[0].answer(null, new byte[0]).whenComplete((page, failure) -> meanwhile.complete(page));
            }
            return Page.text(200, "page " + now);
        });

        assertEquals("page 1", text(self[0]));
        assertEquals("page 1", meanwhile.join().text());
        assertEquals("page 2", text(self[0]));
    }

    @Test
    void aSharedPageThatFailsIsMadeAgain() {
        AtomicInteger made = new AtomicInteger();
        Resource resource = Resource.shared(() -> {
            if (made.incrementAndGet() == 1) {
                throw new IllegalStateException();
            }
            return Page.text(200, "page");
        });

        assertThrows(CompletionException.class, () -> text(resource));
        assertEquals("page", text(resource));
    }

    private static String text(Resource resource) {
        return resource.answer(null, new byte[0]).toCompletableFuture().join().text();
    }
}
