// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.optimizer;

import java.util.BitSet;
import java.util.List;
import org.teavm.model.BasicBlock;
import org.teavm.model.ClassHolder;
import org.teavm.model.ClassHolderTransformer;
import org.teavm.model.ClassHolderTransformerContext;
import org.teavm.model.Instruction;
import org.teavm.model.MethodHolder;
import org.teavm.model.MethodReference;
import org.teavm.model.Program;
import org.teavm.model.ValueType;
import org.teavm.model.Variable;
import org.teavm.model.instructions.BinaryInstruction;
import org.teavm.model.instructions.BinaryOperation;
import org.teavm.model.instructions.CastNumberInstruction;
import org.teavm.model.instructions.ConstructArrayInstruction;
import org.teavm.model.instructions.ConstructMultiArrayInstruction;
import org.teavm.model.instructions.IntegerConstantInstruction;
import org.teavm.model.instructions.InvocationType;
import org.teavm.model.instructions.InvokeInstruction;
import org.teavm.model.instructions.LongConstantInstruction;
import org.teavm.model.instructions.NumericOperandType;

/**
 * Replaces operations that C leaves undefined or that trap, where Java defines them: division of integers, conversion
 * from floating point to integers, arrays of impossible size.
 */
final class SafeArithmetic implements ClassHolderTransformer {
    private static final String HELPER = "org.unimark.keel.machine.Arithmetic";

    @Override
    public void transformClass(ClassHolder cls, ClassHolderTransformerContext context) {
        // The runtime itself runs without a frame and divides by sizes, which are not zero.
        if (cls.getName().equals(HELPER) || cls.getName().startsWith("org.teavm.")) {
            return;
        }
        for (MethodHolder method : cls.getMethods()) {
            if (method.getProgram() != null) {
                transform(method.getProgram());
            }
        }
    }

    private static void transform(Program program) {
        BitSet harmless = harmlessDivisors(program);
        for (BasicBlock block : program.getBasicBlocks()) {
            for (Instruction instruction = block.getFirstInstruction(); instruction != null; ) {
                Instruction next = instruction.getNext();
                checkArraySizes(instruction);
                InvokeInstruction call = null;
                if (instruction instanceof BinaryInstruction) {
                    call = division((BinaryInstruction) instruction, harmless);
                } else if (instruction instanceof CastNumberInstruction) {
                    call = conversion((CastNumberInstruction) instruction);
                }
                if (call != null) {
                    call.setLocation(instruction.getLocation());
                    instruction.replace(call);
                }
                instruction = next;
            }
        }
    }

    private static void checkArraySizes(Instruction instruction) {
        if (instruction instanceof ConstructArrayInstruction) {
            ConstructArrayInstruction construct = (ConstructArrayInstruction) instruction;
            construct.setSize(checkedSize(instruction, construct.getSize()));
        } else if (instruction instanceof ConstructMultiArrayInstruction) {
            List<Variable> dimensions = ((ConstructMultiArrayInstruction) instruction).getDimensions();
            for (int i = 0; i < dimensions.size(); i++) {
                dimensions.set(i, checkedSize(instruction, dimensions.get(i)));
            }
        }
    }

    private static Variable checkedSize(Instruction instruction, Variable size) {
        InvokeInstruction call = new InvokeInstruction();
        call.setMethod(new MethodReference(HELPER, "arraySize", ValueType.INTEGER, ValueType.INTEGER));
        call.setType(InvocationType.SPECIAL);
        call.setArguments(size);
        call.setReceiver(instruction.getProgram().createVariable());
        call.setLocation(instruction.getLocation());
        instruction.insertPrevious(call);
        return call.getReceiver();
    }

    /** Variables with a constant value other than 0 and -1. */
    private static BitSet harmlessDivisors(Program program) {
        BitSet harmless = new BitSet();
        for (BasicBlock block : program.getBasicBlocks()) {
            for (Instruction instruction : block) {
                if (instruction instanceof IntegerConstantInstruction) {
                    IntegerConstantInstruction constant = (IntegerConstantInstruction) instruction;
                    mark(harmless, constant.getReceiver(), constant.getConstant());
                } else if (instruction instanceof LongConstantInstruction) {
                    LongConstantInstruction constant = (LongConstantInstruction) instruction;
                    mark(harmless, constant.getReceiver(), constant.getConstant());
                }
            }
        }
        return harmless;
    }

    private static void mark(BitSet harmless, Variable variable, long value) {
        if (value != 0 && value != -1) {
            harmless.set(variable.getIndex());
        }
    }

    private static InvokeInstruction division(BinaryInstruction instruction, BitSet harmless) {
        boolean divides = instruction.getOperation() == BinaryOperation.DIVIDE;
        boolean integer = instruction.getOperandType() == NumericOperandType.INT
                || instruction.getOperandType() == NumericOperandType.LONG;
        if (!divides && instruction.getOperation() != BinaryOperation.MODULO
                || !integer
                || harmless.get(instruction.getSecondOperand().getIndex())) {
            return null;
        }
        ValueType type = type(instruction.getOperandType());
        InvokeInstruction call = new InvokeInstruction();
        call.setMethod(new MethodReference(HELPER, divides ? "divide" : "remainder", type, type, type));
        call.setType(InvocationType.SPECIAL);
        call.setArguments(instruction.getFirstOperand(), instruction.getSecondOperand());
        call.setReceiver(instruction.getReceiver());
        return call;
    }

    private static InvokeInstruction conversion(CastNumberInstruction instruction) {
        boolean fromFloating = instruction.getSourceType() == NumericOperandType.FLOAT
                || instruction.getSourceType() == NumericOperandType.DOUBLE;
        boolean toInt = instruction.getTargetType() == NumericOperandType.INT;
        if (!fromFloating || !toInt && instruction.getTargetType() != NumericOperandType.LONG) {
            return null;
        }
        InvokeInstruction call = new InvokeInstruction();
        call.setMethod(new MethodReference(
                HELPER,
                toInt ? "toInt" : "toLong",
                type(instruction.getSourceType()),
                type(instruction.getTargetType())));
        call.setType(InvocationType.SPECIAL);
        call.setArguments(instruction.getValue());
        call.setReceiver(instruction.getReceiver());
        return call;
    }

    private static ValueType type(NumericOperandType type) {
        switch (type) {
            case INT:
                return ValueType.INTEGER;
            case LONG:
                return ValueType.LONG;
            case FLOAT:
                return ValueType.FLOAT;
            default:
                return ValueType.DOUBLE;
        }
    }
}
