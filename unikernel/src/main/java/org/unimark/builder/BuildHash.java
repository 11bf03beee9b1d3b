// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.teavm.vm.TeaVM;

/** Hash of everything that decides what a build produces. */
final class BuildHash {
    private final MessageDigest digest;

    private BuildHash() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Of a program without the resources that are sealed into it. */
    static String ofProgram(
            BuildRequest request, List<Path> classpath, NativeSources sources, NativeToolchain toolchain)
            throws BuildException, IOException {
        BuildHash hash = new BuildHash();
        hash.add(request.mainClass());
        hash.add(request.target().name());
        hash.add(toolchain.identity());
        hash.add(TeaVM.class.getProtectionDomain().getCodeSource().getLocation().toString());
        for (Path entry : classpath) {
            hash.addClasses(entry);
        }
        for (Map.Entry<String, byte[]> file : sources.ofTarget().entrySet()) {
            hash.add(file.getKey());
            hash.add(file.getValue());
        }
        for (NativeLibrary library : request.libraries()) {
            hash.add(library.directory());
            hash.add(library.identity());
        }
        return hash.text();
    }

    /** Of the program with that hash and these resources. */
    static String of(String program, Map<String, byte[]> resources) {
        BuildHash hash = new BuildHash();
        hash.add(program);
        for (Map.Entry<String, byte[]> resource : resources.entrySet()) {
            hash.add(resource.getKey());
            hash.add(resource.getValue());
        }
        return hash.text();
    }

    private String text() {
        return HexFormat.of().formatHex(digest.digest());
    }

    private void addClasses(Path entry) throws IOException {
        if (!Files.isDirectory(entry)) {
            add(Files.readAllBytes(entry));
            return;
        }
        for (Path file : FileTrees.files(entry)) {
            add(entry.relativize(file).toString());
            add(Files.readAllBytes(file));
        }
    }

    private void add(String text) {
        add(text.getBytes(StandardCharsets.UTF_8));
    }

    /** With its length, so that two different sequences of parts never hash alike. */
    private void add(byte[] bytes) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        digest.update(bytes);
    }
}
