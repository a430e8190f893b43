package dev.weir.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.weir.decide.FreedSlots;
import dev.weir.tools.check.SlotsClient;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weir release}. */
@Command(
        name = "release",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Frees all slots of the parallel limits that a request with some attributes meets, now, in a service"
                        + " that runs. What their requests have used still counts, and those that are under way take their slots"
                        + " again at their next sign of life.",
        footer = {
            "",
            "Examples:",
            "  weir release llm team=search",
            "  weir release --limit user-parallel llm user=alice team=search",
            "",
            "Exit status: 0 done, also where no slot was taken, 1 no parallel limit applies, 2 wrong use, or no answer.",
        })
public final class ReleaseCommand implements Callable<Integer> {
    @Mixin
    private RequestParameters request = new RequestParameters();

    @Option(names = "--limit", paramLabel = "NAME", description = "Of this limit only.")
    private String limit = "";

    @Mixin
    private TargetOptions service = new TargetOptions();

    @Option(names = "--json", description = "Answers in JSON.")
    private boolean json;

    @Override
    public Integer call() {
        try {
            List<FreedSlots> freed = SlotsClient.free(service.target(), request.domain(), request.attributes(), limit);
            show(freed);
            return freed.isEmpty() ? 1 : 0;
        } catch (IOException e) {
            System.err.println("weir: " + e.getMessage());
            return 2;
        }
    }

    private void show(List<FreedSlots> freed) {
        PrintStream out = Terminal.stdout();
        if (json) {
            out.println(json(freed));
        } else if (freed.isEmpty()) {
            out.println("no parallel limit applies; `weir explain` says why");
        } else {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("LIMIT", "FREED", "BUCKET"));
            freed.forEach(each -> rows.add(List.of(each.limit(), Integer.toString(each.slots()), each.bucket())));
            Terminal.table(out, rows);
        }
        out.flush();
    }

    private static JsonArray json(List<FreedSlots> freed) {
        JsonArray all = new JsonArray();
        for (FreedSlots each : freed) {
            JsonObject one = new JsonObject();
            one.addProperty("limit", each.limit());
            one.addProperty("freed", each.slots());
            one.addProperty("bucket", each.bucket());
            all.add(one);
        }
        return all;
    }
}
