// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** Generates the class whose {@code main} hands a new application object to the platform. */
final class EntryPoint {
    static final String CLASS_NAME = "org.unimark.generated.Entry";

    private EntryPoint() {}

    /** Compiles the entry class into {@code directory}. */
    static void generate(BuildRequest request, List<Path> classpath, Path directory)
            throws BuildException, IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new BuildException(
                    "this Java installation has no compiler; install a JDK (Debian: default-jdk-headless)");
        }
        if (!request.mainClass().matches("[\\p{L}_$][\\p{L}\\p{N}_$.]*")) {
            throw new BuildException("'" + request.mainClass() + "' is not the name of a class");
        }
        Files.createDirectories(directory);
        StringWriter errors = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(directory));
            files.setLocationFromPaths(StandardLocation.CLASS_PATH, classpath);
            boolean compiled = compiler.getTask(
                            errors,
                            files,
                            null,
                            List.of("--release", "17", "-proc:none", "-Xlint:none"),
                            null,
                            List.of(source(request)))
                    .call();
            if (!compiled) {
                throw new BuildException(request.mainClass()
                        + " cannot be started: it must be a public class on the class path that implements"
                        + " org.unimark.keel.application.Application and has a public constructor without"
                        + " arguments.\n" + errors);
            }
        }
    }

    private static JavaFileObject source(BuildRequest request) {
        String text = "package org.unimark.generated;\n"
                + "public final class Entry {\n"
                + "    public static void main(String[] arguments) {\n"
                + "        " + request.target().bootClass() + ".run(new "
                + request.mainClass().replace('$', '.') + "());\n"
                + "    }\n"
                + "}\n";
        URI name = URI.create("memory:///" + CLASS_NAME.replace('.', '/') + JavaFileObject.Kind.SOURCE.extension);
        return new SimpleJavaFileObject(name, JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }
}
