package dev.weir.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.weir.config.Problem;
import java.util.List;

/** Writes problems for programs. A line or column of 0 means the file itself. */
final class ProblemsJson {
    private ProblemsJson() {}

    static String of(List<Problem> problems) {
        JsonArray all = new JsonArray();
        for (Problem problem : problems) {
            JsonObject json = new JsonObject();
            json.addProperty("file", problem.place().file());
            json.addProperty("line", problem.place().line());
            json.addProperty("column", problem.place().column());
            json.addProperty("severity", problem.rule().severity().word());
            json.addProperty("rule", problem.rule().name());
            json.addProperty("message", problem.message());
            all.add(json);
        }
        return all.toString();
    }
}
