// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import org.teavm.callgraph.CallGraph;
import org.teavm.callgraph.CallGraphNode;
import org.teavm.callgraph.CallSite;
import org.teavm.diagnostics.DefaultProblemTextConsumer;
import org.teavm.diagnostics.Problem;
import org.teavm.model.CallLocation;
import org.teavm.model.MethodReference;
import org.teavm.model.TextLocation;
import org.teavm.vm.TeaVM;

/** Turns what the compiler found wrong into a message with the class, who calls it, and what to do instead. */
final class Diagnosis {
    private static final int LONGEST_CHAIN = 12;
    private static final MethodReference INTERN = new MethodReference(String.class, "intern", String.class);

    private Diagnosis() {}

    static void check(TeaVM compiler) throws BuildException {
        StringBuilder message = new StringBuilder();
        int problems = 0;
        for (Problem problem : compiler.getProblemProvider().getSevereProblems()) {
            DefaultProblemTextConsumer text = new DefaultProblemTextConsumer();
            problem.render(text);
            message.append("\n- ").append(text.getText());
            appendCallers(compiler.getDependencyInfo().getCallGraph(), problem.getLocation(), message);
            problems++;
        }
        problems += appendInterning(compiler.getDependencyInfo().getCallGraph(), message);
        if (problems > 0) {
            throw new BuildException("the application needs what Keel does not have:" + message);
        }
    }

    /** The compiler has the method, but nothing keeps a table of strings, so that two equal ones would stay two. */
    private static int appendInterning(CallGraph graph, StringBuilder message) {
        CallGraphNode interning = graph.getNode(INTERN);
        int problems = 0;
        if (interning == null) {
            return 0;
        }
        for (CallSite site : interning.getCallerCallSites()) {
            for (CallGraphNode caller : site.getCallers()) {
                String name = caller.getMethod().getClassName();
                if (name.startsWith("java.") || name.startsWith("org.teavm.")) {
                    continue; // Libraries intern to save memory; they do not depend on identity.
                }
                message.append("\n- String.intern is not supported: compare strings with equals,"
                        + " or keep one of each in a HashMap of your own");
                appendCallers(graph, new CallLocation(caller.getMethod(), firstOf(site.getLocations(caller))), message);
                problems++;
            }
        }
        return problems;
    }

    private static void appendCallers(CallGraph graph, CallLocation location, StringBuilder out) {
        if (location == null || location.getMethod() == null) {
            return;
        }
        out.append("\n    in ").append(location.getMethod().getClassName());
        out.append('.').append(location.getMethod().getName());
        appendLine(location.getSourceLocation(), out);
        CallGraphNode node = graph.getNode(location.getMethod());
        for (int depth = 0; depth < LONGEST_CHAIN && node != null; depth++) {
            CallSite site = firstOf(node.getCallerCallSites());
            CallGraphNode caller = site == null ? null : firstOf(site.getCallers());
            if (caller == null) {
                return;
            }
            out.append("\n    called by ").append(caller.getMethod().getClassName());
            out.append('.').append(caller.getMethod().getName());
            appendLine(firstOf(site.getLocations(caller)), out);
            node = caller;
        }
    }

    private static <T> T firstOf(Iterable<? extends T> items) {
        for (T item : items) {
            return item;
        }
        return null;
    }

    private static void appendLine(TextLocation location, StringBuilder out) {
        if (location != null && location.getFileName() != null) {
            String file = location.getFileName();
            out.append(" (").append(file.substring(file.lastIndexOf('/') + 1));
            out.append(':').append(location.getLine()).append(')');
        }
    }
}
