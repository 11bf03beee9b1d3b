// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.optimizer;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.teavm.dependency.DependencyInfo;
import org.teavm.interop.Import;
import org.teavm.model.BasicBlockReader;
import org.teavm.model.ClassHierarchy;
import org.teavm.model.ClassReader;
import org.teavm.model.ElementModifier;
import org.teavm.model.ListableClassReaderSource;
import org.teavm.model.MethodReader;
import org.teavm.model.MethodReference;
import org.teavm.model.ProgramReader;
import org.teavm.model.ValueType;
import org.teavm.model.VariableReader;
import org.teavm.model.instructions.AbstractInstructionReader;
import org.teavm.model.instructions.InvocationType;
import org.teavm.model.lowlevel.Characteristics;
import org.teavm.vm.TeaVMTargetController;

/**
 * Knows which methods can return after a garbage collection. A method that can collect only on its way to an exception is
 * not one of them: its callers without handlers lose their frames with it, so there is nothing of theirs to keep alive.
 */
final class CollectionPoints {
    private static final Set<String> ARITHMETIC = Set.of(
            "java.lang.Integer",
            "java.lang.Long",
            "java.lang.Float",
            "java.lang.Double",
            "java.lang.Math",
            "java.lang.StrictMath",
            "java.lang.Character");

    /** The fence marks with it what is C and calls Java. */
    private static final String CALLS_BACK = "org.unimark.keel.machine.CallsBack";

    private static final Set<String> ARITHMETIC_OF_SYSTEM = Set.of("doArrayCopy", "currentTimeMillis", "nanoTime");

    private final DependencyInfo dependencies;
    private final Characteristics characteristics;
    private final Map<MethodReference, Set<MethodReference>> implementations = new HashMap<>();
    private final Map<MethodReference, Set<MethodReference>> callers = new HashMap<>();
    private final Set<MethodReference> collecting = new HashSet<>();
    private final Map<MethodReference, Boolean> answers = new HashMap<>();
    private final ClassHierarchy hierarchy;
    private final Collection<String> classNames;
    private final Map<MethodReference, MethodReference> reasons = new HashMap<>();
    private final Deque<MethodReference> waiting = new ArrayDeque<>();

    CollectionPoints(
            TeaVMTargetController controller, Characteristics characteristics, ListableClassReaderSource classes) {
        this.dependencies = controller.getDependencyInfo();
        this.characteristics = characteristics;
        this.hierarchy = new ClassHierarchy(classes);
        this.classNames = List.copyOf(classes.getClassNames());
        for (String name : classNames) {
            ClassReader cls = classes.get(name);
            if (cls != null) {
                for (MethodReader method : cls.getMethods()) {
                    examine(method);
                }
            }
        }
        spread();
    }

    /** Whether a call of {@code method}, virtual or not, can return after a collection. */
    boolean collects(MethodReference method) {
        return answers.computeIfAbsent(method, key -> {
            MethodReader resolved = dependencies.getClassSource().resolve(method);
            if (resolved == null || collecting.contains(resolved.getReference())) {
                return true;
            }
            for (MethodReference candidate : implementationsOf(method)) {
                if (collecting.contains(candidate)) {
                    return true;
                }
            }
            return false;
        });
    }

    /** What a virtual call of {@code method} may reach, in all classes below the one that it names. */
    private Set<MethodReference> implementationsOf(MethodReference method) {
        return implementations.computeIfAbsent(method, key -> {
            Set<MethodReference> result = new HashSet<>();
            for (String name : classNames) {
                if (hierarchy.isSuperType(method.getClassName(), name, true)) {
                    MethodReader found = hierarchy.resolve(name, method.getDescriptor());
                    if (found != null) {
                        result.add(found.getReference());
                    }
                }
            }
            return result;
        });
    }

    private void examine(MethodReader method) {
        MethodReference reference = method.getReference();
        if (!characteristics.isManaged(reference)) {
            return;
        }
        ProgramReader program = method.getProgram();
        if (program == null || program.basicBlockCount() == 0) {
            if (!isHarmlessWithoutBody(method)) {
                found(reference);
            }
            return;
        }
        BitSet cold = ColdCode.hasHandlers(program) ? new BitSet() : ColdCode.coldBlocks(program);
        for (int i = 0; i < program.basicBlockCount(); i++) {
            if (!cold.get(i)) {
                BasicBlockReader block = program.basicBlockAt(i);
                block.readAllInstructions(new Examiner(reference));
            }
        }
    }

    /**
     * Abstract methods have implementations that are examined; imported ones are C and do not know of the heap, unless
     * they call Java back; neither do those that TeaVM generates for arithmetic.
     */
    private static boolean isHarmlessWithoutBody(MethodReader method) {
        return method.hasModifier(ElementModifier.ABSTRACT)
                || method.getAnnotations().get(Import.class.getName()) != null
                        && method.getAnnotations().get(CALLS_BACK) == null
                || ARITHMETIC.contains(method.getOwnerName()) && method.getResultType() instanceof ValueType.Primitive
                || method.getOwnerName().equals("java.lang.System") && ARITHMETIC_OF_SYSTEM.contains(method.getName());
    }

    private void found(MethodReference method) {
        found(method, method);
    }

    private void found(MethodReference method, MethodReference because) {
        if (collecting.add(method)) {
            waiting.add(method);
            reasons.put(method, because);
        }
    }

    private void spread() {
        while (!waiting.isEmpty()) {
            MethodReference callee = waiting.remove();
            for (MethodReference caller : callers.getOrDefault(callee, Set.of())) {
                found(caller, callee);
            }
        }
    }

    /** The calls that lead from {@code method} to an allocation, for people who wonder why it has a frame. */
    String explain(MethodReference method) {
        StringBuilder chain = new StringBuilder();
        MethodReference at = method;
        while (reasons.containsKey(at)) {
            chain.append(chain.length() == 0 ? "" : " > ").append(shortName(at));
            MethodReference because = reasons.get(at);
            if (because.equals(at)) {
                break;
            }
            at = because;
        }
        return chain.length() == 0 ? shortName(method) + " (of inlined code)" : chain.toString();
    }

    private static String shortName(MethodReference method) {
        String owner = method.getClassName();
        return owner.substring(owner.lastIndexOf('.') + 1) + "." + method.getName();
    }

    private void calls(MethodReference caller, MethodReference callee) {
        callers.computeIfAbsent(callee, key -> new HashSet<>()).add(caller);
    }

    /** Reads the instructions of one method that can be followed by a return. */
    private final class Examiner extends AbstractInstructionReader {
        private final MethodReference method;

        Examiner(MethodReference method) {
            this.method = method;
        }

        @Override
        public void create(VariableReader receiver, String type) {
            found(method);
        }

        @Override
        public void createArray(VariableReader receiver, ValueType itemType, VariableReader size) {
            found(method);
        }

        @Override
        public void createArray(
                VariableReader receiver, ValueType itemType, List<? extends VariableReader> dimensions) {
            found(method);
        }

        @Override
        public void cloneArray(VariableReader receiver, VariableReader array) {
            found(method);
        }

        @Override
        public void classConstant(VariableReader receiver, ValueType constant) {
            found(method);
        }

        @Override
        public void monitorEnter(VariableReader objectRef) {
            found(method);
        }

        @Override
        public void monitorExit(VariableReader objectRef) {
            found(method);
        }

        @Override
        public void invoke(
                VariableReader receiver,
                VariableReader instance,
                MethodReference callee,
                List<? extends VariableReader> arguments,
                InvocationType type) {
            MethodReader resolved = dependencies.getClassSource().resolve(callee);
            if (resolved == null) {
                found(method);
                return;
            }
            calls(method, resolved.getReference());
            if (type == InvocationType.VIRTUAL) {
                for (MethodReference candidate : implementationsOf(callee)) {
                    calls(method, candidate);
                }
            }
        }
    }
}
