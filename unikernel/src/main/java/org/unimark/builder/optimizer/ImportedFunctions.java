// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.optimizer;

import java.util.Collection;
import java.util.TreeSet;
import org.teavm.dependency.DependencyInfo;
import org.teavm.interop.Import;
import org.teavm.interop.c.Include;
import org.teavm.model.AnnotationReader;
import org.teavm.model.ClassReader;
import org.teavm.model.MethodReader;
import org.teavm.model.MethodReference;
import org.teavm.model.ValueType;

/** Declares to C the functions that a class of the fence imports without naming a header: as its Java signatures say. */
final class ImportedFunctions {
    private static final String FENCE = "org.unimark.keel.machine.";

    private ImportedFunctions() {}

    static String declarations(Collection<MethodReference> methods, DependencyInfo dependencies) {
        TreeSet<String> declarations = new TreeSet<>();
        for (MethodReference reference : methods) {
            if (!reference.getClassName().startsWith(FENCE)) {
                continue;
            }
            ClassReader owner = dependencies.getClassSource().get(reference.getClassName());
            MethodReader method = owner == null ? null : owner.getMethod(reference.getDescriptor());
            AnnotationReader imported =
                    method == null ? null : method.getAnnotations().get(Import.class.getName());
            if (imported != null && owner.getAnnotations().get(Include.class.getName()) == null) {
                declarations.add(declaration(imported.getValue("name").getString(), reference));
            }
        }
        return String.join("", declarations);
    }

    private static String declaration(String name, MethodReference method) {
        StringBuilder text = new StringBuilder();
        for (ValueType parameter : method.getParameterTypes()) {
            text.append(text.length() == 0 ? "" : ", ").append(type(parameter));
        }
        return "extern " + type(method.getReturnType()) + " " + name + "(" + (text.length() == 0 ? "void" : text)
                + ");\n";
    }

    private static String type(ValueType type) {
        if (type == ValueType.DOUBLE) {
            return "double";
        }
        if (type == ValueType.FLOAT) {
            return "float";
        }
        return KeelTarget.type(type);
    }
}
