package dev.weir.admin;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Keeps the connections of a listener below a bound. Whoever connects at the bound takes the place of the connection that was asked nothing
 * for the longest time, so that those who are silent or slow never keep a probe out. Confined to one event loop.
 */
final class OpenConnections {
    private final int most;
    private final int mostAsked;
    /** The connections that may be closed for another, the one that was asked nothing for the longest time first. */
    private final Set<Channel> silent = new LinkedHashSet<>();

    private int asked;

    /**
     * Begins with none.
     *
     * @param most how many may be open
     * @param mostAsked how many may have a page made for them at a time; less than {@code most}
     */
    OpenConnections(int most, int mostAsked) {
        this.most = most;
        this.mostAsked = mostAsked;
    }

    /** Adds one, and closes another where that makes too many. */
    void opened(Channel connection) {
        silent.add(connection);
        if (silent.size() + asked > most) {
            Iterator<Channel> first = silent.iterator();
            Channel oldest = first.next();
            first.remove();
            ChannelFuture unused = oldest.close();
        }
    }

    /** Says whether a page may be made for it; while it is, the connection is not closed for another. */
    boolean asked(Channel connection) {
        if (asked == mostAsked) {
            return false;
        }
        asked++;
        silent.remove(connection);
        return true;
    }

    /** Takes back a connection whose page is made. */
    void answered(Channel connection) {
        asked--;
        if (connection.isActive()) {
            silent.add(connection);
        }
    }

    /** Forgets one. */
    void closed(Channel connection) {
        silent.remove(connection);
    }
}
