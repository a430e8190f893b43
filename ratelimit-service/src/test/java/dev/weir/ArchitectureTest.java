package dev.weir;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** R6.1: transport and store stand at the edges; what decides knows neither. */
class ArchitectureTest {
    private static final JavaClasses WEIR = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/dev/weir/wire/"))
            .importPackages("dev.weir");

    @Test
    void onlyTheEndpointsWhatAsksThemAndTheWiringKnowEnvoyAndGrpc() {
        noClasses()
                .that(resideInAPackage("dev.weir..")
                        .and(resideInAnyPackage(
                                        "dev.weir.envoy..",
                                        "dev.weir.xds..",
                                        "dev.weir.dropin.answer..",
                                        "dev.weir.tools.check..",
                                        "dev.weir.server..")
                                .negate()))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.grpc..", "io.envoyproxy..", "dev.weir.wire..", "com.google.protobuf..")
                .check(WEIR);
    }

    @Test
    void onlyTheRedisBucketsKnowLettuce() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.weir.bucket.redis..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.lettuce..")
                .check(WEIR);
    }

    @Test
    void onlyTheCommandLineKnowsTheTools() {
        noClasses()
                .that(resideInAPackage("dev.weir..")
                        .and(resideInAnyPackage("dev.weir.tools..", "dev.weir.cli..")
                                .negate()))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.weir.tools..")
                .check(WEIR);
    }

    /** Each package is a slice of its own, those below others and the root included. */
    @Test
    void packagesDoNotDependOnEachOtherInCircles() {
        slices().assignedFrom(new EachPackage()).should().beFreeOfCycles().check(WEIR);
    }

    @ParameterizedTest
    @CsvSource({
        "measure, ",
        "bucket, dev.weir.measure",
        "request, dev.weir.measure",
        "retry, ",
        "text, ",
        "config, org.snakeyaml..",
        "tls, dev.weir.config",
        "policy, dev.weir.bucket dev.weir.measure dev.weir.config dev.weir.request",
        "policy.limits, dev.weir.bucket dev.weir.measure dev.weir.config dev.weir.policy dev.weir.request",
        "policy.descriptors, dev.weir.bucket dev.weir.measure dev.weir.config dev.weir.policy dev.weir.request",
        "policy.tiers, dev.weir.bucket dev.weir.measure dev.weir.config dev.weir.policy",
        "policy.read, dev.weir.config dev.weir.policy dev.weir.policy.descriptors dev.weir.policy.limits dev.weir.policy.tiers",
        "decide, dev.weir.bucket dev.weir.identity dev.weir.measure dev.weir.policy dev.weir.request",
        "tools.lint, dev.weir.bucket dev.weir.measure dev.weir.config dev.weir.policy dev.weir.policy.tiers dev.weir.request",
        "tools.lint.envoy, dev.weir.config dev.weir.identity dev.weir.measure dev.weir.policy dev.weir.request org.snakeyaml..",
        "xds, dev.weir.config dev.weir.policy dev.weir.policy.descriptors dev.weir.retry dev.weir.text dev.weir.tls dev.weir.wire.config com.google.protobuf com.google.rpc"
                + " io.envoyproxy.envoy.config.core.v3 io.envoyproxy.envoy.service.discovery.v3 io.grpc.. io.netty.handler.ssl"
                + " javax.net.ssl org.slf4j",
        "admin, dev.weir.bucket dev.weir.measure dev.weir.config dev.weir.decide dev.weir.policy dev.weir.request dev.weir.text com.google.gson"
                + " io.netty..",
        "tools.cases, dev.weir.bucket dev.weir.bucket.memory dev.weir.config dev.weir.decide dev.weir.policy dev.weir.policy.limits"
                + " dev.weir.policy.read dev.weir.request dev.weir.text com.google.gson javax.xml.stream",
        "tools.migrate, dev.weir.measure dev.weir.policy",
        "tools.diff, dev.weir.bucket dev.weir.bucket.memory dev.weir.config dev.weir.decide dev.weir.measure dev.weir.policy dev.weir.request com.google.gson"
    })
    void theCoreDependsOnNothingElse(String from, String to) {
        String own = "dev.weir." + from;
        String[] allowed = ("java.. org.jspecify.. " + own + (to == null ? "" : " " + to)).split(" ", -1);
        classes()
                .that()
                .resideInAPackage(own)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(allowed))
                .check(WEIR);
    }

    private static final class EachPackage implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
            return javaClass.getPackageName().startsWith("dev.weir")
                    ? SliceIdentifier.of(javaClass.getPackageName())
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "each package";
        }
    }
}
