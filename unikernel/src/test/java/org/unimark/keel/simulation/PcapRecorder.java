// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.simulation;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** Remembers the last frames of a wire and writes them in libpcap's format with nanosecond time stamps. */
public final class PcapRecorder {
    private static final int NANOSECOND_MAGIC = 0xa1b23c4d;
    private static final int LINK_TYPE_ETHERNET = 1;
    private static final int MAXIMUM_FRAMES = 10_000;

    private record Recorded(long nanos, byte[] frame) {}

    private final Deque<Recorded> frames = new ArrayDeque<>();

    void record(long nanos, byte[] frame) {
        if (frames.size() == MAXIMUM_FRAMES) {
            frames.removeFirst();
        }
        frames.addLast(new Recorded(nanos, frame));
    }

    public int size() {
        return frames.size();
    }

    void write(Path file) {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            out.writeInt(NANOSECOND_MAGIC);
            out.writeShort(2);
            out.writeShort(4);
            out.writeLong(0);
            out.writeInt(65_535);
            out.writeInt(LINK_TYPE_ETHERNET);
            for (Recorded recorded : frames) {
                out.writeInt((int) (recorded.nanos / 1_000_000_000L));
                out.writeInt((int) (recorded.nanos % 1_000_000_000L));
                out.writeInt(recorded.frame.length);
                out.writeInt(recorded.frame.length);
                out.write(recorded.frame);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
