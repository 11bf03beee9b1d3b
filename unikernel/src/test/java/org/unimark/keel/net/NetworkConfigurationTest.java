// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unimark.keel.net.wire.Ipv4Address;

class NetworkConfigurationTest {
    private static final int ADDRESS = Ipv4Address.of(198, 18, 0, 2);
    private static final int GATEWAY = Ipv4Address.of(198, 18, 0, 1);

    @Test
    void readsAddressAndGatewayAmongOtherWords() {
        String line = "console=ttyS0 keel.ip=198.18.0.2/24 virtio_mmio.device=4K@0x1:5 keel.gateway=198.18.0.1";
        assertThat(NetworkConfiguration.parse(line)).isEqualTo(NetworkConfiguration.fixed(ADDRESS, 24, GATEWAY));
    }

    @Test
    void asksAServerWhereNothingIsSaid() {
        assertThat(NetworkConfiguration.parse("")).isEqualTo(NetworkConfiguration.dynamic(""));
        assertThat(NetworkConfiguration.parse("keel.ip=dhcp keel.hostname=web"))
                .isEqualTo(NetworkConfiguration.dynamic("web"));
    }

    @Test
    void theFirstOfTwoCounts() {
        assertThat(NetworkConfiguration.parse("keel.ip=198.18.0.2/24 keel.ip=10.0.0.1/8"))
                .isEqualTo(NetworkConfiguration.fixed(ADDRESS, 24, 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keel.ip=",
                "keel.ip=198.18.0.2",
                "keel.ip=198.18.0/24",
                "keel.ip=198.18.0.2/",
                "keel.ip=198.18.0.2/33",
                "keel.ip=198.18.0.2/-1",
                "keel.ip=198.18.0.2/024",
                "keel.ip=198.18.0.256/24",
                "keel.ip=1.2.3.4.5/24",
                "keel.ip=..../24",
                "keel.ip=127.0.0.1/8",
                "keel.ip=224.0.0.1/4",
                "keel.ip=0.0.0.0/0",
                "keel.ip=198.18.0.2/24 keel.gateway=10.0.0.1",
                "keel.ip=198.18.0.2/24 keel.gateway=router"
            })
    void refusesWhatMakesNoSense(String line) {
        assertThatThrownBy(() -> NetworkConfiguration.parse(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("keel.");
    }
}
