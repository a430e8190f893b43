package dev.weir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class BoundOptionsTest {
    @ParameterizedTest
    @CsvSource({"false, '', false", "true, '', true", "false, --reflection, true", "true, --reflection, true"})
    void anOptionAndItsVariableDoNotCancelEachOther(String variable, String option, boolean on) {
        CommandLine command = new CommandLine(new ServeCommand());
        command.setDefaultValueProvider(argument -> argument.paramLabel().contains("reflection") ? variable : null);

        command.parseArgs(option.isEmpty() ? new String[] {"--policy=p"} : new String[] {"--policy=p", option});

        assertEquals(on, (boolean)
                command.getCommandSpec().findOption("--reflection").getValue());
    }
}
