// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.optimizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.teavm.model.AccessLevel;
import org.teavm.model.BasicBlock;
import org.teavm.model.ClassHolder;
import org.teavm.model.ClassHolderTransformer;
import org.teavm.model.ClassHolderTransformerContext;
import org.teavm.model.ElementModifier;
import org.teavm.model.Instruction;
import org.teavm.model.MethodHolder;
import org.teavm.model.MethodReference;
import org.teavm.model.Program;
import org.teavm.model.ValueType;
import org.teavm.model.Variable;
import org.teavm.model.instructions.ConstructInstruction;
import org.teavm.model.instructions.ExitInstruction;
import org.teavm.model.instructions.InvocationType;
import org.teavm.model.instructions.InvokeInstruction;
import org.teavm.model.instructions.RaiseInstruction;
import org.teavm.model.instructions.StringConstantInstruction;

/**
 * Moves {@code throw new SomeException("text")} into a method of its own that makes and returns the exception. What
 * remains of it in the original method is a call that is almost never made and keeps nothing alive, so that a method
 * whose only allocation is an exception needs no frame.
 */
final class ThrowOutlining implements ClassHolderTransformer {
    private static final String PREFIX = "exception$";

    static boolean isOutlined(MethodReference method) {
        return method.getName().startsWith(PREFIX);
    }

    @Override
    public void transformClass(ClassHolder cls, ClassHolderTransformerContext context) {
        if (cls.getName().startsWith("org.teavm.")) {
            return;
        }
        List<MethodHolder> made = new ArrayList<>();
        for (MethodHolder method : List.copyOf(cls.getMethods())) {
            if (method.getProgram() != null) {
                for (BasicBlock block : method.getProgram().getBasicBlocks()) {
                    outline(cls.getName(), block, made);
                }
            }
        }
        for (MethodHolder method : made) {
            cls.addMethod(method);
        }
    }

    private static void outline(String className, BasicBlock block, List<MethodHolder> made) {
        if (!(block.getLastInstruction() instanceof RaiseInstruction)
                || !block.getTryCatchBlocks().isEmpty()) {
            return;
        }
        RaiseInstruction raise = (RaiseInstruction) block.getLastInstruction();
        List<Instruction> making = making(raise);
        if (making == null) {
            return;
        }
        MethodHolder method = new MethodHolder(PREFIX + made.size(), ValueType.object("java.lang.Throwable"));
        method.setLevel(AccessLevel.PRIVATE);
        method.getModifiers().add(ElementModifier.STATIC);
        InvokeInstruction call = new InvokeInstruction();
        call.setType(InvocationType.SPECIAL);
        call.setMethod(new MethodReference(className, method.getDescriptor()));
        call.setReceiver(block.getProgram().createVariable());
        call.setLocation(raise.getLocation());
        method.setProgram(move(making, raise.getException()));
        raise.insertPrevious(call);
        raise.setException(call.getReceiver());
        made.add(method);
    }

    /** The instructions directly before {@code raise} that make its exception from constants, or null. */
    private static List<Instruction> making(RaiseInstruction raise) {
        List<Instruction> result = new ArrayList<>();
        Set<Variable> defined = new HashSet<>();
        for (Instruction at = raise.getPrevious(); at != null; at = at.getPrevious()) {
            if (isForgettable(at)) {
                continue;
            }
            result.add(0, at);
            if (at instanceof ConstructInstruction) {
                defined.add(((ConstructInstruction) at).getReceiver());
                boolean complete = ((ConstructInstruction) at).getReceiver() == raise.getException();
                return complete && usesOnly(result, defined) ? result : null;
            }
            if (at instanceof StringConstantInstruction) {
                defined.add(((StringConstantInstruction) at).getReceiver());
            } else if (!isConstructorCall(at)) {
                return null;
            }
        }
        return null;
    }

    private static boolean isForgettable(Instruction instruction) {
        return instruction.getClass() == org.teavm.model.instructions.EmptyInstruction.class;
    }

    private static boolean isConstructorCall(Instruction instruction) {
        return instruction instanceof InvokeInstruction
                && ((InvokeInstruction) instruction).getMethod().getName().equals("<init>")
                && ((InvokeInstruction) instruction).getReceiver() == null;
    }

    private static boolean usesOnly(List<Instruction> instructions, Set<Variable> defined) {
        for (Instruction instruction : instructions) {
            if (instruction instanceof InvokeInstruction) {
                InvokeInstruction invoke = (InvokeInstruction) instruction;
                if (!defined.contains(invoke.getInstance()) || !defined.containsAll(invoke.getArguments())) {
                    return false;
                }
            }
        }
        return true;
    }

    private static Program move(List<Instruction> instructions, Variable exception) {
        Program program = new Program();
        program.createVariable();
        BasicBlock block = program.createBasicBlock();
        Map<Variable, Variable> moved = new HashMap<>();
        for (Instruction instruction : instructions) {
            instruction.delete();
            if (instruction instanceof ConstructInstruction) {
                ConstructInstruction construct = (ConstructInstruction) instruction;
                construct.setReceiver(map(moved, program, construct.getReceiver()));
            } else if (instruction instanceof StringConstantInstruction) {
                StringConstantInstruction constant = (StringConstantInstruction) instruction;
                constant.setReceiver(map(moved, program, constant.getReceiver()));
            } else {
                InvokeInstruction invoke = (InvokeInstruction) instruction;
                invoke.setInstance(map(moved, program, invoke.getInstance()));
                Variable[] arguments = new Variable[invoke.getArguments().size()];
                for (int i = 0; i < arguments.length; i++) {
                    arguments[i] = map(moved, program, invoke.getArguments().get(i));
                }
                invoke.setArguments(arguments);
            }
            block.add(instruction);
        }
        ExitInstruction exit = new ExitInstruction();
        exit.setValueToReturn(map(moved, program, exception));
        block.add(exit);
        return program;
    }

    private static Variable map(Map<Variable, Variable> moved, Program program, Variable variable) {
        return moved.computeIfAbsent(variable, key -> program.createVariable());
    }
}
