package dev.weir.policy.read;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import dev.weir.config.ConfigException;
import dev.weir.policy.Policy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** The schema of policies as an editor uses it: YAML's numbers and truth values are no texts to it. */
final class PolicySchema {
    /** One keyword is for editors alone: what they say where a pattern is not met. */
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDialect(Dialect.builder(Dialects.getDraft202012())
            .keyword(new NonValidationKeyword("patternErrorMessage"))
            .build());

    private static final LoadSettings YAML =
            LoadSettings.builder().setSchema(new CoreSchema()).build();
    private static final Gson JSON = new GsonBuilder().serializeNulls().create();

    private final String text = read();
    private final Schema schema = REGISTRY.getSchema(text, InputFormat.JSON);

    String text() {
        return text;
    }

    /** What the schema finds wrong in a policy; nothing where it accepts it. */
    List<String> errors(String yaml) {
        String json = JSON.toJson(new Load(YAML).loadFromString(yaml));
        return schema.validate(json, InputFormat.JSON).stream()
                .map(Error::toString)
                .toList();
    }

    /** Whether the reader accepts it too. */
    static boolean isRead(Path file) {
        try {
            PolicyReader.read(file);
            return true;
        } catch (ConfigException e) {
            return false;
        }
    }

    private static String read() {
        try (InputStream in = Policy.class.getResourceAsStream("policy.schema.json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
