package dev.weir.server;

import dev.weir.bucket.StoreAddressException;
import dev.weir.bucket.redis.RedisAddress;
import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.config.Reloader;
import dev.weir.config.SecretFile;
import dev.weir.config.YamlRules;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Names the files that say where Redis is and as whom to log in, as a platform mounts them and changes them under the running service.
 *
 * @param url null leaves the address to the command line or the policy
 * @param user null leaves the user to the URL
 * @param password null leaves the password to the URL
 */
public record RedisFiles(
        @Nullable Path url, @Nullable Path user, @Nullable Path password) {
    public static final RedisFiles NONE = new RedisFiles(null, null, null);

    Reloader<RedisLogin> reloader() {
        List<Path> files =
                Stream.of(url, user, password).filter(Objects::nonNull).toList();
        return Reloader.ofFiles(() -> files, this::read);
    }

    private RedisLogin read() throws ConfigException {
        Problems problems = new Problems();
        RedisLogin login = new RedisLogin(address(problems), text(user, problems), text(password, problems));
        problems.throwIfErrors();
        return login;
    }

    private @Nullable String address(Problems problems) {
        String address = text(url, problems);
        if (url != null && address != null) {
            try {
                RedisAddress.of(address).check();
            } catch (StoreAddressException e) {
                problems.add(new Problem(url.toString(), YamlRules.VALUE, "is " + e.getMessage()));
            }
        }
        return address;
    }

    private static @Nullable String text(@Nullable Path file, Problems problems) {
        return file == null ? null : SecretFile.read(file, problems);
    }
}
