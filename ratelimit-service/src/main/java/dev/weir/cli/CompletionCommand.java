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
        })
public final class CompletionCommand implements Callable<Integer> {
    enum Shell {
        bash,
        zsh
    }

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh; one script serves both.")
    private Shell shell = Shell.bash;

    @Override
    public Integer call() {
        CommandLine root = spec.root().commandLine();
        if (shell == Shell.zsh) {
            // The script is bash's, and asks zsh for its emulation where it can.
            System.out.println("autoload -U +X compinit && compinit");
        }
        System.out.println(AutoComplete.bash(root.getCommandName(), root));
        return 0;
    }
}
