package dev.weir;

import dev.weir.cli.ServeCommand;
import dev.weir.cli.TestCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command line. */
@Command(
        name = "weir",
        mixinStandardHelpOptions = true,
        versionProvider = Weir.Version.class,
        description = "Rations what passes through Envoy: requests and LLM tokens, per key, user, team and overall.",
        subcommands = {ServeCommand.class, TestCommand.class, HelpCommand.class})
public final class Weir {
    private Weir() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(Weir.class).execute(args));
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Weir.class.getPackage().getImplementationVersion();
            return new String[] {"weir " + (version == null ? "(not packaged)" : version)};
        }
    }
}
