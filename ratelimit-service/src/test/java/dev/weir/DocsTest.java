package dev.weir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The README and its pages tell of every command, option and variable, their links lead somewhere, and requirements and tests name each other. */
class DocsTest {
    private static final Path REPOSITORY = Path.of("..");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern REQUIREMENT = Pattern.compile("\\bR[1-6]\\.[0-9]+b?\\b");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+)`");
    private static final int LONGEST_README = 150;

    private static final List<String> OF_EVERY_COMMAND = List.of("--help", "--version");

    @Test
    void everyCommandAndOptionIsDescribed() throws IOException {
        String readme = pages();
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
        String readme = pages();
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

    @Test
    void theReadmeIsForOneReaderWhoHasTenMinutes() throws IOException {
        int lines = Files.readAllLines(REPOSITORY.resolve("README.md")).size();

        assertTrue(lines <= LONGEST_README, lines + " lines");
    }

    @Test
    void everyLinkLeadsToAFileAndAHeading() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : markdown()) {
            for (MatchResult link :
                    LINK.matcher(Files.readString(page)).results().toList()) {
                if (!link.group(1).contains("://") && !leadsSomewhere(page, link.group(1))) {
                    broken.add(page + ": " + link.group(1));
                }
            }
        }

        assertEquals(List.of(), broken);
    }

    private static boolean leadsSomewhere(Path page, String link) throws IOException {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
        return Files.exists(target)
                && (parts.length == 1
                        || Files.readString(target)
                                .lines()
                                .filter(line -> line.startsWith("#"))
                                .anyMatch(line -> anchor(line).equals(parts[1])));
    }

    /** As forges make it of a heading. */
    private static String anchor(String heading) {
        return heading.replaceFirst("^#+ ", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9 _-]", "")
                .replace(' ', '-');
    }

    @Test
    void everyRequirementThatATestNamesIsTold() throws IOException {
        String page = Files.readString(Path.of("docs", "requirements.md"));
        TreeSet<String> unknown = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(Path.of("src", "test", "java"))) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                REQUIREMENT
                        .matcher(Files.readString(source))
                        .results()
                        .map(MatchResult::group)
                        .filter(name -> !page.contains("| " + name + " |"))
                        .forEach(unknown::add);
            }
        }

        assertEquals(List.of(), List.copyOf(unknown));
    }

    @Test
    void everyTestThatHoldsARequirementIsThere() throws IOException {
        Set<String> tests;
        try (Stream<Path> sources = Files.walk(Path.of("src", "test", "java"))) {
            tests = sources.map(source -> source.getFileName().toString()).collect(Collectors.toSet());
        }
        List<String> unknown = TEST.matcher(Files.readString(Path.of("docs", "requirements.md")))
                .results()
                .map(found -> found.group(1))
                .filter(name -> !tests.contains(name + ".java"))
                .toList();

        assertEquals(List.of(), unknown);
    }

    private static String pages() throws IOException {
        StringBuilder pages = new StringBuilder(Files.readString(REPOSITORY.resolve("README.md")));
        try (Stream<Path> docs = Files.list(Path.of("docs"))) {
            for (Path page : docs.sorted().toList()) {
                pages.append(Files.readString(page));
            }
        }
        return pages.toString();
    }

    private static List<Path> markdown() throws IOException {
        try (Stream<Path> files = Files.walk(REPOSITORY)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> Stream.of("target", ".bin", ".git").noneMatch(part -> isBelow(file, part)))
                    .toList();
        }
    }

    private static boolean isBelow(Path file, String folder) {
        for (Path part : file) {
            if (part.toString().equals(folder)) {
                return true;
            }
        }
        return false;
    }
}
