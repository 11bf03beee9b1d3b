// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.part.Part;

/** One of 65,536 keys of twelve bytes looked for, each a step away from the last in no order that a cache likes. */
public final class LookupPart implements Part {
    private static final int KEYS = 65_536;
    private static final int STRIDE = 40_503;
    private static final int ARENA_BYTES = 8 << 20;
    private static final String KEY = "key:00000000";
    private static final int DIGITS = 8;

    private final Bytes key;
    private final Dictionary keys;
    private int number;

    public LookupPart(Allocator allocator) {
        key = Part.ascii(allocator, KEY);
        Slabs slabs = new Slabs(allocator.allocate(ARENA_BYTES), allocator.allocate(Pages.mapBytes(ARENA_BYTES)));
        Bytes memory = slabs.memory();
        KeyHash hash = new KeyHash(1, 2, 3);
        keys = new Dictionary(slabs, hash);
        for (int i = 0; i < KEYS; i++) {
            name(i);
            int entry = keys.prepare() ? slabs.allocate(Entry.HEADER_BYTES + KEY.length()) : 0;
            if (entry == 0) {
                throw new IllegalStateException("no memory");
            }
            Entry.begin(memory, entry, hash.of(key, 0, KEY.length()), KEY.length(), Entry.STRING, 0, 0);
            memory.copyFrom(entry + Entry.HEADER_BYTES, key, 0, KEY.length());
            keys.insert(entry);
        }
    }

    private void name(int value) {
        for (int i = 0; i < DIGITS; i++) {
            key.put8(KEY.length() - 1 - i, 'a' + (value >>> 4 * i & 0xf));
        }
    }

    @Override
    public long run() {
        number = number + STRIDE & KEYS - 1;
        name(number);
        int entry = keys.find(key, 0, KEY.length());
        if (entry == 0) {
            throw new IllegalStateException("a key is not there");
        }
        return entry;
    }
}
