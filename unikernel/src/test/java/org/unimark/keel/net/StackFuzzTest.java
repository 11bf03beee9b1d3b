// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.wire.EthernetView;
import org.unimark.keel.net.wire.InternetChecksum;
import org.unimark.keel.net.wire.Ipv4View;
import org.unimark.keel.simulation.Arena;
import org.unimark.keel.simulation.ScriptedStation;
import org.unimark.keel.simulation.SimulatedHost;
import org.unimark.keel.simulation.Simulation;

/**
 * A living host is sent frames made of the input: one length byte, so many bytes. Addresses and IPv4 checksums are mended, so
 * that most frames reach an engine. The host must neither fail nor keep a buffer.
 */
@Tag("fuzz")
class StackFuzzTest {
    private static final long MILLIS = 1_000_000L;
    private static final long SECONDS = 1_000_000_000L;
    private static final int FRAMES_AT_MOST = 40;

    @FuzzTest(maxDuration = "30s")
    void survivesAnyFrames(byte[] data) {
        try (Simulation simulation = new Simulation(1)) {
            ScriptedStation station = new ScriptedStation(simulation, 2).answeringArp();
            SimulatedHost host = simulation.host(1);
            host.network().listen(80, 4, connection -> null);
            int at = 0;
            for (int i = 0; i < FRAMES_AT_MOST && at < data.length; i++) {
                int length = Math.min(data[at] & 0xff, data.length - at - 1);
                station.send(frame(simulation.arena(), host, station, data, at + 1, length));
                at += 1 + length;
                simulation.run(MILLIS);
            }
            simulation.run(300 * SECONDS);
            if (host.outstandingBuffers() != 0) {
                throw new AssertionError("kept buffers: " + simulation.describe());
            }
        }
    }

    private static byte[] frame(
            Arena arena, SimulatedHost host, ScriptedStation station, byte[] data, int from, int length) {
        int total = EthernetView.HEADER_BYTES + length;
        Bytes frame = arena.allocate(total);
        frame.copyFrom(EthernetView.HEADER_BYTES, data, from, length);
        int ip = EthernetView.HEADER_BYTES;
        boolean isIpv4 = length >= Ipv4View.HEADER_BYTES && frame.u8(ip) >> 4 == 4;
        int type = isIpv4 ? EthernetView.TYPE_IPV4 : EthernetView.TYPE_ARP;
        EthernetView.put(frame, 0, host.device().macAddress(), station.mac(), type);
        if (isIpv4) {
            frame.put32(ip + 12, station.address());
            frame.put32(ip + 16, host.address());
            int headerLength = Ipv4View.headerLength(frame, ip, length);
            if (headerLength > 0) {
                frame.put16(ip + 10, 0);
                frame.put16(ip + 10, InternetChecksum.finish(InternetChecksum.sum(frame, ip, headerLength)));
            }
        }
        return Arena.toArray(frame, 0, total);
    }
}
