// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.optimizer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.teavm.backend.c.CTarget;
import org.teavm.backend.c.generate.CNameProvider;
import org.teavm.interop.Address;
import org.teavm.model.AnnotationContainerReader;
import org.teavm.model.ClassHolderTransformer;
import org.teavm.model.ClassReader;
import org.teavm.model.ListableClassReaderSource;
import org.teavm.model.MethodReader;
import org.teavm.model.MethodReference;
import org.teavm.model.Program;
import org.teavm.model.ValueType;
import org.teavm.model.lowlevel.Characteristics;
import org.teavm.model.lowlevel.ClassInitializerEliminator;
import org.teavm.model.optimization.InliningFilterFactory;
import org.teavm.model.util.AsyncMethodFinder;
import org.teavm.runtime.Allocator;
import org.teavm.runtime.RuntimeClass;
import org.teavm.vm.TeaVMTargetController;
import org.unimark.keel.kernel.Rare;

/** TeaVM's C back end with Keel's rules about frames, barriers and initialisers in place of its own. */
public final class KeelTarget extends CTarget {
    private TeaVMTargetController controller;
    private Characteristics characteristics;
    private ClassInitializerEliminator uselessInitializers;
    private StartUpCode startUp;
    private EagerInitializers initializers;
    private Frames frames;
    private NullChecks nullChecks;
    private boolean threaded;

    private static final List<MethodReference> ALLOCATIONS = List.of(
            new MethodReference(Allocator.class, "allocate", RuntimeClass.class, Address.class),
            new MethodReference(Allocator.class, "allocateArray", RuntimeClass.class, int.class, Address.class));

    private final CNameProvider names;

    public KeelTarget() {
        this(new CNameProvider());
    }

    private KeelTarget(CNameProvider names) {
        super(names);
        this.names = names;
    }

    /**
     * C declarations that say of code that throws that it is rarely reached and does not return, and of code that only
     * starts the system that it is rarely reached, so that the C compiler makes it small and keeps it out of the way; to be
     * called after the C code was written.
     */
    public String coldDeclarations(Collection<MethodReference> methods) {
        StringBuilder declarations = new StringBuilder();
        for (MethodReference allocation : ALLOCATIONS) {
            // Inlined, one would be fifty bytes, and there are hundreds of them where nothing is in a hurry.
            declarations.append("extern void* ").append(names.forMethod(allocation));
            declarations.append("() __attribute__((noinline));\n");
        }
        for (MethodReference method : methods) {
            boolean outlined = ThrowOutlining.isOutlined(method);
            MethodReader reader = controller.getUnprocessedClassSource().resolve(method);
            boolean neverReturns =
                    reader != null && reader.getProgram() != null && ColdCode.neverReturns(reader.getProgram());
            boolean rare = outlined || neverReturns || isRare(method);
            if (rare && characteristics.isManaged(method) && isDeclarable(method)) {
                declarations
                        .append("extern ")
                        .append(type(method.getReturnType()))
                        .append(' ');
                declarations.append(names.forMethod(method)).append("() __attribute__((cold");
                declarations.append(outlined ? ", noinline" : neverReturns ? ", noreturn" : "");
                declarations.append("));\n");
            }
        }
        return declarations.toString();
    }

    /** C declarations of functions that Java imports by name alone; to be called after the C code was written. */
    public String importDeclarations(Collection<MethodReference> methods) {
        return ImportedFunctions.declarations(methods, controller.getDependencyInfo());
    }

    /** A declaration without parameters fits every function but those whose parameters C would promote. */
    private static boolean isDeclarable(MethodReference method) {
        for (ValueType type : method.getParameterTypes()) {
            if (type == ValueType.FLOAT) {
                return false;
            }
        }
        return true;
    }

    static String type(ValueType type) {
        if (type == ValueType.VOID) {
            return "void";
        }
        if (type == ValueType.LONG) {
            return "int64_t";
        }
        if (type == ValueType.FLOAT) {
            return "float";
        }
        if (type == ValueType.DOUBLE) {
            return "double";
        }
        if (type instanceof ValueType.Array) {
            return "TeaVM_Array*";
        }
        return type instanceof ValueType.Primitive ? "int32_t" : "void*";
    }

    @Override
    public List<ClassHolderTransformer> getTransformers() {
        List<ClassHolderTransformer> transformers = new ArrayList<>(super.getTransformers());
        transformers.add(new FullCollections());
        transformers.add(new SafeArithmetic());
        transformers.add(new ThrowOutlining());
        return transformers;
    }

    @Override
    public void setController(TeaVMTargetController newController) {
        super.setController(newController);
        controller = newController;
        characteristics = new Characteristics(controller.getUnprocessedClassSource());
        startUp = new StartUpCode(controller.getDependencyInfo());
        uselessInitializers = new ClassInitializerEliminator(controller.getUnprocessedClassSource());
    }

    @Override
    public void analyzeBeforeOptimizations(ListableClassReaderSource classes) {
        super.analyzeBeforeOptimizations(classes);
        AsyncMethodFinder finder =
                new AsyncMethodFinder(controller.getDependencyInfo().getCallGraph(), controller.getDependencyInfo());
        finder.find(classes);
        threaded = finder.hasAsyncMethods();
        initializers = new EagerInitializers(controller, classes);
        frames = new Frames(characteristics, new CollectionPoints(controller, characteristics, classes));
        nullChecks = new NullChecks(classes, controller.getDependencyInfo().getCallGraph());
    }

    /** True if the program uses threads in earnest, which Keel does not have. */
    public boolean isThreaded() {
        return threaded;
    }

    /** One line for each method that has a frame on the shadow stack: the calls that lead to an allocation. */
    public List<String> framesExplained() {
        return frames.explanations();
    }

    @Override
    public void beforeOptimizations(Program program, MethodReader method) {
        initializers.apply(program, method.getReference());
        BoundChecks.insert(program);
    }

    @Override
    public void afterOptimizations(Program program, MethodReader method) {
        uselessInitializers.apply(program);
        nullChecks.apply(program, method.getReference());
        frames.apply(program, method);
        // No write barriers: they serve generational collections, and every collection is a full one.
    }

    /** Code that throws is called, not inlined: it would only push apart what runs. Start-up code is to be small. */
    @Override
    public InliningFilterFactory getInliningFilter() {
        InliningFilterFactory standard = super.getInliningFilter();
        return caller -> {
            if (isRare(caller)) {
                return callee -> false;
            }
            var filter = standard.createFilter(caller);
            return callee -> !isCold(callee) && !saysRare(callee) && filter.apply(callee);
        };
    }

    /** Code that is to be small because it runs at start only, or as it or its class says of itself. */
    private boolean isRare(MethodReference method) {
        ClassReader declaring = controller.getUnprocessedClassSource().get(method.getClassName());
        if (startUp.contains(method) || declaring == null) {
            return startUp.contains(method);
        }
        return isRare(declaring.getAnnotations()) || saysRare(method);
    }

    /** Whether the method itself, not only its class, of which others may use the short ones often, says so. */
    private boolean saysRare(MethodReference method) {
        ClassReader declaring = controller.getUnprocessedClassSource().get(method.getClassName());
        MethodReader reader = declaring == null ? null : declaring.getMethod(method.getDescriptor());
        return reader != null && isRare(reader.getAnnotations());
    }

    private static boolean isRare(AnnotationContainerReader annotations) {
        return annotations.get(Rare.class.getName()) != null;
    }

    private boolean isCold(MethodReference method) {
        if (ThrowOutlining.isOutlined(method)) {
            return true;
        }
        MethodReader reader = controller.getUnprocessedClassSource().resolve(method);
        return reader != null && reader.getProgram() != null && ColdCode.neverReturns(reader.getProgram());
    }
}
