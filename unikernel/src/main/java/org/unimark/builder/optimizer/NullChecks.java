// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.optimizer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.teavm.callgraph.CallGraph;
import org.teavm.callgraph.CallGraphNode;
import org.teavm.callgraph.CallSite;
import org.teavm.model.BasicBlock;
import org.teavm.model.BasicBlockReader;
import org.teavm.model.ClassReader;
import org.teavm.model.Instruction;
import org.teavm.model.ListableClassReaderSource;
import org.teavm.model.MethodReader;
import org.teavm.model.MethodReference;
import org.teavm.model.Program;
import org.teavm.model.ProgramReader;
import org.teavm.model.TryCatchBlockReader;
import org.teavm.model.instructions.AssignInstruction;
import org.teavm.model.instructions.NullCheckInstruction;

/**
 * Leaves the check for null to the processor: no page below the program is mapped, so that an access through null ends it
 * with a fault, which is reported as the exception that it is. Only code that runs below a handler which could catch a
 * {@code NullPointerException} keeps its checks, because there the exception has to be raised.
 */
final class NullChecks {
    private static final Set<String> CATCHING = Set.of(
            "java.lang.NullPointerException",
            "java.lang.RuntimeException",
            "java.lang.Exception",
            "java.lang.Throwable",
            "java.lang.Object");

    private final Set<MethodReference> belowHandler = new HashSet<>();

    NullChecks(ListableClassReaderSource classes, CallGraph calls) {
        Deque<MethodReference> waiting = new ArrayDeque<>();
        for (String name : classes.getClassNames()) {
            ClassReader cls = classes.get(name);
            for (MethodReader method : cls == null ? List.<MethodReader>of() : cls.getMethods()) {
                if (method.getProgram() != null && catchesNull(method.getProgram())) {
                    waiting.add(method.getReference());
                }
            }
        }
        while (!waiting.isEmpty()) {
            MethodReference method = waiting.remove();
            CallGraphNode node = belowHandler.add(method) ? calls.getNode(method) : null;
            for (CallSite site : node == null ? List.<CallSite>of() : node.getCallSites()) {
                for (CallGraphNode called : site.getCalledMethods()) {
                    waiting.add(called.getMethod());
                }
            }
        }
    }

    void apply(Program program, MethodReference method) {
        if (belowHandler.contains(method) || catchesNull(program)) {
            return;
        }
        for (BasicBlock block : program.getBasicBlocks()) {
            for (Instruction instruction = block.getFirstInstruction(); instruction != null; ) {
                Instruction next = instruction.getNext();
                if (instruction instanceof NullCheckInstruction) {
                    NullCheckInstruction check = (NullCheckInstruction) instruction;
                    AssignInstruction assign = new AssignInstruction();
                    assign.setAssignee(check.getValue());
                    assign.setReceiver(check.getReceiver());
                    assign.setLocation(check.getLocation());
                    check.replace(assign);
                }
                instruction = next;
            }
        }
    }

    private static boolean catchesNull(ProgramReader program) {
        for (int i = 0; i < program.basicBlockCount(); i++) {
            BasicBlockReader block = program.basicBlockAt(i);
            for (TryCatchBlockReader handler : block.readTryCatchBlocks()) {
                if (handler.getExceptionType() == null || CATCHING.contains(handler.getExceptionType())) {
                    return true;
                }
            }
        }
        return false;
    }
}
