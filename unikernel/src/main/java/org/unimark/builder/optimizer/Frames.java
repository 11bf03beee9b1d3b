// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.optimizer;

import java.util.ArrayList;
import java.util.List;
import org.teavm.model.BasicBlock;
import org.teavm.model.Instruction;
import org.teavm.model.MethodReader;
import org.teavm.model.MethodReference;
import org.teavm.model.Program;
import org.teavm.model.Variable;
import org.teavm.model.instructions.AssignInstruction;
import org.teavm.model.instructions.BoundCheckInstruction;
import org.teavm.model.instructions.CastInstruction;
import org.teavm.model.instructions.ExitInstruction;
import org.teavm.model.instructions.IntegerConstantInstruction;
import org.teavm.model.instructions.InvocationType;
import org.teavm.model.instructions.InvokeInstruction;
import org.teavm.model.instructions.NullCheckInstruction;
import org.teavm.model.instructions.RaiseInstruction;
import org.teavm.model.lowlevel.Characteristics;
import org.teavm.model.lowlevel.ExceptionHandlingUtil;
import org.teavm.model.lowlevel.GCShadowStackContributor;
import org.teavm.model.lowlevel.ShadowStackTransformer;
import org.teavm.runtime.ShadowStack;

/**
 * Decides which methods have a frame on the shadow stack, and where they put references there for the collector. TeaVM
 * does so around everything that might throw; here a method without handlers does so only around what can return after a
 * collection, because after an exception has left it nothing of it is alive.
 */
final class Frames {
    private final Characteristics characteristics;
    private final ShadowStackTransformer everywhere;
    private final CollectionPoints points;
    private final List<String> explanations = new ArrayList<>();

    Frames(Characteristics characteristics, CollectionPoints points) {
        this.characteristics = characteristics;
        this.everywhere = new ShadowStackTransformer(characteristics);
        this.points = points;
    }

    void apply(Program program, MethodReader method) {
        if (!characteristics.isManaged(method.getReference())) {
            return;
        }
        if (ColdCode.hasHandlers(program)) {
            everywhere.apply(program, method);
            explanations.add(points.explain(method.getReference()) + ", and handles exceptions");
            return;
        }
        Characteristics collecting = new CollectingOnly(method.getReference());
        List<Replacement> replacements = hideWhatOnlyThrows(program);
        int roots = new GCShadowStackContributor(collecting).contribute(program, method);
        boolean collects = hasCollectionPoint(program, collecting);
        for (Replacement replacement : replacements) {
            replacement.standIn.replace(replacement.original);
        }
        if (collects) {
            addFrame(program, roots);
            explanations.add(points.explain(method.getReference()));
        }
    }

    /** One line for each method that has a frame, with the reason. */
    List<String> explanations() {
        return explanations;
    }

    private static boolean hasCollectionPoint(Program program, Characteristics collecting) {
        for (BasicBlock block : program.getBasicBlocks()) {
            for (Instruction instruction : block) {
                if (ExceptionHandlingUtil.isCallInstruction(collecting, instruction)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void addFrame(Program program, int roots) {
        program.basicBlockAt(0).addFirstAll(frameCall(program, "allocStack", roots));
        for (BasicBlock block : program.getBasicBlocks()) {
            if (block.getLastInstruction() instanceof ExitInstruction) {
                block.getLastInstruction().insertPreviousAll(frameCall(program, "releaseStack", roots));
            }
        }
    }

    private static List<Instruction> frameCall(Program program, String operation, int roots) {
        IntegerConstantInstruction size = new IntegerConstantInstruction();
        size.setReceiver(program.createVariable());
        size.setConstant(roots);
        InvokeInstruction call = new InvokeInstruction();
        call.setType(InvocationType.SPECIAL);
        call.setMethod(new MethodReference(ShadowStack.class, operation, int.class, void.class));
        call.setArguments(size.getReceiver());
        return List.of(size, call);
    }

    /** Puts assignments and returns in place of checks and throws, which look the same to the analysis of life times. */
    private static List<Replacement> hideWhatOnlyThrows(Program program) {
        List<Replacement> replacements = new ArrayList<>();
        for (BasicBlock block : program.getBasicBlocks()) {
            for (Instruction original = block.getFirstInstruction(); original != null; ) {
                Instruction next = original.getNext();
                Instruction standIn = standIn(original);
                if (standIn != null) {
                    standIn.setLocation(original.getLocation());
                    original.replace(standIn);
                    replacements.add(new Replacement(original, standIn));
                }
                original = next;
            }
        }
        return replacements;
    }

    private static Instruction standIn(Instruction original) {
        if (original instanceof NullCheckInstruction) {
            NullCheckInstruction check = (NullCheckInstruction) original;
            return assign(check.getValue(), check.getReceiver());
        }
        if (original instanceof BoundCheckInstruction) {
            BoundCheckInstruction check = (BoundCheckInstruction) original;
            return assign(check.getIndex(), check.getReceiver());
        }
        if (original instanceof CastInstruction) {
            CastInstruction cast = (CastInstruction) original;
            return assign(cast.getValue(), cast.getReceiver());
        }
        return original instanceof RaiseInstruction ? new ExitInstruction() : null;
    }

    private static Instruction assign(Variable from, Variable to) {
        AssignInstruction assign = new AssignInstruction();
        assign.setAssignee(from);
        assign.setReceiver(to);
        return assign;
    }

    private static final class Replacement {
        final Instruction original;
        final Instruction standIn;

        Replacement(Instruction original, Instruction standIn) {
            this.original = original;
            this.standIn = standIn;
        }
    }

    /** Makes TeaVM's analysis ignore calls that cannot return after a collection. */
    private final class CollectingOnly extends Characteristics {
        private final MethodReference current;

        CollectingOnly(MethodReference current) {
            super(null);
            this.current = current;
        }

        @Override
        public boolean isManaged(MethodReference method) {
            if (method.equals(current)) {
                return true;
            }
            return characteristics.isManaged(method) && !ThrowOutlining.isOutlined(method) && points.collects(method);
        }

        @Override
        public boolean isManaged(String className) {
            return characteristics.isManaged(className);
        }

        @Override
        public boolean isStructure(String className) {
            return characteristics.isStructure(className);
        }

        @Override
        public boolean isFunction(String className) {
            return characteristics.isFunction(className);
        }

        @Override
        public boolean isStaticInit(String className) {
            return characteristics.isStaticInit(className);
        }

        @Override
        public boolean isResource(String className) {
            return characteristics.isResource(className);
        }

        @Override
        public boolean isReflectionSpecial(String className) {
            return characteristics.isReflectionSpecial(className);
        }
    }
}
