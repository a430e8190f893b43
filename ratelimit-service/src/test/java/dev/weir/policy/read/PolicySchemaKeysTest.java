package dev.weir.policy.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.weir.policy.Template;
import dev.weir.policy.Tier;
import dev.weir.policy.limits.AlgorithmReader;
import dev.weir.policy.limits.AnswerReader;
import dev.weir.policy.limits.DomainReader;
import dev.weir.policy.limits.LimitReader;
import dev.weir.policy.limits.ModeReader;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** R5.8: what an editor completes is what the reader knows, no more and no less. */
class PolicySchemaKeysTest {
    private static final Pattern VARIABLES = Pattern.compile("\\(\\?!\\(([a-z_|]+)\\)");

    private final String text = new PolicySchema().text();
    private final JsonObject root = JsonParser.parseString(text).getAsJsonObject();
    private final JsonObject limit = at(root, "$defs", "limit");

    @Test
    void theSchemaIsOne() {
        assertEquals(
                List.of(),
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"))
                        .validate(text, InputFormat.JSON));
    }

    @Test
    void theKeysAreTheReaders() {
        assertKeys(DomainReader.KEYS, root);
        assertKeys(LimitReader.KEYS, limit);
        assertKeys(AnswerReader.DOMAIN_KEYS, at(root, "properties", "answers"));
        assertKeys(AnswerReader.LIMIT_KEYS, at(limit, "properties", "answer"));
        assertKeys(ModeReader.SHARE_KEYS, at(root, "$defs", "share"));
    }

    @Test
    void everyKeyIsDescribed() {
        Map<String, JsonObject> levels = Map.of(
                "domain", root,
                "limit", limit,
                "answers", at(root, "properties", "answers"),
                "answer", at(limit, "properties", "answer"),
                "share", at(root, "$defs", "share"));
        levels.forEach((name, level) -> at(level, "properties")
                .entrySet()
                .forEach(key -> assertTrue(
                        key.getValue().getAsJsonObject().has("description"),
                        () -> name + ": " + key.getKey() + " has no description")));
    }

    @Test
    void theWordsAreTheReaders() {
        assertEquals(
                Tier.WORDS,
                texts(at(root, "else", "properties", "limits", "items", "properties", "tier")
                        .getAsJsonArray("enum")));
        assertEquals(
                AlgorithmReader.KNOWN,
                texts(at(limit, "properties", "algorithm").getAsJsonArray("enum")));
        JsonObject answer = at(limit, "properties", "answer", "properties");
        assertEquals(new TreeSet<>(Template.VARIABLES), variables(at(answer, "body")));
        Set<String> withoutItself = new TreeSet<>(Template.VARIABLES);
        withoutItself.remove("message");
        assertEquals(withoutItself, variables(at(answer, "message")));
    }

    private static void assertKeys(List<String> expected, JsonObject level) {
        assertEquals(
                new TreeSet<>(expected), new TreeSet<>(at(level, "properties").keySet()));
        assertEquals("false", level.get("additionalProperties").getAsString());
    }

    private static Set<String> variables(JsonObject template) {
        Matcher matcher = VARIABLES.matcher(template.get("pattern").getAsString());
        assertTrue(matcher.find(), template::toString);
        return new TreeSet<>(List.of(matcher.group(1).split("\\|", -1)));
    }

    private static List<String> texts(JsonArray array) {
        return array.asList().stream().map(JsonElement::getAsString).toList();
    }

    private static JsonObject at(JsonObject from, String... path) {
        JsonObject found = from;
        for (String step : path) {
            found = found.getAsJsonObject(step);
        }
        return found;
    }
}
