// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.baselines.process.Command;
import org.unimark.workloads.cells.CampaignPlan;
import org.unimark.workloads.cells.Cell;
import org.unimark.workloads.cells.CellStore;

class WorkTreeTest {
    @TempDir
    Path directory;

    private static Cell cell(String commit, boolean dirty) {
        return new Cell(Cell.FORMAT_VERSION, commit, dirty, 1, "full", "memory", "search", 0, "tcg", List.of("keel"));
    }

    private WorkTree tree(String... changes) {
        return new WorkTree(directory, "abc", List.of(changes));
    }

    @Test
    void makesCellsOfItsOwnVersionOnly() {
        assertThat(tree().objection(cell("abc", false))).isNull();
        assertThat(tree().objection(cell("def", false)))
                .contains("of commit def", "is at abc", "check out the cell's commit there", directory.toString());
        assertThat(tree().objection(cell("def", true))).contains("of commit def");
    }

    @Test
    void changesAreNotMixedIntoACampaignWithout() {
        assertThat(tree("M pom.xml", "?? a", "?? b", "?? c").objection(cell("abc", false)))
                .contains("(M pom.xml, ?? a, ?? b, ...)", "plan a campaign with them");
        assertThat(tree("M pom.xml").objection(cell("abc", true)))
                .as("planned with changes")
                .isNull();
    }

    private void git(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("git", "-C", directory.toString(), "-c", "user.name=t", "-c", "user.email=t@t"));
        command.addAll(List.of(arguments));
        Command.run(null, 20, command);
    }

    @Test
    @Tag("machine")
    void isWhatGitSaysItIs() throws Exception {
        WorkTree none = WorkTree.of(directory);
        assertThat(none.commit()).isEqualTo(WorkTree.UNKNOWN);
        assertThat(none.isDirty()).isTrue();
        git("init", "-q");
        Path file = Files.writeString(directory.resolve("file"), "1");
        git("add", "file");
        git("commit", "-q", "-m", "first");
        WorkTree clean = WorkTree.of(directory);
        assertThat(clean.commit()).hasSize(40);
        assertThat(clean.isDirty()).isFalse();
        assertThat(clean.objection(cell(clean.commit(), false))).isNull();
        planWithin(directory.resolve("campaign"));
        assertThat(WorkTree.of(directory).isDirty()).as("by a campaign within").isFalse();
        Files.writeString(file, "2");
        WorkTree dirty = WorkTree.of(directory);
        assertThat(dirty.commit()).isEqualTo(clean.commit());
        assertThat(dirty.objection(cell(clean.commit(), false))).contains("(M file)");
    }

    private static void planWithin(Path campaign) throws Exception {
        CellStore.create(
                campaign,
                new CampaignPlan(
                        CampaignPlan.FORMAT_VERSION, "", false, "full", List.of(), List.of(), "tcg", 1, List.of()),
                List.of(cell("", false)));
    }
}
