// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One application to build.
 *
 * @param name file name of the result, without an extension
 * @param mainClass binary name of a public class that implements {@code org.unimark.keel.application.Application} and has
 *     a public constructor without arguments
 * @param classpath where the application's classes are, besides Keel itself: directories and jars
 * @param resources files that are sealed into the image, by name
 * @param target image or Linux binary
 * @param outputDirectory where the result is put; created if missing
 */
public record BuildRequest(
        String name,
        String mainClass,
        List<Path> classpath,
        Map<String, byte[]> resources,
        Target target,
        Path outputDirectory) {
    public BuildRequest {
        classpath = List.copyOf(classpath);
        resources = Map.copyOf(resources);
    }

    public BuildRequest(
            String mainClass, List<Path> classpath, Map<String, byte[]> resources, Target target, Path output) {
        this(mainClass.substring(mainClass.lastIndexOf('.') + 1), mainClass, classpath, resources, target, output);
    }

    /** An application that comes with Keel, without resources. */
    public BuildRequest(String mainClass, Target target, Path outputDirectory) {
        this(mainClass, List.of(), Map.of(), target, outputDirectory);
    }

    List<NativeLibrary> libraries() {
        return NativeLibrary.of(mainClass);
    }

    /** The resources in the order in which they are sealed, which does not depend on how the map was made. */
    Map<String, byte[]> sortedResources() {
        return new TreeMap<>(resources);
    }
}
