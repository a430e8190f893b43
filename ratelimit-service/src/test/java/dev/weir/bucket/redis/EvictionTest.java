package dev.weir.bucket.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class EvictionTest {
    @Test
    void theFiguresOfMemoryNameThePolicy() {
        String memory = "# Memory\r\nused_memory:1\r\nmaxmemory_policy:allkeys-lru\r\nmem_allocator:libc\r\n";
        assertEquals("allkeys-lru", Eviction.policy(memory));
    }

    @Test
    void aServerThatNamesNoneEvictsNothing() {
        assertEquals("noeviction", Eviction.policy("# Memory\r\nused_memory:1\r\n"));
    }
}
