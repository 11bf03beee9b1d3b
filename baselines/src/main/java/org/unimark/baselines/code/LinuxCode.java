// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.code;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.unimark.baselines.files.ElfFile;
import org.unimark.baselines.process.Command;

/** The code of a Linux guest, read off exactly what it boots: the kernel and the archive of its first file system. */
public final class LinuxCode {
    /** Programs that run what they are told; links to them are not counted. */
    private static final Set<String> SHELLS = Set.of("sh", "bash", "dash", "busybox");

    private static final int DECOMPRESS_TIMEOUT_SECONDS = 60;
    /** Offsets in the boot header (Documentation/arch/x86/boot.rst). */
    private static final int SETUP_SECTORS = 0x1f1;

    private static final int PAYLOAD_OFFSET = 0x248;
    private static final int PAYLOAD_LENGTH = 0x24c;
    private static final int CPIO_HEADER = 110;
    private static final int CPIO_MODE = 14;
    private static final int CPIO_LENGTH = 54;
    private static final int CPIO_NAME_LENGTH = 94;
    private static final int SET_IDS = 06000;
    private static final int FILE_TYPE = 0170000;
    private static final int REGULAR = 0100000;
    private static final int ANY_EXECUTE = 0111;
    /** What objtool records of a call or jump through a register: a 32-bit offset each. */
    private static final String INDIRECT_SITES = ".retpoline_sites";

    private final Map<String, Long> bytes = new TreeMap<>();
    private final Map<String, Long> facts = new TreeMap<>();

    private LinuxCode() {}

    /**
     * @param kernel compressed, as booted
     * @param initialFiles archive of the first file system, which holds modules, tools and the container
     * @param packages lines of the manifest: one a Debian package
     * @param systemCalls that the container may use
     */
    public static CodeInventory of(Path kernel, Path initialFiles, List<String> packages, int systemCalls)
            throws IOException, InterruptedException {
        LinuxCode code = new LinuxCode();
        for (String fact : List.of(
                "setuid_files",
                "programs",
                "shells",
                "files_for_a_loader",
                "writable_executable_bytes",
                "kernel_indirect_branches")) {
            code.facts.put(fact, 0L);
        }
        code.kernelCode("Linux kernel/kernel", decompressed(Files.readAllBytes(kernel)));
        code.files(Files.readAllBytes(initialFiles));
        code.facts.put("packages", (long) packages.size());
        code.facts.put("system_calls_available", (long) systemCalls);
        return new CodeInventory(code.bytes, code.facts);
    }

    private void kernelCode(String part, byte[] content) {
        ElfImage image = new ElfImage(content);
        bytes.merge(part, image.codeBytes(), Long::sum);
        image.sections().stream()
                .filter(section -> section.name().equals(INDIRECT_SITES))
                .forEach(
                        section -> facts.merge("kernel_indirect_branches", section.bytes() / Integer.BYTES, Long::sum));
    }

    /** Walks an archive in the format "newc" (Documentation/driver-api/early-userspace/buffer-format.rst). */
    private void files(byte[] archive) {
        int at = 0;
        while (at + CPIO_HEADER <= archive.length) {
            int mode = number(archive, at + CPIO_MODE);
            int length = number(archive, at + CPIO_LENGTH);
            int nameLength = number(archive, at + CPIO_NAME_LENGTH);
            String name = new String(archive, at + CPIO_HEADER, nameLength - 1, StandardCharsets.UTF_8);
            int content = aligned(at + CPIO_HEADER + nameLength);
            if (name.equals("TRAILER!!!")) {
                return;
            }
            if ((mode & FILE_TYPE) == REGULAR) {
                file(name, mode, Arrays.copyOfRange(archive, content, content + length));
            }
            at = aligned(content + length);
        }
    }

    private static int aligned(int offset) {
        return (offset + 3) & ~3;
    }

    private static int number(byte[] archive, int at) {
        return Integer.parseUnsignedInt(new String(archive, at, 8, StandardCharsets.US_ASCII), 16);
    }

    private void file(String name, int mode, byte[] content) {
        if ((mode & SET_IDS) != 0) {
            facts.merge("setuid_files", 1L, Long::sum);
        }
        if (!ElfFile.isElf(content)) {
            return;
        }
        String file = name.substring(name.lastIndexOf('/') + 1);
        if (file.endsWith(".ko")) {
            kernelCode("Linux modules/" + file.replaceFirst("^[0-9]+-", ""), content);
            facts.merge("kernel_modules_loaded", 1L, Long::sum);
            return;
        }
        ElfImage image = new ElfImage(content);
        if (image.needsLoader()) {
            facts.merge("files_for_a_loader", 1L, Long::sum);
        }
        String origin = !name.startsWith("container/")
                ? "guest's tools"
                : file.contains(".so") ? "libraries of the server" : "server";
        bytes.merge(origin + CodeInventory.SEPARATOR + file, image.codeBytes(), Long::sum);
        facts.merge("writable_executable_bytes", image.writableExecutableBytes(), Long::sum);
        if ((mode & ANY_EXECUTE) != 0 && !file.contains(".so")) {
            facts.merge("programs", 1L, Long::sum);
            facts.merge("shells", SHELLS.contains(file) ? 1L : 0, Long::sum);
        }
    }

    /** The kernel proper, which the boot header of the compressed file locates. */
    static byte[] decompressed(byte[] compressed) throws IOException, InterruptedException {
        ByteBuffer file = ByteBuffer.wrap(compressed).order(ByteOrder.LITTLE_ENDIAN);
        int start = (Byte.toUnsignedInt(file.get(SETUP_SECTORS)) + 1) * 512 + file.getInt(PAYLOAD_OFFSET);
        byte[] payload = Arrays.copyOfRange(compressed, start, start + file.getInt(PAYLOAD_LENGTH));
        Path packed = Files.createTempFile("unimark", ".payload");
        Path plain = Files.createTempFile("unimark", ".vmlinux");
        try {
            Files.write(packed, payload);
            String script = decompressor(payload) + " \"$0\" >\"$1\" 2>/dev/null || true";
            Command.run(
                    null, DECOMPRESS_TIMEOUT_SECONDS, List.of("sh", "-c", script, packed.toString(), plain.toString()));
            byte[] kernel = Files.readAllBytes(plain);
            if (!ElfFile.isElf(kernel)) {
                throw new IOException("the kernel cannot be decompressed with " + decompressor(payload));
            }
            return kernel;
        } finally {
            Files.deleteIfExists(packed);
            Files.deleteIfExists(plain);
        }
    }

    /** The size that follows the stream is no part of it: programs complain about it after they have written everything. */
    private static String decompressor(byte[] payload) throws IOException {
        int magic = ByteBuffer.wrap(payload).getInt();
        if (magic >>> 16 == 0x1f8b) {
            return "gzip -dc";
        }
        return switch (magic) {
            case 0xfd377a58 -> "xz -dc --single-stream";
            case 0x28b52ffd -> "zstd -dc";
            case 0x02214c18, 0x04224d18 -> "lz4 -dc";
            default -> throw new IOException(String.format("unknown compression of the kernel: %08x", magic));
        };
    }
}
