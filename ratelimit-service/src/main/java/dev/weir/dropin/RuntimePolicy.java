package dev.weir.dropin;

import dev.weir.config.ConfigException;
import dev.weir.config.FileFailure;
import dev.weir.config.Problem;
import dev.weir.config.Reloader;
import dev.weir.config.YamlRules;
import dev.weir.policy.Policy;
import dev.weir.policy.read.PolicyReader;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the policy that stands in a folder of envoyproxy/ratelimit's. */
final class RuntimePolicy {
    private static final Logger LOG = LoggerFactory.getLogger(RuntimePolicy.class);

    private RuntimePolicy() {}

    static Reloader<Policy> files(PolicyPlace.RuntimeFiles place) {
        return Reloader.ofFiles(() -> seen(place.directory()), () -> read(place));
    }

    /** Lists the files; none while the folder cannot be listed, which reading the policy then reports. */
    private static List<Path> seen(RuntimeDirectory directory) {
        try {
            return directory.files();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Policy read(PolicyPlace.RuntimeFiles place) throws ConfigException {
        RuntimeDirectory directory = place.directory();
        List<Path> files;
        try {
            files = directory.files();
        } catch (NoSuchFileException e) {
            throw unusable(directory, "does not exist; RUNTIME_ROOT and RUNTIME_SUBDIRECTORY say where the limits are");
        } catch (IOException e) {
            throw unusable(directory, "cannot be listed: " + FileFailure.reason(e));
        }
        if (files.isEmpty()) {
            LOG.warn(
                    "{} holds no file{}: nothing is limited",
                    directory.place(),
                    directory.keysBegin().isEmpty() ? "" : " below a folder `" + folder(directory) + "`");
        }
        try {
            return PolicyReader.read(files, place.settings());
        } catch (ConfigException e) {
            throw doubled(directory, files) ? new ConfigException(withHint(directory, e.problems())) : e;
        }
    }

    /** Returns whether files stand below a folder whose name begins with a dot, as those of a mounted ConfigMap do once more. */
    private static boolean doubled(RuntimeDirectory directory, List<Path> files) {
        return !directory.ignoresDotFiles()
                && files.stream().anyMatch(file -> file.toString().contains("/."));
    }

    private static List<Problem> withHint(RuntimeDirectory directory, List<Problem> problems) {
        List<Problem> all = new ArrayList<>(problems);
        all.add(new Problem(
                directory.place().toString(),
                YamlRules.FILE,
                "has files in folders whose names begin with a dot, as a mounted ConfigMap has each of its files once more; set"
                        + " RUNTIME_IGNOREDOTFILES=true to read each once"));
        return all;
    }

    private static String folder(RuntimeDirectory directory) {
        return directory.keysBegin().substring(0, directory.keysBegin().length() - 1);
    }

    private static ConfigException unusable(RuntimeDirectory directory, String message) {
        return new ConfigException(List.of(new Problem(directory.place().toString(), YamlRules.FILE, message)));
    }
}
