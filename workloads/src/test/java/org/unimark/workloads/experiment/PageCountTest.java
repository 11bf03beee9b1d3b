// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PageCountTest {
    @Test
    void entriesOfPageTablesAreReadByTheirFlags() {
        String tables = "0000000000100000: 0000000000100000 ----A----\r\n"
                + "0000000000101000: 0000000000101000 X--DA---W\r\n"
                + "0000000000200000: 0000000000200000 X-P------\r\n"
                + "ffffffff81000000: 0000000001000000 -GPDA---W\r\n"
                + "nothing of the kind\r\n";
        assertThat(PageCount.ofTables(tables)).isEqualTo(new PageCount(2, 2, 1));
    }

    @Test
    void mappingsCountInPages() {
        List<String> mappings = List.of(
                "00400000-00403000 r-xp 00000000 00:2a 12 /server",
                "00403000-00404000 rw-p 00000000 00:00 0 ",
                "00404000-00406000 rwxp 00000000 00:00 0 ",
                "7ffd0000-7ffd1000 r--p 00000000 00:00 0 [vvar]");
        assertThat(PageCount.ofMappings(mappings)).isEqualTo(new PageCount(3, 5, 2));
    }
}
