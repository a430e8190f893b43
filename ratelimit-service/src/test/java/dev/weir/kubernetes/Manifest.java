package dev.weir.kubernetes;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.fabric8.istio.api.networking.v1alpha3.EnvoyFilter;
import io.fabric8.istio.api.security.v1.AuthorizationPolicy;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * One object for Kubernetes, or a part of one that a patch writes.
 *
 * @param yaml as it is written
 * @param object as fabric8's model of its kind has it
 */
record Manifest(Map<String, Object> yaml, HasMetadata object) {
    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.ofEntries(
            Map.entry("v1 ConfigMap", ConfigMap.class),
            Map.entry("v1 Service", Service.class),
            Map.entry("v1 ServiceAccount", ServiceAccount.class),
            Map.entry("apps/v1 Deployment", Deployment.class),
            Map.entry("apps/v1 StatefulSet", StatefulSet.class),
            Map.entry("autoscaling/v2 HorizontalPodAutoscaler", HorizontalPodAutoscaler.class),
            Map.entry("networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class),
            Map.entry("policy/v1 PodDisruptionBudget", PodDisruptionBudget.class),
            Map.entry("monitoring.coreos.com/v1 ServiceMonitor", ServiceMonitor.class),
            Map.entry("monitoring.coreos.com/v1 PrometheusRule", PrometheusRule.class),
            Map.entry("networking.istio.io/v1alpha3 EnvoyFilter", EnvoyFilter.class),
            Map.entry("security.istio.io/v1 AuthorizationPolicy", AuthorizationPolicy.class));

    private static final ObjectMapper STRICT = new ObjectMapper().setAnnotationIntrospector(new NothingElse());

    /** The models keep fields that they do not know; here these are mistakes. */
    private static final class NothingElse extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(Annotated method) {
            return false;
        }
    }

    /** @throws IllegalArgumentException naming a field that its kind has not, or a kind that no test knows */
    static Manifest of(Map<String, Object> yaml) {
        String kind = yaml.get("apiVersion") + " " + yaml.get("kind");
        Class<? extends HasMetadata> model = KINDS.get(kind);
        if (model == null) {
            throw new IllegalArgumentException("no test knows the kind " + kind);
        }
        HasMetadata object = STRICT.convertValue(yaml, model);
        // Some of Istio's models drop what they do not know.
        requireKept(kind, yaml, STRICT.convertValue(object, Object.class));
        return new Manifest(yaml, object);
    }

    private static void requireKept(String place, Object written, Object known) {
        if (written instanceof Map<?, ?> fields) {
            Map<?, ?> kept = known instanceof Map<?, ?> map ? map : Map.of();
            fields.forEach((name, value) -> {
                if (!kept.containsKey(name)) {
                    throw new IllegalArgumentException(place + " has no `" + name + "`");
                }
                requireKept(place + " ▶ " + name, value, kept.get(name));
            });
        } else if (written instanceof List<?> items) {
            List<?> kept = known instanceof List<?> list ? list : List.of();
            for (int i = 0; i < items.size(); i++) {
                requireKept(place + "[" + i + "]", items.get(i), i < kept.size() ? kept.get(i) : Map.of());
            }
        }
    }

    /** All objects of a text. */
    static List<Manifest> read(String text) {
        return documents(text).map(Manifest::of).toList();
    }

    @SuppressWarnings("unchecked")
    static Stream<Map<String, Object>> documents(String text) {
        Load load = new Load(LoadSettings.builder().build());
        return StreamSupport.stream(load.loadAllFromString(text).spliterator(), false)
                .map(document -> (Map<String, Object>) document);
    }

    String kind() {
        return object.getKind();
    }

    String name() {
        return object.getMetadata().getName();
    }

    /** Whether only those who installed Istio or Prometheus's operator have this kind. */
    boolean isCustom() {
        return object.getApiVersion().contains("istio.io")
                || object.getApiVersion().contains("coreos.com");
    }

    static <T> List<T> only(Class<T> kind, List<Manifest> manifests) {
        return manifests.stream()
                .map(Manifest::object)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }
}
