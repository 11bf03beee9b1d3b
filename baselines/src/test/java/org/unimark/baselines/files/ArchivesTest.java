// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.baselines.process.Command;

/** Archives are read back by the programs that everybody reads them with. */
class ArchivesTest {
    @TempDir
    Path directory;

    private static FileTree tree() {
        byte[] large = new byte[100_001];
        new Random(1).nextBytes(large);
        return new FileTree()
                .executable("usr/bin/tool", large)
                .text("etc/empty", "")
                .text("etc/name", "content\n")
                .link("bin", "usr/bin")
                .directory("tmp", 01777)
                .text("a/" + "long/".repeat(25) + "name", "deep");
    }

    @Test
    void tarRestoresTheTree() throws Exception {
        Path archive = Files.write(directory.resolve("tree.tar"), TarArchive.of(tree()));
        Path root = Files.createDirectory(directory.resolve("root"));

        Command.run(root, 20, List.of("tar", "--extract", "--file", archive.toString()));

        assertRestored(root);
        assertThat(Command.run("tar", "--list", "--verbose", "--numeric-owner", "--file", archive.toString()))
                .contains("drwxrwxrwt 0/0", "1970-01-01")
                .contains("-rwxr-xr-x 0/0");
    }

    @Test
    void cpioHasTheTree() {
        Map<String, String> found = new LinkedHashMap<>();
        byte[] archive = CpioArchive.of(tree());
        int at = 0;
        while (!found.containsKey("TRAILER!!!")) {
            // Magic, then inode, mode, owner, group, links, time, size, four of devices, length of the name, checksum.
            assertThat(new String(archive, at, 6, StandardCharsets.US_ASCII)).isEqualTo("070701");
            int mode = number(archive, at + 14);
            int size = number(archive, at + 54);
            int nameLength = number(archive, at + 94);
            String name = new String(archive, at + 110, nameLength - 1, StandardCharsets.UTF_8);
            int content = aligned(at + 110 + nameLength);
            byte[] bytes = Arrays.copyOfRange(archive, content, content + size);
            found.put(name, Integer.toOctalString(mode) + " " + Digests.sha256(bytes));
            at = aligned(content + size);
        }

        assertThat(at).isEqualTo(archive.length);
        assertThat(found.keySet()).startsWith("a", "a/long", "a/long/long").endsWith("usr/bin/tool", "TRAILER!!!");
        assertThat(found)
                .hasSize(tree().nodes().size() + 1)
                .containsEntry("tmp", "41777 " + Digests.sha256(new byte[0]))
                .containsEntry("bin", "120777 " + Digests.sha256("usr/bin".getBytes(StandardCharsets.UTF_8)))
                .containsEntry("etc/name", "100644 " + Digests.sha256("content\n".getBytes(StandardCharsets.UTF_8)));
    }

    private static int number(byte[] archive, int offset) {
        return Integer.parseInt(new String(archive, offset, 8, StandardCharsets.US_ASCII), 16);
    }

    private static int aligned(int offset) {
        return offset + Math.floorMod(-offset, 4);
    }

    private static void assertRestored(Path root) throws Exception {
        for (var entry : tree().nodes().entrySet()) {
            Path path = root.resolve(entry.getKey());
            if (entry.getValue() instanceof FileTree.RegularFile file) {
                assertThat(path).hasBinaryContent(file.content());
                assertThat(Files.isExecutable(path)).isEqualTo(file.permissions() == 0755);
            } else if (entry.getValue() instanceof FileTree.SymbolicLink link) {
                assertThat(Files.readSymbolicLink(path)).hasToString(link.target());
            } else {
                assertThat(path).isDirectory();
            }
        }
    }

    @Test
    void equalTreesGiveEqualBytesWhateverTheOrderTheyWereMadeIn() {
        FileTree one = new FileTree().text("a/x", "1").text("b", "2").link("c", "b");
        FileTree other = new FileTree().link("c", "b").text("b", "2").text("a/x", "1");

        assertThat(TarArchive.of(one)).isEqualTo(TarArchive.of(other));
        assertThat(CpioArchive.of(one)).isEqualTo(CpioArchive.of(other));
    }

    @Test
    void directoriesComeBeforeWhatIsInThem() {
        assertThat(new FileTree().text("a/b/c", "").nodes().keySet()).containsExactly("a", "a/b", "a/b/c");
    }

    @Test
    void refusesPathsThatLeadElsewhere() {
        for (String path : List.of("", "/absolute", "a/../../b", "..", "a/")) {
            assertThatThrownBy(() -> new FileTree().text(path, ""))
                    .as(path)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void refusesWhatTarCannotName() {
        FileTree tree = new FileTree().text("x".repeat(101), "");

        assertThatThrownBy(() -> TarArchive.of(tree)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsFilesOfADirectory() throws Exception {
        Files.createDirectories(directory.resolve("in/sub"));
        Files.writeString(directory.resolve("in/sub/file"), "text");

        FileTree tree = new FileTree().addFromDisk("srv", directory.resolve("in"));

        assertThat(((FileTree.RegularFile) tree.nodes().get("srv/sub/file")).content())
                .isEqualTo("text".getBytes(StandardCharsets.UTF_8));
    }
}
