package dev.weir.bucket.redis;

import io.lettuce.core.resource.Transports;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.HostsFileEntriesProvider;
import io.netty.resolver.HostsFileEntriesResolver;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks names up anew for each connection: after a failover the same name leads to another server. Lettuce's own resolver keeps an answer
 * for as long as DNS allows, and the hosts file for ever.
 */
final class Names {
    private Names() {}

    /** Asks the servers that the system asks. */
    static AddressResolverGroup<?> askedAnew() {
        return askedAnew(DnsServerAddressStreamProviders.platformDefault());
    }

    /** @param servers whom to ask */
    static AddressResolverGroup<?> askedAnew(DnsServerAddressStreamProvider servers) {
        return new DnsAddressResolverGroup(new DnsNameResolverBuilder()
                .datagramChannelType(Transports.datagramChannelClass())
                .socketChannelType(Transports.socketChannelClass().asSubclass(SocketChannel.class))
                .nameServerProvider(servers)
                .resolveCache(NoopDnsCache.INSTANCE)
                .cnameCache(NoopDnsCnameCache.INSTANCE)
                .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
                .hostsFileEntriesResolver(new HostsFile()));
    }

    private static final class HostsFile implements HostsFileEntriesResolver {
        @Override
        public @Nullable InetAddress address(String name, ResolvedAddressTypes types) {
            HostsFileEntriesProvider hosts = HostsFileEntriesProvider.parser().parseSilently();
            Stream<InetAddress> four = in(hosts.ipv4Entries(), name);
            Stream<InetAddress> six = in(hosts.ipv6Entries(), name);
            Stream<InetAddress> all = switch (types) {
                case IPV4_ONLY -> four;
                case IPV6_ONLY -> six;
                case IPV4_PREFERRED -> Stream.concat(four, six);
                case IPV6_PREFERRED -> Stream.concat(six, four);
            };
            return all.findFirst().orElse(null);
        }

        private static Stream<InetAddress> in(Map<String, List<InetAddress>> entries, String name) {
            return entries.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream();
        }
    }
}
