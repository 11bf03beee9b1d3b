// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.optimizer;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.teavm.model.BasicBlockReader;
import org.teavm.model.ProgramReader;
import org.teavm.model.VariableReader;
import org.teavm.model.instructions.AbstractInstructionReader;
import org.teavm.model.instructions.BinaryBranchingCondition;
import org.teavm.model.instructions.BranchingCondition;
import org.teavm.model.instructions.SwitchTableEntryReader;

/** Finds blocks from which every way ends in an exception that leaves the method. */
final class ColdCode {
    private ColdCode() {}

    /** True if the program has handlers for exceptions, so that raising one need not leave the method. */
    static boolean hasHandlers(ProgramReader program) {
        for (int i = 0; i < program.basicBlockCount(); i++) {
            if (!program.basicBlockAt(i).readTryCatchBlocks().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    static boolean neverReturns(ProgramReader program) {
        return program.basicBlockCount() > 0
                && !hasHandlers(program)
                && coldBlocks(program).get(0);
    }

    /** The indices of blocks that inevitably raise; meaningful for programs without handlers. */
    static BitSet coldBlocks(ProgramReader program) {
        int count = program.basicBlockCount();
        List<BlockEnd> ends = new ArrayList<>();
        BitSet cold = new BitSet(count);
        for (int i = 0; i < count; i++) {
            BlockEnd end = new BlockEnd();
            program.basicBlockAt(i).readAllInstructions(end);
            ends.add(end);
            cold.set(i, end.raises);
        }
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = 0; i < count; i++) {
                if (!cold.get(i) && ends.get(i).leadsOnlyTo(cold)) {
                    cold.set(i);
                    changed = true;
                }
            }
        }
        return cold;
    }

    /** Where a block leads. */
    private static final class BlockEnd extends AbstractInstructionReader {
        private final BitSet successors = new BitSet();
        private boolean raises;

        boolean leadsOnlyTo(BitSet blocks) {
            BitSet others = (BitSet) successors.clone();
            others.andNot(blocks);
            return !successors.isEmpty() && others.isEmpty();
        }

        @Override
        public void raise(VariableReader exception) {
            raises = true;
        }

        @Override
        public void jump(BasicBlockReader target) {
            successors.set(target.getIndex());
        }

        @Override
        public void jumpIf(
                BranchingCondition condition,
                VariableReader operand,
                BasicBlockReader consequent,
                BasicBlockReader alternative) {
            successors.set(consequent.getIndex());
            successors.set(alternative.getIndex());
        }

        @Override
        public void jumpIf(
                BinaryBranchingCondition condition,
                VariableReader first,
                VariableReader second,
                BasicBlockReader consequent,
                BasicBlockReader alternative) {
            successors.set(consequent.getIndex());
            successors.set(alternative.getIndex());
        }

        @Override
        public void choose(
                VariableReader condition,
                List<? extends SwitchTableEntryReader> table,
                BasicBlockReader defaultTarget) {
            successors.set(defaultTarget.getIndex());
            for (SwitchTableEntryReader entry : table) {
                successors.set(entry.getTarget().getIndex());
            }
        }
    }
}
