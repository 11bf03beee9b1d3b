// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** Strings as arrays of bits; bit 0 is the highest of the first byte. */
@Rare
final class BitCommands extends DataCommands {
    private static final String[] COMMANDS = {
        "setbit 4 wm 1 1 1", "getbit 3 rF 1 1 1", "bitcount -2 r 1 1 1", "bitpos -3 r 1 1 1", "bitop -4 wm 2 -1 1",
    };
    private static final String[] OPERATIONS = {"and", "or", "xor", "not"};
    private static final int NOT = 3;
    private static final long MAXIMUM_BITS = 8L * Strings.MAXIMUM_BYTES;
    private static final String NO_OFFSET = "ERR bit offset is not an integer or out of range";

    private final Strings strings;
    // A range of bits that BITCOUNT or BITPOS is about.
    private long first;
    private long last;

    BitCommands(KvServer server) {
        super(server);
        strings = server.strings;
    }

    @Override
    String[] commands() {
        return COMMANDS;
    }

    @Override
    String group() {
        return "bitmap";
    }

    @Override
    void execute(int number, KvClient client, Arguments arguments, Reply reply) {
        switch (number) {
            case 0 -> set(client, arguments, reply);
            case 1 -> get(client, arguments, reply);
            case 2 -> count(client, arguments, reply);
            case 3 -> position(client, arguments, reply);
            default -> combine(client, arguments, reply);
        }
    }

    private boolean offset(Arguments arguments, Reply reply) {
        if (arguments.number(2, numbers) && numbers.value() >= 0 && numbers.value() < MAXIMUM_BITS) {
            return true;
        }
        reply.error(NO_OFFSET);
        return false;
    }

    private void set(KvClient client, Arguments arguments, Reply reply) {
        if (!offset(arguments, reply)) {
            return;
        }
        long offset = numbers.value();
        if (!arguments.number(3, numbers) || numbers.value() < 0 || numbers.value() > 1) {
            reply.error("ERR bit is not an integer or out of range");
            return;
        }
        int on = (int) numbers.value();
        int entry = lookup(client, arguments, 1);
        if (isWrongType(entry, Entry.STRING, reply)) {
            return;
        }
        int length = Math.max(entry == 0 ? 0 : strings.lengthOf(entry), (int) (offset >> 3) + 1);
        int writable = strings.writable(client.database, entry, arguments, 1, length);
        if (writable == 0) {
            outOfMemory(reply);
            return;
        }
        strings.view(writable);
        int at = strings.at() + (int) (offset >> 3);
        int shift = 7 - ((int) offset & 7);
        int old = memory.u8(at);
        memory.put8(at, old & ~(1 << shift) | on << shift);
        changed(client, arguments, 1);
        reply.integer(old >> shift & 1);
    }

    private void get(KvClient client, Arguments arguments, Reply reply) {
        if (!offset(arguments, reply)) {
            return;
        }
        long offset = numbers.value();
        int entry = read(client, arguments, 1);
        if (!isWrongType(entry, Entry.STRING, reply)) {
            boolean on = false;
            if (entry != 0) {
                strings.view(entry);
                on = offset >> 3 < strings.length() && bit(strings.at(), offset);
            }
            reply.integer(on ? 1 : 0);
        }
    }

    private boolean bit(int at, long offset) {
        return (strings.bytes().u8(at + (int) (offset >> 3)) >> 7 - ((int) offset & 7) & 1) != 0;
    }

    /** Reads the range that begins with word {@code index}, for a string that is viewed; false if it is wrong. */
    private boolean range(Arguments arguments, int index, Reply reply) {
        long bits = 8L * strings.length();
        first = 0;
        last = bits - 1;
        int words = arguments.count() - index;
        boolean inBits = words == 3 && arguments.is(index + 2, "bit");
        boolean isWrong = words > 3 || (words == 3 && !inBits && !arguments.is(index + 2, "byte"));
        // BITPOS looks at the unit before the second number, BITCOUNT after it.
        boolean numbersFirst = words <= 3 && index == 2;
        if (words > 3 || (words > 0 && !integer(arguments, index, reply))) {
            if (words > 3) {
                reply.error(SYNTAX);
            }
            return false;
        }
        long limit = inBits ? bits : strings.length();
        if (words > 0) {
            first = Math.max(0, numbers.value() < 0 ? numbers.value() + limit : numbers.value());
            last = limit - 1;
        }
        if (isWrong && !numbersFirst) {
            reply.error(SYNTAX);
            return false;
        }
        if (words > 1) {
            if (!integer(arguments, index + 1, reply)) {
                return false;
            }
            last = Math.min(limit - 1, Math.max(0, numbers.value() < 0 ? numbers.value() + limit : numbers.value()));
        }
        if (isWrong) {
            reply.error(SYNTAX);
            return false;
        }
        if (words > 0 && !inBits) {
            first = Math.min(first, limit) * 8;
            last = last * 8 + 7;
        }
        return true;
    }

    private void count(KvClient client, Arguments arguments, Reply reply) {
        int entry = read(client, arguments, 1);
        if (isWrongType(entry, Entry.STRING, reply)) {
            return;
        }
        if (entry == 0) {
            reply.integer(0);
            return;
        }
        if (arguments.count() == 3) {
            reply.error(SYNTAX);
            return;
        }
        strings.view(entry);
        if (range(arguments, 2, reply)) {
            reply.integer(first > last || isBackwards(arguments) ? 0 : countRange());
        }
    }

    /** Whether both ends count from the end, and in the wrong order: then nothing is meant, however short the string is. */
    private boolean isBackwards(Arguments arguments) {
        if (arguments.count() < 4 || !arguments.number(2, numbers)) {
            return false;
        }
        long from = numbers.value();
        return from < 0 && arguments.number(3, numbers) && numbers.value() < 0 && from > numbers.value();
    }

    private long countRange() {
        long count = 0;
        long offset = first;
        Bytes data = strings.bytes();
        while (offset <= last) {
            int at = strings.at() + (int) (offset >> 3);
            if ((offset & 7) == 0 && last - offset >= 63) {
                count += Long.bitCount(data.i64Little(at));
                offset += 64;
            } else if ((offset & 7) == 0 && last - offset >= 7) {
                count += Integer.bitCount(data.u8(at));
                offset += 8;
            } else {
                count += bit(strings.at(), offset) ? 1 : 0;
                offset++;
            }
        }
        return count;
    }

    private void position(KvClient client, Arguments arguments, Reply reply) {
        if (!integer(arguments, 2, reply)) {
            return;
        }
        if (numbers.value() < 0 || numbers.value() > 1) {
            reply.error("ERR The bit argument must be 1 or 0.");
            return;
        }
        boolean wanted = numbers.value() == 1;
        int entry = read(client, arguments, 1);
        if (isWrongType(entry, Entry.STRING, reply)) {
            return;
        }
        if (entry == 0) {
            reply.integer(wanted ? -1 : 0);
            return;
        }
        strings.view(entry);
        if (!range(arguments, 3, reply)) {
            return;
        }
        long found = first > last ? -1 : find(wanted);
        if (found < 0 && !wanted && first <= last && arguments.count() < 5) {
            // The string is thought to go on with zeros if no end was given.
            found = last + 1;
        }
        reply.integer(found);
    }

    private long find(boolean wanted) {
        int passed = wanted ? 0 : 0xff;
        for (long offset = first; offset <= last; offset++) {
            while ((offset & 7) == 0
                    && last - offset >= 7
                    && strings.bytes().u8(strings.at() + (int) (offset >> 3)) == passed) {
                offset += 8;
            }
            if (offset <= last && bit(strings.at(), offset) == wanted) {
                return offset;
            }
        }
        return -1;
    }

    private void combine(KvClient client, Arguments arguments, Reply reply) {
        int operation = arguments.indexIn(1, OPERATIONS);
        if (operation < 0) {
            reply.error(SYNTAX);
            return;
        }
        if (operation == NOT && arguments.count() != 4) {
            reply.error("ERR BITOP NOT must be called with a single source key.");
            return;
        }
        int length = 0;
        for (int i = 3; i < arguments.count(); i++) {
            int entry = read(client, arguments, i);
            if (isWrongType(entry, Entry.STRING, reply)) {
                return;
            }
            length = Math.max(length, entry == 0 ? 0 : strings.lengthOf(entry));
        }
        if (length == 0) {
            removeTarget(client, arguments, reply);
            return;
        }
        int cell = slabs.allocate(length);
        if (cell == 0) {
            outOfMemory(reply);
            return;
        }
        for (int i = 3; i < arguments.count(); i++) {
            apply(operation, i == 3, cell, length, read(client, arguments, i));
        }
        Bytes data = arguments.data();
        int stored = strings.set(
                client.database,
                lookup(client, arguments, 2),
                data,
                arguments.at(2),
                arguments.length(2),
                memory,
                cell,
                length,
                false);
        slabs.free(cell, length);
        if (stored == 0) {
            outOfMemory(reply);
        } else {
            changed(client, arguments, 2);
            reply.integer(length);
        }
    }

    private void removeTarget(KvClient client, Arguments arguments, Reply reply) {
        int entry = lookup(client, arguments, 2);
        if (entry != 0) {
            client.database.delete(entry);
            changed(client, arguments, 2);
        }
        reply.integer(0);
    }

    /** Combines the result so far with a source; what a source lacks counts as zeros. */
    private void apply(int operation, boolean isFirst, int cell, int length, int entry) {
        int size = 0;
        if (entry != 0) {
            strings.view(entry);
            size = strings.length();
        }
        for (int i = 0; i < length; i++) {
            int value = i < size ? strings.bytes().u8(strings.at() + i) : 0;
            int old = isFirst ? 0 : memory.u8(cell + i);
            memory.put8(
                    cell + i,
                    switch (operation) {
                        case 0 -> isFirst ? value : old & value;
                        case 1 -> old | value;
                        case 2 -> old ^ value;
                        default -> ~value;
                    });
        }
    }
}
