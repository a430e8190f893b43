package dev.weir;

import dev.weir.cli.CheckCommand;
import dev.weir.cli.CompletionCommand;
import dev.weir.cli.DiffCommand;
import dev.weir.cli.ExplainCommand;
import dev.weir.cli.LintCommand;
import dev.weir.cli.MigrateCommand;
import dev.weir.cli.RatelimitCommand;
import dev.weir.cli.ReleaseCommand;
import dev.weir.cli.SchemaCommand;
import dev.weir.cli.ServeCommand;
import dev.weir.cli.TestCommand;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command line. */
@Command(
        name = "weir",
        mixinStandardHelpOptions = true,
        versionProvider = Weir.Version.class,
        description = "Rations what passes through Envoy: requests and LLM tokens, per key, user, team and overall.",
        subcommands = {
            ServeCommand.class,
            RatelimitCommand.class,
            LintCommand.class,
            TestCommand.class,
            ExplainCommand.class,
            CheckCommand.class,
            ReleaseCommand.class,
            MigrateCommand.class,
            DiffCommand.class,
            SchemaCommand.class,
            CompletionCommand.class,
            HelpCommand.class
        },
        footer = {
            "",
            "Begin with: weir lint policy.yaml, then weir serve --policy policy.yaml",
            "",
            "Exit status: 0 fine, 1 found something, 2 wrong use; --help of each command says what it is there.",
        })
public final class Weir {
    private static final int CANNOT_BE_SHOWN = 2;

    private Weir() {}

    public static void main(String[] args) {
        // What gRPC and the JDK log goes through our own log, by its levels and in its form.
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        System.exit(run(args));
    }

    /** Runs a command and returns its exit status. */
    public static int run(String... args) {
        int status = new CommandLine(Weir.class).execute(args);
        if (System.out.checkError()) {
            System.err.println("weir: stdout takes no more, so what was to be shown is not there whole");
            return CANNOT_BE_SHOWN;
        }
        return status;
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Weir.class.getPackage().getImplementationVersion();
            return new String[] {"weir " + (version == null ? "(not packaged)" : version)};
        }
    }
}
