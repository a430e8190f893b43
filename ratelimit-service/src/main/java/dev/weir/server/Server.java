package dev.weir.server;

import dev.weir.bucket.StoreAddressException;
import dev.weir.bucket.StoreUnreachableException;
import dev.weir.config.ConfigException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running service. */
public final class Server {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private final Wiring wiring;
    private final CountDownLatch stopped = new CountDownLatch(1);

    private Server(Wiring wiring) {
        this.wiring = wiring;
    }

    /**
     * Reads the files, connects, warms up and is ready.
     *
     * @param out where refusals are written, unless they go elsewhere
     * @throws ConfigException with all problems of the files
     * @throws StoreAddressException if the setting that should say where Redis is does not, naming it
     * @throws StoreUnreachableException if Redis cannot be reached, or cannot be written to
     * @throws IOException if an address is taken or refusals cannot be written, saying so
     */
    public static Server start(ServerOptions options, OutputStream out) throws ConfigException, IOException {
        Inputs inputs = Inputs.read(options);
        try {
            EffectiveOptions effective =
                    EffectiveOptions.of(options, inputs.policy().deployment());
            return new Server(new Wiring(options, inputs, effective, Store.open(effective, inputs), out));
        } catch (IOException | RuntimeException | Error e) {
            inputs.close();
            throw e;
        }
    }

    /** Returns the port that Envoy calls; -1 where that is a Unix socket. */
    public int grpcPort() {
        return wiring.grpc().port();
    }

    public int adminPort() {
        return wiring.admin().port();
    }

    /** Says that it is leaving, goes on answering for {@code drain}, finishes the calls under way, then closes everything. */
    public void stop(Duration drain) {
        stop(() -> {
            try {
                TimeUnit.MILLISECONDS.sleep(drain.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** @param drain returns when Envoy has had the time to go elsewhere */
    void stop(Runnable drain) {
        wiring.leave();
        LOG.info("leaving: health checks fail, calls are still answered");
        drain.run();
        wiring.close();
        stopped.countDown();
    }

    /** Waits until it has stopped, or the thread is interrupted. */
    public void awaitStop() {
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
