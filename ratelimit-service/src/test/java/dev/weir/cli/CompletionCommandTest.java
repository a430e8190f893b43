package dev.weir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** R5.8: the shell completes what it is given. */
@Timeout(60)
class CompletionCommandTest {
    @TempDir
    Path folder = Path.of("");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "weir li | lint",
                "weir comp | completion",
                "weir lint --env | --envoy",
                "weir check --time | --timeout",
                "weir completion z | zsh"
            })
    void bashCompletesCommandsAndOptions(String typed, String completed) throws Exception {
        Path script = Files.writeString(
                folder.resolve("weir.bash"), Ran.weir("completion", "bash").out());
        String[] words = typed.split(" ", -1);

        String replies = bash(
                "compopt() { :; }; source " + script + "; COMP_WORDS=(" + typed + "); COMP_CWORD=" + (words.length - 1)
                        + "; COMP_LINE='" + typed + "'; COMP_POINT=" + typed.length()
                        + "; _complete_weir; printf '%s\\n' \"${COMPREPLY[@]}\"");

        assertEquals(List.of(completed), replies.lines().map(String::strip).toList());
    }

    /** The script turns on what zsh has of bash's completion by itself. */
    @Test
    void zshHasTheSameScriptWhichAsksForItsEmulation() {
        Ran zsh = Ran.weir("completion", "zsh");

        assertEquals(Ran.weir("completion", "bash"), zsh);
        assertTrue(zsh.out().contains("autoload -U +X bashcompinit && bashcompinit"), zsh.out());
    }

    @Test
    void theScriptIsOneThatBashReads() throws Exception {
        Path script = Files.writeString(
                folder.resolve("weir.bash"), Ran.weir("completion", "bash").out());

        assertEquals("", bash("bash -n " + script));
    }

    @Test
    void anotherShellIsWrongUse() {
        Ran ran = Ran.weir("completion", "fish");

        assertEquals(2, ran.status());
        assertEquals("", ran.out());
        assertTrue(ran.err().contains("bash, zsh"), ran.err());
    }

    private static String bash(String commands) throws Exception {
        Process process = new ProcessBuilder("bash", "--norc", "-c", commands)
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), output);
        return output;
    }
}
