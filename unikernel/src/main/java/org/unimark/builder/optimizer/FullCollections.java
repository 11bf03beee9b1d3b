// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.optimizer;

import java.util.Set;
import org.teavm.model.BasicBlock;
import org.teavm.model.ClassHolder;
import org.teavm.model.ClassHolderTransformer;
import org.teavm.model.ClassHolderTransformerContext;
import org.teavm.model.Instruction;
import org.teavm.model.MethodHolder;
import org.teavm.model.MethodReference;
import org.teavm.model.instructions.InvokeInstruction;

/**
 * Makes every collection a full one. A generational collection needs to know which old objects were written to, which
 * costs about six instructions for every reference that is stored anywhere; the heaps of servers that do not allocate
 * while they serve are small and collected almost never.
 */
final class FullCollections implements ClassHolderTransformer {
    private static final String COLLECTOR = "org.teavm.runtime.GC";
    private static final String ANY = "collectGarbageImpl";
    private static final String FULL = "collectGarbageFullImpl";
    private static final Set<String> CALLERS = Set.of("getNextChunk", "collectGarbage");

    @Override
    public void transformClass(ClassHolder cls, ClassHolderTransformerContext context) {
        if (!cls.getName().equals(COLLECTOR)) {
            return;
        }
        int replaced = 0;
        for (MethodHolder method : cls.getMethods()) {
            if (CALLERS.contains(method.getName())) {
                for (BasicBlock block : method.getProgram().getBasicBlocks()) {
                    for (Instruction instruction : block) {
                        replaced += replace(instruction);
                    }
                }
            }
        }
        if (replaced != CALLERS.size()) {
            // Without write barriers a generational collection would free objects that are in use.
            throw new IllegalStateException("the collector of this TeaVM version is not the one that is known");
        }
    }

    private static int replace(Instruction instruction) {
        if (!(instruction instanceof InvokeInstruction)) {
            return 0;
        }
        InvokeInstruction invoke = (InvokeInstruction) instruction;
        MethodReference method = invoke.getMethod();
        if (!method.getClassName().equals(COLLECTOR) || !method.getName().equals(ANY)) {
            return 0;
        }
        invoke.setMethod(new MethodReference(COLLECTOR, FULL, method.getSignature()));
        return 1;
    }
}
