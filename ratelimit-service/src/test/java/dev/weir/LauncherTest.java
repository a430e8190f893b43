package dev.weir;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class LauncherTest {
    @Test
    void weirPassesItsArgumentsOn() {
        assertArrayEquals(
                new String[] {"lint", "/policy.yaml"}, Launcher.arguments("/bin/weir", "lint", "/policy.yaml"));
        assertArrayEquals(new String[] {}, Launcher.arguments("weir"));
    }

    @Test
    void anotherProgramIsTheCommandOfItsName() {
        assertArrayEquals(new String[] {"ratelimit"}, Launcher.arguments("/bin/ratelimit"));
        assertArrayEquals(new String[] {"ratelimit", "--help"}, Launcher.arguments("/bin/ratelimit", "--help"));
    }
}
