// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.sqlite;

import java.lang.reflect.Proxy;
import org.unimark.keel.application.Platform;
import org.unimark.keel.memory.SimulatedPhysicalMemory;

/** Platforms that have nothing but memory. */
final class Memories {
    private Memories() {}

    static Platform platform(long bytes) {
        SimulatedPhysicalMemory memory = new SimulatedPhysicalMemory(bytes);
        return (Platform) Proxy.newProxyInstance(
                Platform.class.getClassLoader(), new Class<?>[] {Platform.class}, (proxy, method, arguments) -> {
                    if (method.getName().startsWith("allocate")) {
                        return memory.allocate((Integer) arguments[0], 64);
                    }
                    if (method.getName().equals("availableBytes")) {
                        return memory.availableBytes();
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
