package dev.weir.kubernetes;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/**
 * The patches of an Istio EnvoyFilter on a bootstrap, as far as the shipped one has them: a filter before the router, a cluster, and what
 * is merged into virtual hosts, into routes of a name, and into the cluster of a service. Merging is protobuf's: lists grow.
 */
final class EnvoyFilterPatches {
    private final JsonObject bootstrap;

    private EnvoyFilterPatches(JsonObject bootstrap) {
        this.bootstrap = bootstrap;
    }

    static JsonObject merged(JsonObject bootstrap, JsonObject envoyFilter) {
        EnvoyFilterPatches patches = new EnvoyFilterPatches(bootstrap.deepCopy());
        for (JsonElement patch : envoyFilter.getAsJsonObject("spec").getAsJsonArray("configPatches")) {
            patches.apply(patch.getAsJsonObject());
        }
        return patches.bootstrap;
    }

    private void apply(JsonObject configPatch) {
        String how = configPatch.get("applyTo").getAsString() + " "
                + configPatch.getAsJsonObject("patch").get("operation").getAsString();
        JsonObject value = configPatch.getAsJsonObject("patch").getAsJsonObject("value");
        switch (how) {
            case "HTTP_FILTER INSERT_BEFORE" -> insertBeforeRouter(value);
            case "VIRTUAL_HOST MERGE" -> virtualHosts().forEach(host -> merge(host.getAsJsonObject(), value));
            case "HTTP_ROUTE MERGE" -> mergeIntoRoutes(routeName(configPatch), value);
            case "CLUSTER ADD" -> clusters().add(value);
            case "CLUSTER MERGE" -> mergeIntoCluster(clusterName(configPatch), value);
            default -> throw new IllegalArgumentException("no test knows the patch " + how);
        }
    }

    private void insertBeforeRouter(JsonObject filter) {
        JsonArray before = manager().getAsJsonArray("http_filters");
        JsonArray filters = new JsonArray();
        for (JsonElement other : before) {
            if (other.getAsJsonObject().get("name").getAsString().equals("envoy.filters.http.router")) {
                filters.add(filter);
            }
            filters.add(other);
        }
        manager().add("http_filters", filters);
    }

    /** As Istio names it. */
    private static String clusterName(JsonObject configPatch) {
        JsonObject cluster = configPatch.getAsJsonObject("match").getAsJsonObject("cluster");
        return "outbound|" + cluster.get("portNumber").getAsInt() + "||"
                + cluster.get("service").getAsString();
    }

    private void mergeIntoCluster(String name, JsonObject value) {
        for (JsonElement cluster : clusters()) {
            if (cluster.getAsJsonObject().get("name").getAsString().equals(name)) {
                merge(cluster.getAsJsonObject(), value);
            }
        }
    }

    private JsonArray clusters() {
        return bootstrap.getAsJsonObject("static_resources").getAsJsonArray("clusters");
    }

    private static String routeName(JsonObject configPatch) {
        JsonObject host = configPatch
                .getAsJsonObject("match")
                .getAsJsonObject("routeConfiguration")
                .getAsJsonObject("vhost");
        return host.getAsJsonObject("route").get("name").getAsString();
    }

    private void mergeIntoRoutes(String name, JsonObject value) {
        for (JsonElement host : virtualHosts()) {
            for (JsonElement route : host.getAsJsonObject().getAsJsonArray("routes")) {
                if (route.getAsJsonObject().get("name").getAsString().equals(name)) {
                    merge(route.getAsJsonObject(), value);
                }
            }
        }
    }

    private JsonArray virtualHosts() {
        return manager().getAsJsonObject("route_config").getAsJsonArray("virtual_hosts");
    }

    private JsonObject manager() {
        JsonObject listener = bootstrap
                .getAsJsonObject("static_resources")
                .getAsJsonArray("listeners")
                .get(0)
                .getAsJsonObject();
        JsonObject chain = listener.getAsJsonArray("filter_chains").get(0).getAsJsonObject();
        return chain.getAsJsonArray("filters").get(0).getAsJsonObject().getAsJsonObject("typed_config");
    }

    private static void merge(JsonObject into, JsonObject value) {
        for (String name : value.keySet()) {
            JsonElement added = value.get(name);
            JsonElement there = into.get(name);
            if (there instanceof JsonObject object && added instanceof JsonObject more) {
                merge(object, more);
            } else if (there instanceof JsonArray array && added instanceof JsonArray more) {
                array.addAll(more);
            } else {
                into.add(name, added.deepCopy());
            }
        }
    }
}
