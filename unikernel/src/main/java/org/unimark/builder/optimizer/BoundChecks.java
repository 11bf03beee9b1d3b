// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.optimizer;

import java.util.HashMap;
import java.util.Map;
import org.teavm.model.BasicBlock;
import org.teavm.model.Instruction;
import org.teavm.model.Program;
import org.teavm.model.Variable;
import org.teavm.model.instructions.BoundCheckInstruction;
import org.teavm.model.instructions.GetElementInstruction;
import org.teavm.model.instructions.PutElementInstruction;

/**
 * Puts a check before every access to an array, in place of TeaVM's own pass, which leaves checks out where they are
 * needed (a constant index behind the end of an array of constant size; an index after a comparison that did not end the
 * block). gcc removes the checks that it can prove away.
 */
final class BoundChecks {
    private BoundChecks() {}

    static void insert(Program program) {
        for (BasicBlock block : program.getBasicBlocks()) {
            Map<Variable, Map<Variable, Variable>> checked = new HashMap<>();
            for (Instruction instruction = block.getFirstInstruction(); instruction != null; ) {
                Instruction next = instruction.getNext();
                if (instruction instanceof GetElementInstruction) {
                    GetElementInstruction get = (GetElementInstruction) instruction;
                    get.setIndex(check(checked, instruction, get.getArray(), get.getIndex()));
                } else if (instruction instanceof PutElementInstruction) {
                    PutElementInstruction put = (PutElementInstruction) instruction;
                    put.setIndex(check(checked, instruction, put.getArray(), put.getIndex()));
                }
                instruction = next;
            }
        }
    }

    /** Returns the checked index: variables have one value, so within a block one check of a pair is enough. */
    private static Variable check(
            Map<Variable, Map<Variable, Variable>> checked, Instruction access, Variable array, Variable index) {
        return checked.computeIfAbsent(array, key -> new HashMap<>()).computeIfAbsent(index, key -> {
            BoundCheckInstruction check = new BoundCheckInstruction();
            check.setArray(array);
            check.setIndex(index);
            check.setLower(true);
            check.setReceiver(access.getProgram().createVariable());
            check.setLocation(access.getLocation());
            access.insertPrevious(check);
            return check.getReceiver();
        });
    }
}
