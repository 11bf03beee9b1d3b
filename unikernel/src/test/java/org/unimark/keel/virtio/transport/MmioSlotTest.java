// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.transport;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MmioSlotTest {
    @Test
    void readsWhatQemuAndFirecrackerWrite() {
        assertThat(MmioSlot.parse("keel.ip=198.18.0.2/24 virtio_mmio.device=512@0xfeb02e00:12 "
                        + " virtio_mmio.device=4K@0xd0000000:5:0 virtio_mmio.device=0x200@4272944640:6"))
                .containsExactly(
                        new MmioSlot(0xfeb0_2e00L, 512, 12),
                        new MmioSlot(0xd000_0000L, 4096, 5),
                        new MmioSlot(4_272_944_640L, 512, 6));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "virtio_mmio.device=",
                "virtio_mmio.device=512",
                "virtio_mmio.device=512@0xfeb02e00",
                "virtio_mmio.device=512@:12",
                "virtio_mmio.device=@0xfeb02e00:12",
                "virtio_mmio.device=K@0xfeb02e00:12",
                "virtio_mmio.device=512@0x:12",
                "virtio_mmio.device=512@0xfeb02e00:",
                "virtio_mmio.device=512@0xfeb02e00:-1",
                "virtio_mmio.device=512@0xfeb02e00:99999999999",
                "virtio_mmio.device=512@0xfeb02e00f000000000:1",
                "virtio_mmio.device=0@0xfeb02e00:12",
                "xvirtio_mmio.device=512@0xfeb02e00:12",
            })
    void passesOverWhatIsNoDevice(String commandLine) {
        assertThat(MmioSlot.parse(commandLine)).isEmpty();
    }

    @Property
    void neverThrows(
            @ForAll @StringLength(max = 40) @Chars({'@', ':', 'x', 'K', ' ', '=', '-'}) @CharRange(from = '0', to = '9')
                    String text) {
        for (MmioSlot slot : MmioSlot.parse("virtio_mmio.device=" + text)) {
            assertThat(slot.base()).isPositive();
            assertThat(slot.bytes()).isPositive();
            assertThat(slot.interruptLine()).isNotNegative();
        }
    }
}
