// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.teavm.backend.c.generate.ShorteningFileNameProvider;
import org.teavm.backend.c.generate.SimpleFileNameProvider;
import org.teavm.dependency.PreciseDependencyAnalyzer;
import org.teavm.model.PreOptimizingClassHolderSource;
import org.teavm.model.ReferenceCache;
import org.teavm.parsing.ClasspathClassHolderSource;
import org.teavm.parsing.ClasspathResourceProvider;
import org.teavm.vm.DirectoryBuildTarget;
import org.teavm.vm.TeaVM;
import org.teavm.vm.TeaVMBuilder;
import org.teavm.vm.TeaVMOptimizationLevel;
import org.unimark.builder.optimizer.KeelTarget;

/** Runs TeaVM: from the entry class to C, with everything left out that the entry class does not reach. */
final class Translator {
    /**
     * The heap of a Linux binary, of which only what is used takes memory. It does not grow, so that its accounts need no
     * work in the allocator. An image makes its heap from the memory that it finds.
     */
    private static final int HEAP_BYTES = 64 << 20;

    private Translator() {}

    /** Writes C sources into {@code output}; {@code all.c} there includes all the others. */
    static void translate(List<Path> classpath, Path output) throws BuildException, IOException {
        Files.createDirectories(output);
        URL[] urls = new URL[classpath.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = classpath.get(i).toUri().toURL();
        }
        try (URLClassLoader loader = new URLClassLoader(urls, Translator.class.getClassLoader())) {
            KeelTarget target = new KeelTarget();
            TeaVM compiler = prepare(target, loader);
            compiler.build(new DirectoryBuildTarget(output.toFile()), "image.c");
            Diagnosis.check(compiler);
            Files.write(output.resolve("frames.txt"), target.framesExplained());
            Files.writeString(
                    output.resolve("cold.h"),
                    target.coldDeclarations(compiler.getMethods()) + target.importDeclarations(compiler.getMethods()));
        }
    }

    private static TeaVM prepare(KeelTarget target, ClassLoader loader) {
        target.setMinHeapSize(HEAP_BYTES);
        target.setMaxHeapSize(HEAP_BYTES);
        target.setObfuscated(false);
        // Tables of lines then name Java's.
        target.setLineNumbersGenerated(true);
        target.setFileNames(new ShorteningFileNameProvider(new SimpleFileNameProvider()));
        ReferenceCache references = new ReferenceCache();
        ClasspathResourceProvider resources = new ClasspathResourceProvider(loader);
        TeaVM compiler = new TeaVMBuilder(target)
                .setReferenceCache(references)
                .setClassLoader(loader)
                .setClassSource(new PreOptimizingClassHolderSource(
                        new ClasspathClassHolderSource(resources, references, loader)))
                .setResourceProvider(resources)
                .setDependencyAnalyzerFactory(PreciseDependencyAnalyzer::new)
                .setStrict(true)
                .build();
        compiler.setOptimizationLevel(TeaVMOptimizationLevel.FULL);
        compiler.installPlugins();
        compiler.setEntryPoint(EntryPoint.CLASS_NAME);
        compiler.setEntryPointName("main");
        return compiler;
    }
}
