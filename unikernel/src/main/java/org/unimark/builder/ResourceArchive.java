// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes the archive of sealed files that {@code machine.Sealed} finds in the image. All numbers are unsigned 32-bit
 * little-endian: magic, count of entries, then for each entry offset and length of its name and offset and length of its
 * data, all offsets from the start of the archive. Names are UTF-8; data is aligned to a cache line, so that a body
 * starts where a device likes to read.
 */
public final class ResourceArchive {
    /** "KSEA", read as little-endian. */
    public static final int MAGIC = 0x4145534b;

    public static final int ALIGNMENT_BYTES = 64;

    private static final int HEADER_BYTES = 8;
    private static final int ENTRY_BYTES = 16;

    private ResourceArchive() {}

    /** Encodes the entries in the map's order. */
    public static byte[] encode(Map<String, byte[]> resources) {
        List<byte[]> names = new ArrayList<>();
        long end = HEADER_BYTES + (long) ENTRY_BYTES * resources.size();
        for (String name : resources.keySet()) {
            byte[] encoded = name.getBytes(StandardCharsets.UTF_8);
            names.add(encoded);
            end += encoded.length;
        }
        long size = end;
        for (byte[] data : resources.values()) {
            size = align(size) + data.length;
        }
        if (size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("the sealed files are larger than 2 GiB together");
        }
        ByteBuffer archive = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
        archive.putInt(MAGIC).putInt(resources.size());
        int nameAt = HEADER_BYTES + ENTRY_BYTES * resources.size();
        int dataAt = (int) end;
        int index = 0;
        for (byte[] data : resources.values()) {
            byte[] name = names.get(index);
            dataAt = (int) align(dataAt);
            archive.putInt(nameAt).putInt(name.length).putInt(dataAt).putInt(data.length);
            archive.put(nameAt, name).put(dataAt, data);
            nameAt += name.length;
            dataAt += data.length;
            index++;
        }
        return archive.array();
    }

    private static long align(long position) {
        return (position + ALIGNMENT_BYTES - 1) & -ALIGNMENT_BYTES;
    }
}
