package dev.weir.bucket.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class NamesTest {
    @Test
    void aNameThatLeadsElsewhereIsFollowedThoughDnsAllowsToKeepTheAnswer() throws Exception {
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                AddressResolverGroup<?> names = Names.askedAnew(new SingletonDnsServerAddressStreamProvider(
                        (InetSocketAddress) server.getLocalSocketAddress()))) {
            Thread dns = new Thread(() -> serve(server), "dns");
            dns.setDaemon(true);
            dns.start();
            EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
            try {
                String first = resolve(names, group.next());
                String second = resolve(names, group.next());
                assertTrue(first.startsWith("redis.test./127.0.0."), first);
                assertTrue(second.startsWith("redis.test./127.0.0."), second);
                assertNotEquals(first, second);
                assertEquals("localhost/127.0.0.1:6379", resolve(names, group.next(), "localhost"));
            } finally {
                group.shutdownGracefully().sync();
            }
        }
    }

    private static String resolve(AddressResolverGroup<?> names, EventLoop loop) throws Exception {
        return resolve(names, loop, "redis.test.");
    }

    private static String resolve(AddressResolverGroup<?> names, EventLoop loop, String name) throws Exception {
        SocketAddress unresolved = InetSocketAddress.createUnresolved(name, 6379);
        return names.getResolver(loop).resolve(unresolved).get().toString();
    }

    /** Answers every question with an address that counts up from 127.0.0.1, to be kept for an hour. */
    private static void serve(DatagramSocket server) {
        try {
            for (byte last = 1; ; last++) {
                DatagramPacket question = new DatagramPacket(new byte[512], 512);
                server.receive(question);
                byte[] asked = Arrays.copyOf(question.getData(), question.getLength());
                // The header, one question without what may follow it, and one answer.
                int end = 12;
                while (asked[end] != 0) {
                    end += asked[end] + 1;
                }
                ByteBuffer answer = ByteBuffer.allocate(512)
                        .put(asked, 0, 2)
                        .putShort((short) 0x8180)
                        .putShort((short) 1)
                        .putShort((short) 1)
                        .putInt(0)
                        .put(asked, 12, end + 5 - 12)
                        .putShort((short) 0xc00c)
                        .putShort((short) 1)
                        .putShort((short) 1)
                        .putInt(3_600)
                        .putShort((short) 4)
                        .put(new byte[] {127, 0, 0, last});
                server.send(new DatagramPacket(answer.array(), answer.position(), question.getSocketAddress()));
            }
        } catch (IOException e) {
            // The test is over.
        }
    }
}
