// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.debian;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.unimark.baselines.process.Command;

/** The distribution's kernel for virtual machines, unmodified, and the modules that a guest's devices need. */
public final class LinuxKernel {
    /** The kernels for clouds of Debian and Ubuntu, then those for all machines. */
    private static final List<String> META_PACKAGES =
            List.of("linux-image-cloud-amd64", "linux-image-virtual", "linux-image-amd64", "linux-image-generic");

    private static final int DECOMPRESS_TIMEOUT_SECONDS = 30;
    /** Offsets in the boot header (Documentation/arch/x86/boot.rst). */
    private static final int SETUP_SECTORS = 0x1f1;

    private static final int PAYLOAD_OFFSET = 0x248;
    private static final int PAYLOAD_LENGTH = 0x24c;

    private final Path image;
    private final Map<String, Path> modules;
    private final Set<String> builtIn;
    private final List<Package> packages;

    private LinuxKernel(Path image, Map<String, Path> modules, Set<String> builtIn, List<Package> packages) {
        this.image = image;
        this.modules = modules;
        this.builtIn = builtIn;
        this.packages = packages;
    }

    /** Fetches the distribution's newest kernel for virtual machines. */
    public static LinuxKernel fetch(PackageStore store) throws IOException, InterruptedException {
        String meta = store.firstKnown(META_PACKAGES);
        String imagePackage = store.dependencies(meta).stream()
                .filter(name -> name.startsWith("linux-image-"))
                .findFirst()
                .orElse(meta);
        List<Package> packages = store.fetch(List.of(imagePackage), name -> name.startsWith("linux-modules-"));
        Path image = null;
        Map<String, Path> modules = new HashMap<>();
        Set<String> builtIn = new HashSet<>();
        for (Package one : packages) {
            for (Path file : filesOf(one.root())) {
                String name = file.getFileName().toString();
                if (name.startsWith("vmlinuz-")) {
                    image = file;
                } else if (name.equals("modules.builtin")) {
                    Files.readAllLines(file).forEach(line -> builtIn.add(moduleName(line)));
                } else if (name.contains(".ko")) {
                    modules.put(moduleName(name), file);
                }
            }
        }
        if (image == null) {
            throw new IOException("no kernel image in package " + imagePackage);
        }
        return new LinuxKernel(image, modules, builtIn, packages);
    }

    /** The compressed image that a boot loader loads. */
    public Path image() {
        return image;
    }

    public List<Package> packages() {
        return packages;
    }

    /** Bytes of the kernel when it has decompressed itself, by its boot header. */
    public long decompressedBytes() throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(image)).order(ByteOrder.LITTLE_ENDIAN);
        int code = (Byte.toUnsignedInt(file.get(SETUP_SECTORS)) + 1) * 512;
        // The kernel's build appends the size to the compressed payload, whatever the compression.
        int end = code + file.getInt(PAYLOAD_OFFSET) + file.getInt(PAYLOAD_LENGTH);
        return Integer.toUnsignedLong(file.getInt(end - Integer.BYTES));
    }

    /** The modules {@code names} and all that they depend on, decompressed, in an order in which they can be loaded. */
    public Map<String, byte[]> modules(List<String> names) throws IOException, InterruptedException {
        Map<String, byte[]> ordered = new LinkedHashMap<>();
        for (String name : names) {
            addModule(name, ordered, new HashSet<>());
        }
        return ordered;
    }

    private void addModule(String name, Map<String, byte[]> ordered, Set<String> above)
            throws IOException, InterruptedException {
        if (ordered.containsKey(name) || builtIn.contains(name)) {
            return;
        }
        Path file = modules.get(name);
        if (file == null || !above.add(name)) {
            throw new IOException("the kernel package has no module " + name + " or it depends on itself");
        }
        byte[] content = readModule(file);
        for (String dependency : dependencies(content)) {
            addModule(dependency, ordered, above);
        }
        ordered.put(name, content);
    }

    private static byte[] readModule(Path file) throws IOException, InterruptedException {
        String name = file.toString();
        if (name.endsWith(".ko")) {
            return Files.readAllBytes(file);
        }
        String program = name.endsWith(".zst") ? "zstd" : name.endsWith(".xz") ? "xz" : "gzip";
        if (!Command.exists(program)) {
            throw new IOException("the kernel's modules are compressed, and there is no " + program
                    + " here; install the package " + (program.equals("xz") ? "xz-utils" : program));
        }
        Path plain = Files.createTempFile("unimark", ".ko");
        try {
            String script = program + " -dc \"$0\" >\"$1\"";
            Command.run(null, DECOMPRESS_TIMEOUT_SECONDS, List.of("sh", "-c", script, name, plain.toString()));
            return Files.readAllBytes(plain);
        } finally {
            Files.deleteIfExists(plain);
        }
    }

    /** The module's own record of what it needs: "depends=a,b" among the strings of its .modinfo section. */
    private static List<String> dependencies(byte[] module) {
        String text = new String(module, StandardCharsets.ISO_8859_1);
        int start = text.indexOf("\0depends=");
        List<String> names = new ArrayList<>();
        if (start >= 0) {
            String value = text.substring(start + "\0depends=".length(), text.indexOf('\0', start + 1));
            for (String name : value.split(",", -1)) {
                if (!name.isBlank()) {
                    names.add(moduleName(name));
                }
            }
        }
        return names;
    }

    /** Files use dashes or underscores, the kernel underscores. */
    private static String moduleName(String path) {
        String file = path.substring(path.lastIndexOf('/') + 1);
        int dot = file.indexOf(".ko");
        return (dot < 0 ? file : file.substring(0, dot)).replace('-', '_');
    }

    private static List<Path> filesOf(Path root) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
