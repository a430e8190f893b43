package dev.weir.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir completion}. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "Prints a script with which the shell completes commands and options of `weir`.",
        footer = {
            "",
            "Examples:",
            "  source <(weir completion bash)",
            "  source <(weir completion zsh)",
            "",
            "Exit status: 0 printed, 2 wrong use.",
        })
public final class CompletionCommand implements Callable<Integer> {
    enum Shell {
        bash,
        zsh
    }

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    /** The shell, which only has to be one that there is: the script is the same. */
    @SuppressWarnings("UnusedVariable")
    @Parameters(
            paramLabel = "SHELL",
            description = "bash or zsh. The script is the same: in zsh it turns on what zsh has of bash's completion.")
    private Shell shell = Shell.bash;

    @Override
    public Integer call() {
        CommandLine root = spec.root().commandLine();
        System.out.println(AutoComplete.bash(root.getCommandName(), root));
        return 0;
    }
}
