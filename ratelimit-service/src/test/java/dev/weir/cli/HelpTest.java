package dev.weir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.Weir;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** R5.8: whoever asks a command for help learns how to use it and what its exit status means. */
class HelpTest {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{env:([A-Z_]+)");

    @ParameterizedTest
    @MethodSource("commands")
    void helpHasAnExampleAndNamesTheExitStatus(String command) {
        Ran ran = Ran.weir(command, "--help");

        assertEquals(0, ran.status());
        assertEquals("", ran.err());
        assertTrue(ran.out().startsWith("Usage: weir " + command + " "), ran.out());
        assertTrue(ran.out().contains("Exit status: "), ran.out());
        assertTrue(ran.out().contains("xample") || ran.out().contains("A file of cases:"), ran.out());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyOptionIsShownAndDescribed(String command) {
        CommandSpec spec = spec().subcommands().get(command).getCommandSpec();

        for (ArgSpec argument : spec.args()) {
            assertFalse(argument.hidden(), argument::toString);
            assertTrue(String.join("", argument.description()).endsWith("."), argument::toString);
        }
    }

    /** Some may be set by variables, and whoever runs it in a container has nothing else. */
    @ParameterizedTest
    @MethodSource("commands")
    void everyVariableIsNamedByItsOption(String command) {
        CommandSpec spec = spec().subcommands().get(command).getCommandSpec();

        for (ArgSpec argument : spec.args()) {
            Matcher variable = VARIABLE.matcher(String.valueOf(argument.defaultValue()));
            if (variable.find()) {
                String words = String.join("", argument.description());
                assertTrue(words.endsWith(" Variable: " + variable.group(1) + "."), words);
            }
        }
    }

    @Test
    void theCommandItselfNamesAllOfThem() {
        String help = Ran.weir("--help").out();

        assertTrue(help.contains("Exit status: "), help);
        for (String command : spec().subcommands().keySet()) {
            assertTrue(help.contains("\n  " + command + " "), command + " in " + help);
        }
        assertTrue(commands().containsAll(Set.of("serve", "lint", "test", "explain", "check", "completion")));
    }

    /** All but picocli's own. */
    static Set<String> commands() {
        Set<String> names = new TreeSet<>(spec().subcommands().keySet());
        names.remove("help");
        return names;
    }

    private static CommandSpec spec() {
        return new CommandLine(Weir.class).getCommandSpec();
    }
}
