package dev.weir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** R5.8: each kind of broken YAML with the place where the mistake is, and with what to do. */
@Timeout(20)
class BrokenYamlTest {
    @ParameterizedTest
    @MethodSource
    void indentationThatFitsNothing(String text, List<String> problems) {
        assertEquals(problems, problems(text));
    }

    static Stream<Arguments> indentationThatFitsNothing() {
        return Stream.of(
                broken("limits:\n\tname: x\n", "2:1: a tab stands in the indentation; use spaces"),
                broken("a:\n  b: 1\n\tc: 2\n", "3:1: a tab stands in the indentation; use spaces"),
                broken("a:\n  - x: 1\n  \ty: 2\n", "3:3: a tab stands in the indentation; use spaces"),
                broken("-\tname: x\n", "1:3: a tab stands before this key; use spaces"),
                broken("a: [\n\tb\n]\n", "2:1: a tab stands in the indentation; use spaces"),
                broken(
                        "a:\n\u00a0 b: c\n",
                        "2:1: the indentation has a space of another kind, such as a no-break space; use ordinary ones"),
                broken(
                        "  a: b\nc: d\n",
                        "2:1: this line is indented less than the first; start all keys of the file in one column"),
                broken(
                        "a:\n    b: 1\n  c: 2\n",
                        "3:3: the indentation of this line fits none of the lines above; align it with those it belongs to"),
                broken(
                        "a: >\n  x\n y\n",
                        "3:2: the indentation of this line fits none of the lines above; align it with those it belongs to"),
                broken(
                        "limits:\n  - name: a\n   tier: user\n",
                        "3:4: the indentation of this line fits none of the lines above; align it with those it belongs to"),
                broken(
                        "limits:\n  - name: a\n     tier: user\n",
                        "3:6: a pair cannot stand here, because the text of the line before goes on in this one; is this line indented wrongly, or does the line before lack its `:`?"),
                broken(
                        "domain: llm\n  limits: []\n",
                        "2:3: a pair cannot stand here, because the text of the line before goes on in this one; is this line indented wrongly, or does the line before lack its `:`?"),
                broken(
                        "limits:\n  - a\n  b: c\n",
                        "3:3: list items and `key: value` pairs cannot stand side by side; check the indentation"),
                broken(
                        "a: b\n- c\n",
                        "2:1: list items and `key: value` pairs cannot stand side by side; check the indentation"));
    }

    @ParameterizedTest
    @MethodSource
    void quotesAndBracketsThatAreNotClosed(String text, List<String> problems) {
        assertEquals(problems, problems(text));
    }

    static Stream<Arguments> quotesAndBracketsThatAreNotClosed() {
        return Stream.of(
                broken("a: 'it\nb: 2\n", "1:4: this quote is not closed; end the text with `'`"),
                broken("a: \"it\n", "1:4: this quote is not closed; end the text with `\"`"),
                broken("a: 'b\n---\nc'\n", "1:4: this quote is not closed; end the text with `'`"),
                broken(
                        "limits:\n  - name: \"a\n    tier: user\n  - name: \"b\"\n",
                        "2:11: this quoted text ends in line 4 only; is its closing quote missing?"),
                broken("a: [1\nb: 2\n", "1:4: this `[` is not closed; add the `]`"),
                broken("a: [1, 2\n", "1:4: this `[` is not closed; add the `]`"),
                broken("a: {b: 1\nc: 2\n", "1:4: this `{` is not closed; add the `}`"),
                broken("b: [\n", "1:4: this `[` is not closed; add the `]`"),
                broken("{'a':'b'\n", "1:1: this `{` is not closed; add the `}`"),
                broken("  - {name: a, tier: user\n  - {name: b}\n", "1:5: this `{` is not closed; add the `}`"),
                broken(
                        "limits: [\n  {name: a}\n  {name: b}\n]\n",
                        "3:3: a comma is missing before this, or the `]` for the `[` of line 1"),
                broken(
                        "{\"a\": 1 \"b\": 2}\n",
                        "1:12: a comma is missing before this, or the `}` for the `{` of line 1"),
                broken("when: {a: [b, c}\n", "1:16: the `]` for the `[` of line 1 is missing before this"),
                broken("a: ]\n", "1:4: a value is missing before this `]`; write one, or put the text in quotes"),
                broken("a: }\n", "1:4: a value is missing before this `}`; write one, or put the text in quotes"),
                broken("a: [b,,c]\n", "1:7: nothing stands before this comma; remove it, or put the text in quotes"),
                broken("a: ,b\n", "1:4: nothing stands before this comma; remove it, or put the text in quotes"));
    }

    @ParameterizedTest
    @MethodSource
    void aTextThatNeedsQuotes(String text, List<String> problems) {
        assertEquals(problems, problems(text));
    }

    static Stream<Arguments> aTextThatNeedsQuotes() {
        return Stream.of(
                broken(
                        "path: *\n",
                        "1:7: a `*` here makes this an alias; write the value out, or put the text in quotes"),
                broken(
                        "path: *.txt\n",
                        "1:7: a `*` here makes this an alias; write the value out, or put the text in quotes"),
                broken("path: &\n", "1:7: a `&` here makes this an anchor; remove it, or put the text in quotes"),
                broken("path: !\n x", "1:7: a `!` here makes this a tag; remove it, or put the text in quotes"),
                broken("path: !<x y\n", "1:7: a `!` here makes this a tag; remove it, or put the text in quotes"),
                broken("path: %x\n", "1:7: a text cannot start with `%`; put it in quotes"),
                broken("path: @x\n", "1:7: a text cannot start with `@`; put it in quotes"),
                broken("path: `x\n", "1:7: a text cannot start with a backtick; put it in quotes"),
                broken("path: ? x\n", "1:7: a text cannot start with `? `; put it in quotes"),
                broken(
                        "path: - x\n",
                        "1:7: a list cannot start here; begin it in a line of its own, or put the text in quotes"),
                broken(
                        "path: | x\n",
                        "1:9: this does not fit the text that `|` or `>` begins; write the text in quotes in one line"),
                broken("path: {user}/x\n", "1:13: nothing can follow here; put the whole value in quotes"),
                broken(
                        "path: {{ user }}\n",
                        "1:8: a key must be a text; if braces or brackets belong to a text, put it in quotes"),
                broken("a: b: c\n", "1:5: a second `:` in one line; put the value in quotes"),
                broken("allow: 20 requests: 1m\n", "1:19: a second `:` in one line; put the value in quotes"),
                broken("allow: \"20\" requests\n", "1:13: nothing can follow here; put the whole value in quotes"),
                broken("a: 'it's'\n", "1:8: nothing can follow here; put the whole value in quotes"),
                broken(
                        "a: \"\\q\"\n",
                        "1:6: double quotes have no such escape; write `\\\\` for a backslash, or use single quotes"),
                broken(
                        "a: \"\\xZZ\"\n",
                        "1:7: double quotes have no such escape; write `\\\\` for a backslash, or use single quotes"),
                broken("a: \"\\x", "1:2: what follows cannot be read; check its quotes, escapes and indentation"),
                broken(
                        "a: \"\\UFFFFFFFF\"\n",
                        "1:2: what follows cannot be read; check its quotes, escapes and indentation"),
                broken(
                        "a: \"\\ud800\"\n",
                        "1:4: the escape of half a character is no text; write the character itself"));
    }

    @ParameterizedTest
    @MethodSource
    void aKeyThatIsNone(String text, List<String> problems) {
        assertEquals(problems, problems(text));
    }

    static Stream<Arguments> aKeyThatIsNone() {
        return Stream.of(
                broken(
                        "? [a]: b\n",
                        "1:3: a key must be a text; if braces or brackets belong to a text, put it in quotes"),
                broken(
                        "? {a: b}\n: c\n",
                        "1:3: a key must be a text; if braces or brackets belong to a text, put it in quotes"),
                broken(
                        "[a]: b\n",
                        "1:1: a key must be a text; if braces or brackets belong to a text, put it in quotes"),
                broken(": b\n", "1:1: a key is missing before this `:`"),
                broken("\"\": b\n", "1:1: a key is missing here; write one before the `:`"),
                broken("{: b}\n", "1:2: a key is missing before this `:`"),
                broken("?\n", "1:2: a key is missing here; write one before the `:`"),
                broken("null: b\n", "1:1: `null` is YAML's word for nothing and no key; put it in quotes"),
                broken("~: b\n", "1:1: `~` is YAML's word for nothing and no key; put it in quotes"),
                broken("a: {b: {c: 1, c: 2}}\n", "1:15: `c` stands here a second time; remove one"),
                broken("a: 1\nb: 2\na: 3\n", "3:1: `a` stands here a second time; remove one"),
                broken("\"a\": 1\na: 2\n", "2:1: `a` stands here a second time; remove one"),
                broken(
                        "domain llm\nlimits: []\n",
                        "2:1: a pair cannot stand here, because the text of the line before goes on in this one; is this line indented wrongly, or does the line before lack its `:`?"),
                broken(
                        "domain: llm\nlimits\n",
                        "2:1: this line is no `key: value` pair; is its `:` missing, or is it indented too little?"),
                broken(
                        "domain: llm\nlimits\n  - a: b\n",
                        "2:1: this line is no `key: value` pair; is its `:` missing, or is it indented too little?"));
    }

    @ParameterizedTest
    @MethodSource
    void whatHidesTheMeaning(String text, List<String> problems) {
        assertEquals(problems, problems(text));
    }

    static Stream<Arguments> whatHidesTheMeaning() {
        return Stream.of(
                broken("a: &x 5\nb: 6\n", "1:4: a `&` here makes this an anchor; remove it, or put the text in quotes"),
                broken(
                        "a: *x\n",
                        "1:4: a `*` here makes this an alias; write the value out, or put the text in quotes"),
                broken(
                        "*a : b\n",
                        "1:1: a `*` here makes this an alias; write the value out, or put the text in quotes"),
                broken(
                        "a: &a [*a]\n",
                        "1:4: a `&` here makes this an anchor; remove it, or put the text in quotes",
                        "1:8: a `*` here makes this an alias; write the value out, or put the text in quotes"),
                broken("<<: {a: b}\n", "1:1: `<<` is a merge key, which Weir does not follow; write the pairs out"),
                broken(
                        "<<: *x\n",
                        "1:1: `<<` is a merge key, which Weir does not follow; write the pairs out",
                        "1:5: a `*` here makes this an alias; write the value out, or put the text in quotes"),
                broken("a: !!java/x y\n", "1:4: a `!` here makes this a tag; remove it, or put the text in quotes"),
                broken("a: !foo y\n", "1:4: a `!` here makes this a tag; remove it, or put the text in quotes"),
                broken("!x a: b\n", "1:1: a `!` here makes this a tag; remove it, or put the text in quotes"),
                broken("a: !e!f y\n", "1:4: a `!` here makes this a tag; remove it, or put the text in quotes"),
                broken("a: &x\n", "1:4: a `&` here makes this an anchor; remove it, or put the text in quotes"),
                broken(
                        "%YAML 1.1\n---\na: b\n",
                        "1:1: a line that starts with `%` is a directive, which Weir does not follow; remove it"),
                broken(
                        "# a\n\n%FOO\n",
                        "3:1: a line that starts with `%` is a directive, which Weir does not follow; remove it"),
                broken(
                        "a: b\n%YAML 1.2\n",
                        "2:1: a line that starts with `%` is a directive, which Weir does not follow; remove it"),
                broken(
                        "a: b\n%x\n",
                        "2:1: a line that starts with `%` is a directive, which Weir does not follow; remove it"),
                broken("a: b\n---\nc: d\n", "2:1: a second document starts here; put it into a file of its own"),
                broken("a: b\n---\n", "2:1: a second document starts here; put it into a file of its own"),
                broken("a: b\n...\nc: d\n", "3:1: a second document starts here; put it into a file of its own"),
                broken("--- a: b\n", "1:6: write what follows `---` into a line of its own"));
    }

    @ParameterizedTest
    @MethodSource
    void aCharacterThatNobodySees(String text, List<String> problems) {
        assertEquals(problems, problems(text));
    }

    static Stream<Arguments> aCharacterThatNobodySees() {
        return Stream.of(
                broken("a: \u0000b\n", "1:4: the character U+0000 cannot stand here; remove it"),
                broken("a: \u001b[31m\n", "1:4: the character U+001B cannot stand here; remove it"),
                broken("a: b\u007f\n", "1:5: the character U+007F cannot stand here; remove it"),
                broken("a: b\u0085\n", "1:5: the character U+0085 cannot stand here; remove it"),
                broken("a: b\n\ufeffc: d\n", "2:1: the character U+FEFF cannot stand here; remove it"),
                broken("a: b\uffff\n", "1:5: the character U+FFFF cannot stand here; remove it"));
    }

    @ParameterizedTest
    @MethodSource
    void aFileThatIsNoMapping(String text, List<String> problems) {
        assertEquals(problems, problems(text));
    }

    static Stream<Arguments> aFileThatIsNoMapping() {
        return Stream.of(
                broken(
                        "a:b\n",
                        "1:1: expected `key: value` pairs here, found a text; is a space missing after its `:`?"),
                broken("domain=llm\n", "1:1: expected `key: value` pairs here, found a text"),
                broken("- a\n", "1:1: expected `key: value` pairs here, found a list"),
                broken("a: b: c", "1:5: a second `:` in one line; put the value in quotes"),
                broken("\"a\"\n", "1:1: expected `key: value` pairs here, found a text"),
                broken("null\n", "1:1: expected `key: value` pairs here, found nothing; write one, or leave it out"),
                broken("~\n", "1:1: expected `key: value` pairs here, found nothing; write one, or leave it out"));
    }

    private static Arguments broken(String text, String... problems) {
        return Arguments.of(text, List.of(problems));
    }

    private static List<String> problems(String text) {
        Problems problems = new Problems();
        YamlFile.parse("a.yaml", text, problems);
        return problems.inOrder().stream()
                .map(problem -> problem.place().line() + ":" + problem.place().column() + ": " + problem.message())
                .toList();
    }
}
