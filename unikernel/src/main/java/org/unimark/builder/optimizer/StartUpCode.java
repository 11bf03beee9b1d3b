// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.optimizer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.teavm.callgraph.CallGraph;
import org.teavm.callgraph.CallGraphNode;
import org.teavm.callgraph.CallSite;
import org.teavm.dependency.DependencyInfo;
import org.teavm.model.MethodReference;

/**
 * Tells code that runs only while the system starts from code that the event loop reaches: the first is compiled for size.
 * The runtime that TeaVM's generated code calls behind the scenes counts as reached.
 */
final class StartUpCode {
    private static final String LOOP = "org.unimark.keel.kernel.EventLoop";
    private static final String RUNTIME = "org.teavm.";
    /** Of the fence: what C calls. */
    private static final String CALLBACKS = "org.unimark.keel.machine.Sqlite";

    private final Set<MethodReference> reachedByLoop = new HashSet<>();

    StartUpCode(DependencyInfo dependencies) {
        Deque<MethodReference> waiting = new ArrayDeque<>();
        for (MethodReference method : dependencies.getReachableMethods()) {
            boolean entry =
                    method.getClassName().equals(LOOP) || method.getClassName().startsWith(CALLBACKS);
            if (entry && !method.getName().equals("<init>")) {
                waiting.add(method);
            }
        }
        CallGraph graph = dependencies.getCallGraph();
        while (!waiting.isEmpty()) {
            MethodReference method = waiting.remove();
            CallGraphNode node = reachedByLoop.add(method) ? graph.getNode(method) : null;
            if (node == null) {
                continue;
            }
            for (CallSite site : node.getCallSites()) {
                for (CallGraphNode called : site.getCalledMethods()) {
                    waiting.add(called.getMethod());
                }
            }
        }
    }

    /** False for everything if the program has no event loop. */
    boolean contains(MethodReference method) {
        return !reachedByLoop.isEmpty()
                && !reachedByLoop.contains(method)
                && !method.getClassName().startsWith(RUNTIME);
    }
}
