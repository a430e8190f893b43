package dev.weir;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Every command, option and variable stands in the README. */
class ReadmeTest {
    private static final List<String> OF_EVERY_COMMAND = List.of("--help", "--version");

    @Test
    void everyCommandAndOptionIsDescribed() throws IOException {
        String readme = readme();
        TreeSet<String> missing = new TreeSet<>();
        commands().forEach((name, command) -> {
            if (!readme.contains("weir " + name) && !readme.contains("weir.jar " + name)) {
                missing.add(name);
            }
            options(command)
                    .filter(option -> !readme.contains(option))
                    .forEach(option -> missing.add(name + " " + option));
        });

        assertEquals(List.of(), List.copyOf(missing));
    }

    @Test
    void everyVariableIsDescribed() throws IOException {
        Pattern variable = Pattern.compile("\\$\\{env:([A-Z_]+)");
        TreeSet<String> missing = new TreeSet<>();
        for (CommandLine command : commands().values()) {
            for (OptionSpec option : command.getCommandSpec().options()) {
                String otherwise = option.defaultValue() == null ? "" : option.defaultValue();
                variable.matcher(otherwise)
                        .results()
                        .map(found -> found.group(1))
                        .forEach(missing::add);
            }
        }
        String readme = readme();
        missing.removeIf(name -> readme.contains("`" + name + "`"));

        assertEquals(List.of(), List.copyOf(missing));
    }

    private static Map<String, CommandLine> commands() {
        Map<String, CommandLine> commands = new CommandLine(Weir.class).getSubcommands();
        return commands.entrySet().stream()
                .filter(command -> !command.getKey().equals("help"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Stream<String> options(CommandLine command) {
        return command.getCommandSpec().options().stream()
                .map(OptionSpec::longestName)
                .filter(name -> !OF_EVERY_COMMAND.contains(name));
    }

    private static String readme() throws IOException {
        return Files.readString(Path.of("..", "README.md"));
    }
}
