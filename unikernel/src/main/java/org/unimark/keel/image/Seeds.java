// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.image;

import java.util.List;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.ChaChaRandom;
import org.unimark.keel.kernel.Clock;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.kernel.Log;
import org.unimark.keel.kernel.RandomSource;
import org.unimark.keel.machine.Cpu;
import org.unimark.keel.memory.PhysicalMemory;
import org.unimark.keel.virtio.Transport;
import org.unimark.keel.virtio.VirtioDevice;
import org.unimark.keel.virtio.entropy.VirtioEntropy;

/**
 * Seeds the generator of an image: 256 bits from RDRAND, else from a virtio entropy device. A machine with neither gets what
 * the time-stamp counter gives, and a warning on the console.
 */
final class Seeds {
    private static final int CPUID_RDRAND = 1 << 30;
    private static final int WORDS = 4;
    private static final long PATIENCE_NANOS = 100_000_000L;

    private final long[] seed = new long[WORDS];

    private Seeds() {}

    static RandomSource generator(
            List<Transport> devices, PhysicalMemory memory, Clock clock, Counters counters, Log log) {
        Seeds seeds = new Seeds();
        if (!seeds.fromProcessor() && !seeds.fromDevice(devices, memory, clock, counters)) {
            log.line("warning: no source of random numbers; add a virtio-rng device");
        }
        // Whatever else came, two boots differ.
        seeds.seed[0] ^= Cpu.timeStamp();
        return new ChaChaRandom(seeds.seed[0], seeds.seed[1], seeds.seed[2], seeds.seed[3]);
    }

    private boolean fromProcessor() {
        if ((Cpu.cpuid(1, 0, Cpu.ECX) & CPUID_RDRAND) == 0) {
            return false;
        }
        for (int i = 0; i < WORDS; i++) {
            seed[i] = Cpu.random();
            if (seed[i] == 0) {
                return false;
            }
        }
        return true;
    }

    private boolean fromDevice(List<Transport> devices, PhysicalMemory memory, Clock clock, Counters counters) {
        for (int i = 0; i < devices.size(); i++) {
            Transport transport = devices.get(i);
            if (transport.deviceType() == VirtioEntropy.DEVICE_TYPE) {
                Bytes bytes = memory.allocate(WORDS * Long.BYTES, Long.BYTES);
                VirtioDevice device = new VirtioDevice(transport, memory, counters);
                int length = VirtioEntropy.read(device, memory, bytes, clock, PATIENCE_NANOS, counters);
                for (int word = 0; word < WORDS; word++) {
                    seed[word] ^= bytes.i64(word * Long.BYTES);
                }
                return length == bytes.length();
            }
        }
        return false;
    }
}
