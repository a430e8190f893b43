package dev.weir.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentEndEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * Says in plain words what the parser stumbled over, at the place where the mistake probably is: the parser itself may notice an
 * open bracket only at the end of the file.
 */
final class YamlMistake {
    private static final Pattern FOUND = Pattern.compile("(?:found|got) '?(.+?)'?");
    private static final String NO_KEY = "a key is missing before this `:`";
    private static final int LONGEST_KEY = 1_024;

    private final YamlSource source;
    private final YamlTrail trail;
    private final String context;
    private final String problem;
    /** The place where the parser noticed it. */
    private final Location at;
    /** The start of the construct that the parser was in. */
    private final Location from;

    YamlMistake(YamlSource source, YamlTrail trail, MarkedYamlEngineException e) {
        this.source = source;
        this.trail = trail;
        this.context = Optional.ofNullable(e.getContext()).orElse("");
        this.problem = Optional.ofNullable(e.getProblem()).orElse("");
        this.at = source.place(e.getProblemMark());
        this.from = source.place(e.getContextMark().or(e::getProblemMark));
    }

    Problem problem() {
        return switch (context) {
            case "while scanning for the next token" ->
                at("a text cannot start with " + (start(at).equals("`") ? "a backtick" : "`" + start(at) + "`")
                        + "; put it in quotes");
            case "while scanning a directive", "while scanning a YAML directive", "while scanning a TAG directive" ->
                told(new Location(at.file(), at.line(), 1), YamlTree.DIRECTIVE);
            case "while scanning an alias" -> from(YamlTree.ALIAS);
            case "while scanning an anchor" -> from(YamlTree.ANCHOR);
            case "while scanning a tag", "while parsing a node" -> from(YamlTree.TAG);
            case "while scanning a quoted scalar" ->
                from("this quote is not closed; end the text with `" + start(from) + "`");
            case "while scanning a double-quoted scalar" ->
                at("double quotes have no such escape; write `\\\\` for a backslash, or use single quotes");
            case "while scanning a block scalar" ->
                at("this does not fit the text that `|` or `>` begins; write the text in quotes in one line");
            case "while scanning a simple key" ->
                from(
                        problem.contains("TAB")
                                ? "a tab stands before this key; use spaces"
                                : "this line is no `key: value` pair; is its `:` missing, or is it indented too little?");
            case "while parsing a flow sequence", "while parsing a flow mapping" -> bracket();
            default -> byWhatWasExpected();
        };
    }

    private Problem byWhatWasExpected() {
        if (problem.startsWith("mapping values are not allowed")) {
            return pair();
        }
        if (problem.startsWith("sequence entries are not allowed")) {
            return at("a list cannot start here; begin it in a line of its own, or put the text in quotes");
        }
        if (problem.startsWith("mapping keys are not allowed")) {
            return at("a text cannot start with `? `; put it in quotes");
        }
        if (problem.startsWith("expected the node content")) {
            return nothing();
        }
        if (problem.startsWith("expected <block end>")) {
            return block();
        }
        return problem.startsWith("expected '<document") ? document() : at("is not YAML: " + problem);
    }

    /** Explains a {@code :} where none can stand. */
    private Problem pair() {
        String before = source.before(at);
        if (before.startsWith("--- ")) {
            return at("write what follows `---` into a line of its own");
        }
        if (before.contains(": ")) {
            return at("a second `:` in one line; put the value in quotes");
        }
        int indentation = before.length() - before.stripLeading().length();
        Location start = new Location(at.file(), at.line(), indentation + 1);
        if (before.length() - indentation > LONGEST_KEY) {
            return told(start, "a key has at most 1,024 characters");
        }
        return told(
                start,
                "a pair cannot stand here, because the text of the line before goes on in this one;"
                        + " is this line indented wrongly, or does the line before lack its `:`?");
    }

    private Problem nothing() {
        Optional<CollectionStartEvent> open = trail.openBracket();
        if (open.isPresent() && found().equals("<stream end>")) {
            return notClosed(source.place(open.get().getStartMark()));
        }
        if (found().equals(",")) {
            return at("nothing stands before this comma; remove it, or put the text in quotes");
        }
        if (found().equals(":")) {
            return at(NO_KEY);
        }
        return at("a value is missing before this `" + start(at) + "`; write one, or put the text in quotes");
    }

    private Problem bracket() {
        boolean sameLine = at.line() == from.line();
        boolean overLines = source.from(from).substring(1).isBlank();
        if (found().equals("<stream end>") || !(sameLine || overLines)) {
            return notClosed(from);
        }
        if (found().equals("]") || found().equals("}")) {
            return at("the `" + closing(from) + "` for the `" + start(from) + "` of line " + from.line()
                    + " is missing before this");
        }
        return at("a comma is missing before this, or the `" + closing(from) + "` for the `" + start(from)
                + "` of line " + from.line());
    }

    private Problem notClosed(Location place) {
        return told(place, "this `" + start(place) + "` is not closed; add the `" + closing(place) + "`");
    }

    /** Explains something that cannot continue the lines above. */
    private Problem block() {
        Optional<ScalarEvent> quoted = trail.last().flatMap(YamlMistake::overLines);
        if (quoted.isPresent()) {
            Location start = source.place(quoted.get().getStartMark());
            return told(start, "this quoted text ends in line " + at.line() + " only; is its closing quote missing?");
        }
        if (!source.before(at).isBlank()) {
            return at("nothing can follow here; put the whole value in quotes");
        }
        if (found().equals(":")) {
            return at(NO_KEY);
        }
        return at(
                at.column() == from.column()
                        ? "list items and `key: value` pairs cannot stand side by side; check the indentation"
                        : "the indentation of this line fits none of the lines above; align it with those it belongs to");
    }

    /** Explains something after the end of the document. */
    private Problem document() {
        if (problem.contains("before directives")) {
            return at(YamlTree.DIRECTIVE);
        }
        Optional<Event> end = trail.last();
        if (end.isPresent() && end.get() instanceof DocumentEndEvent document && document.isExplicit()) {
            return at(YamlTree.SECOND);
        }
        Optional<NodeEvent> root = trail.root();
        boolean indented =
                root.isPresent() && source.place(root.get().getStartMark()).column() > at.column();
        return at(
                indented
                        ? "this line is indented less than the first; start all keys of the file in one column"
                        : "nothing can follow here, because the text before is complete");
    }

    private static Optional<ScalarEvent> overLines(Event event) {
        return event instanceof ScalarEvent scalar
                        && (scalar.isDQuoted() || scalar.isSQuoted())
                        && !scalar.getStartMark()
                                .map(mark -> mark.getLine())
                                .equals(scalar.getEndMark().map(mark -> mark.getLine()))
                ? Optional.of(scalar)
                : Optional.empty();
    }

    /** Returns the parser's word for what it met. */
    private String found() {
        Matcher matcher = FOUND.matcher(problem);
        String found = "";
        while (matcher.find()) {
            found = problem.substring(matcher.start(1)).replaceAll("'$", "");
        }
        return found;
    }

    private String start(Location place) {
        return source.from(place)
                .codePoints()
                .limit(1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private String closing(Location place) {
        return start(place).equals("[") ? "]" : "}";
    }

    private Problem at(String message) {
        return told(at, message);
    }

    private Problem from(String message) {
        return told(from, message);
    }

    private static Problem told(Location place, String message) {
        return new Problem(place, YamlRules.SYNTAX, message);
    }
}
