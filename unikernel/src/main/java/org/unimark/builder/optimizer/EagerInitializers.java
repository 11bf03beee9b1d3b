// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.optimizer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.teavm.callgraph.CallGraph;
import org.teavm.callgraph.CallGraphNode;
import org.teavm.callgraph.CallSite;
import org.teavm.model.BasicBlock;
import org.teavm.model.ClassReader;
import org.teavm.model.Instruction;
import org.teavm.model.ListableClassReaderSource;
import org.teavm.model.MethodDescriptor;
import org.teavm.model.MethodReference;
import org.teavm.model.Program;
import org.teavm.model.instructions.InitClassInstruction;
import org.teavm.vm.TeaVMTargetController;

/**
 * Runs static initialisers when the program starts, in the order in which they need each other, so that the question
 * whether a class is initialised (four instructions and a call site, at every use of an enum constant) is asked only by
 * code that initialisers themselves reach. Classes of the Java library stay lazy, apart from those of primitive types:
 * the rest of it has initialisers that most programs never need.
 */
final class EagerInitializers {
    private static final MethodDescriptor INITIALIZER = new MethodDescriptor("<clinit>", void.class);
    private static final Set<String> EAGER_OF_LIBRARY =
            Set.of("java.lang.Byte", "java.lang.Short", "java.lang.Integer", "java.lang.Long", "java.lang.Math");

    private final MethodReference entry;
    private final Set<String> eager = new HashSet<>();
    private final List<String> order = new ArrayList<>();
    private final Set<MethodReference> reachedByInitializers = new HashSet<>();

    EagerInitializers(TeaVMTargetController controller, ListableClassReaderSource classes) {
        entry = new MethodReference(
                controller.getEntryPoint(),
                "main",
                org.teavm.model.ValueType.parse(String[].class),
                org.teavm.model.ValueType.VOID);
        Deque<MethodReference> waiting = new ArrayDeque<>();
        for (String name : classes.getClassNames()) {
            ClassReader cls = classes.get(name);
            if (cls == null || cls.getMethod(INITIALIZER) == null) {
                continue;
            }
            waiting.add(cls.getMethod(INITIALIZER).getReference());
            if (isEager(name)) {
                eager.add(name);
                order.add(name);
            }
        }
        follow(controller.getDependencyInfo().getCallGraph(), waiting);
    }

    private static boolean isEager(String name) {
        boolean library = name.startsWith("java.")
                || name.startsWith("javax.")
                || name.startsWith("jdk.")
                || name.startsWith("org.teavm.");
        return !library || EAGER_OF_LIBRARY.contains(name);
    }

    private void follow(CallGraph graph, Deque<MethodReference> waiting) {
        while (!waiting.isEmpty()) {
            MethodReference method = waiting.remove();
            if (!reachedByInitializers.add(method)) {
                continue;
            }
            CallGraphNode node = graph.getNode(method);
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

    void apply(Program program, MethodReference method) {
        if (!reachedByInitializers.contains(method)) {
            for (BasicBlock block : program.getBasicBlocks()) {
                for (Instruction instruction : block) {
                    if (instruction instanceof InitClassInstruction
                            && eager.contains(((InitClassInstruction) instruction).getClassName())) {
                        instruction.delete();
                    }
                }
            }
        }
        if (method.equals(entry)) {
            List<Instruction> starts = new ArrayList<>();
            for (String name : order) {
                InitClassInstruction start = new InitClassInstruction();
                start.setClassName(name);
                starts.add(start);
            }
            program.basicBlockAt(0).addFirstAll(starts);
        }
    }
}
