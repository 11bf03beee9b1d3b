// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** Short texts that clients leave, in cells that begin with their length. */
@Rare
final class ClientTexts {
    static final int NAME = 0;
    static final int LIBRARY_NAME = 1;
    static final int LIBRARY_VERSION = 2;

    private final Slabs slabs;
    private final Bytes memory;

    ClientTexts(Slabs slabs) {
        this.slabs = slabs;
        memory = slabs.memory();
    }

    /** False if there is no memory, or a character that must not be in it. */
    boolean set(KvClient client, int slot, Bytes data, int at, int length) {
        for (int i = 0; i < length; i++) {
            int value = data.u8(at + i);
            if (value < '!' || value > '~') {
                return false;
            }
        }
        clear(client, slot);
        if (length > 0) {
            int cell = slabs.allocate(Integer.BYTES + length);
            if (cell == 0) {
                return false;
            }
            memory.put32Little(cell, length);
            memory.copyFrom(cell + Integer.BYTES, data, at, length);
            client.texts[slot] = cell;
        }
        return true;
    }

    private void clear(KvClient client, int slot) {
        int cell = client.texts[slot];
        if (cell != 0) {
            slabs.free(cell, Integer.BYTES + memory.i32Little(cell));
            client.texts[slot] = 0;
        }
    }

    void clearAll(KvClient client) {
        for (int i = 0; i < client.texts.length; i++) {
            clear(client, i);
        }
    }

    int length(KvClient client, int slot) {
        int cell = client.texts[slot];
        return cell == 0 ? 0 : memory.i32Little(cell);
    }

    /** Position in the memory of {@link Slabs}, if it is not empty. */
    int at(KvClient client, int slot) {
        return client.texts[slot] + Integer.BYTES;
    }
}
