// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.text.Numbers;

/**
 * Values of type string: a number in the entry's payload, bytes behind the key, or a blob of its own. A blob's payload is
 * its handle and its length; it begins with its capacity.
 */
final class Strings extends ValueType {
    static final int INTEGER = 0;
    static final int EMBEDDED = 1;
    /** Embedded, and changed in part: {@code OBJECT ENCODING} calls it raw however short it is. */
    static final int EMBEDDED_RAW = 2;

    static final int BLOB = 3;

    /** proto-max-bulk-len. */
    static final int MAXIMUM_BYTES = 512 << 20;

    private static final int BLOB_HEADER = 8;
    private static final int LONGEST_EMBSTR = 44;
    /** A blob that grows gets as much again, up to this. */
    private static final int MAXIMUM_SPARE = 1 << 20;

    /** Of a log that is rewritten. */
    private static final int LONGEST_PART = 1 << 20;

    private final Keyspace keyspace;
    private final Slabs slabs;
    private final Bytes memory;
    private final Numbers numbers;
    /** Holds the digits of a number that is looked at as a string. */
    private final Bytes digits;

    /** Where {@link #view} found the value. */
    private Bytes viewed;

    private int viewedAt;
    private int viewedLength;

    Strings(Keyspace keyspace, Numbers numbers, Bytes digits) {
        this.keyspace = keyspace;
        this.numbers = numbers;
        this.digits = digits;
        slabs = keyspace.slabs;
        memory = keyspace.memory;
    }

    static boolean isEmbedded(Bytes memory, int entry) {
        return isEmbedded(Entry.description(memory, entry));
    }

    private static boolean isEmbedded(long description) {
        int encoding = Entry.encodingOf(description);
        return Entry.typeOf(description) == Entry.STRING && (encoding == EMBEDDED || encoding == EMBEDDED_RAW);
    }

    static boolean isInteger(Bytes memory, int entry) {
        return Entry.encoding(memory, entry) == INTEGER;
    }

    /** Finds the bytes of a string; they stay where they are until the next call or change. */
    void view(int entry) {
        long description = Entry.description(memory, entry);
        int encoding = Entry.encodingOf(description);
        if (encoding == EMBEDDED || encoding == EMBEDDED_RAW) {
            viewed = memory;
            viewedAt = Entry.embeddedAt(entry, description);
            viewedLength = Entry.value(memory, entry);
        } else if (encoding == BLOB) {
            viewed = memory;
            viewedAt = Entry.value(memory, entry) + BLOB_HEADER;
            viewedLength = Entry.extra(memory, entry);
        } else {
            viewed = digits;
            viewedAt = 0;
            viewedLength = Numbers.format(Entry.number(memory, entry), digits, 0);
        }
    }

    Bytes bytes() {
        return viewed;
    }

    int at() {
        return viewedAt;
    }

    int length() {
        return viewedLength;
    }

    int lengthOf(int entry) {
        int encoding = Entry.encoding(memory, entry);
        if (encoding == INTEGER) {
            return Numbers.digits(Entry.number(memory, entry));
        }
        return encoding == BLOB ? Entry.extra(memory, entry) : Entry.value(memory, entry);
    }

    /**
     * Makes {@code key} the string {@code value}. {@code entry} is what a lookup of the key just returned: 0, or an entry of
     * any type, which is replaced.
     *
     * @return the entry now, or 0 if there is no memory, and then nothing has changed
     */
    int set(
            Database database,
            int entry,
            Bytes key,
            int keyAt,
            int keyLength,
            Bytes value,
            int at,
            int length,
            boolean keepsTtl) {
        if (entry != 0 && setInPlace(entry, value, at, length, keepsTtl)) {
            return entry;
        }
        return make(database, entry, key, keyAt, keyLength, value, at, length, keepsTtl);
    }

    /** {@link #set} in a cell of its own. */
    private int make(
            Database database,
            int entry,
            Bytes key,
            int keyAt,
            int keyLength,
            Bytes value,
            int at,
            int length,
            boolean keepsTtl) {
        boolean isNumber = numbers.parseCanonical(value, at, length);
        int extra = entry != 0 && keepsTtl && Entry.isVolatile(memory, entry) ? Entry.VOLATILE_BYTES : 0;
        boolean embeds = !isNumber && Entry.HEADER_BYTES + extra + keyLength + length <= Slabs.LARGEST_CELL;
        int blob = 0;
        if (!isNumber && !embeds) {
            blob = slabs.allocate(length + BLOB_HEADER);
            if (blob == 0) {
                return 0;
            }
        }
        int embedded = embeds ? length : 0;
        int made = entry == 0
                ? database.create(key, keyAt, keyLength, Entry.STRING, EMBEDDED, embedded)
                : replace(database, entry, extra, embedded);
        if (made == 0) {
            if (blob != 0) {
                slabs.free(blob, length + BLOB_HEADER);
            }
            return 0;
        }
        if (isNumber) {
            Entry.setKind(memory, made, Entry.STRING, INTEGER);
            Entry.setNumber(memory, made, numbers.value());
        } else if (embeds) {
            Entry.setKind(memory, made, Entry.STRING, EMBEDDED);
            Entry.setValue(memory, made, length);
            memory.copyFrom(Entry.embeddedAt(memory, made), value, at, length);
        } else {
            Entry.setKind(memory, made, Entry.STRING, BLOB);
            memory.put32Little(blob, length);
            memory.copyFrom(blob + BLOB_HEADER, value, at, length);
            Entry.setValue(memory, made, blob);
            Entry.setExtra(memory, made, length);
        }
        return made;
    }

    /** The usual overwriting: embedded bytes by others that fit into the same cell. */
    private boolean setInPlace(int entry, Bytes value, int at, int length, boolean keepsTtl) {
        long description = Entry.description(memory, entry);
        if (!isEmbedded(description) || (Entry.isVolatile(description) && !keepsTtl)) {
            return false;
        }
        int valueAt = Entry.embeddedAt(entry, description);
        int oldLength = Entry.value(memory, entry);
        if ((oldLength != length && !fitsAsWell(valueAt - entry, oldLength, length))
                || numbers.parseCanonical(value, at, length)) {
            return false;
        }
        memory.copyFrom(valueAt, value, at, length);
        if (Entry.encodingOf(description) != EMBEDDED) {
            Entry.setKind(memory, entry, Entry.STRING, EMBEDDED);
        }
        Entry.setValue(memory, entry, length);
        return true;
    }

    /** Whether a cell of the same size holds either length behind {@code before} bytes. */
    private boolean fitsAsWell(int before, int oldLength, int length) {
        return before + length <= Slabs.LARGEST_CELL
                && slabs.usable(before + oldLength) == slabs.usable(before + length);
    }

    /** An entry for the same key in a new cell; the old one and its value go. Kind and payload are not set. */
    private int replace(Database database, int entry, int extra, int embedded) {
        int keyLength = Entry.keyLength(memory, entry);
        int made = slabs.allocate(Entry.HEADER_BYTES + extra + keyLength + embedded);
        if (made == 0) {
            return 0;
        }
        if (extra == 0 && Entry.isVolatile(memory, entry)) {
            database.forgetVolatile(entry);
            memory.copyFrom(made, memory, entry, Entry.HEADER_BYTES);
            Entry.setVolatile(memory, made, false);
        } else {
            memory.copyFrom(made, memory, entry, Entry.HEADER_BYTES + extra);
        }
        memory.copyFrom(Entry.keyAt(memory, made), memory, Entry.keyAt(memory, entry), keyLength);
        database.moved(entry, made);
        database.free(entry);
        return made;
    }

    /** Reads a string as a number; false if it is none. */
    @Rare
    boolean number(int entry) {
        view(entry);
        return numbers.parseCanonical(viewed, viewedAt, viewedLength);
    }

    /** Makes the key that is word {@code index}, whose entry or 0 was just found, a number; false without memory. */
    boolean setNumber(Database database, int entry, Arguments arguments, int index, long number) {
        int length = Numbers.format(number, digits, 0);
        int at = arguments.at(index);
        return set(database, entry, arguments.data(), at, arguments.length(index), digits, 0, length, true) != 0;
    }

    /** Like {@link #makeWritable}, but {@code entry} may be 0: then the key that is word {@code index} is made. */
    int writable(Database database, int entry, Arguments arguments, int index, int length) {
        int existing = entry;
        if (existing == 0) {
            int at = arguments.at(index);
            existing = set(database, 0, arguments.data(), at, arguments.length(index), digits, 0, 0, false);
            if (existing == 0) {
                return 0;
            }
        }
        int writable = makeWritable(database, existing, length);
        if (writable == 0 && entry == 0) {
            database.delete(existing);
        }
        return writable;
    }

    /**
     * Makes a string {@code length} bytes long, new ones 0, so that its bytes may be changed where {@link #view} finds them.
     *
     * @return the entry now, or 0 if there is no memory, and then nothing has changed
     */
    @Rare
    int makeWritable(Database database, int entry, int length) {
        int encoding = Entry.encoding(memory, entry);
        int oldLength = lengthOf(entry);
        if (encoding == BLOB) {
            return growBlob(entry, oldLength, length);
        }
        int keyLength = Entry.keyLength(memory, entry);
        int extra = Entry.isVolatile(memory, entry) ? Entry.VOLATILE_BYTES : 0;
        int cell = Entry.HEADER_BYTES + extra + keyLength;
        if (encoding != INTEGER
                && cell + length <= Slabs.LARGEST_CELL
                && slabs.usable(cell + length) == slabs.usable(cell + oldLength)) {
            memory.fill(Entry.embeddedAt(memory, entry) + oldLength, length - oldLength, 0);
            Entry.setKind(memory, entry, Entry.STRING, EMBEDDED_RAW);
            Entry.setValue(memory, entry, length);
            return entry;
        }
        view(entry);
        return cell + length <= Slabs.LARGEST_CELL
                ? moveEmbedded(database, entry, extra, length)
                : moveToBlob(database, entry, extra, length);
    }

    @Rare
    private int moveEmbedded(Database database, int entry, int extra, int length) {
        int made = slabs.allocate(Entry.HEADER_BYTES + extra + Entry.keyLength(memory, entry) + length);
        if (made == 0) {
            return 0;
        }
        memory.copyFrom(made, memory, entry, Entry.HEADER_BYTES + extra + Entry.keyLength(memory, entry));
        int at = Entry.embeddedAt(memory, made);
        memory.copyFrom(at, viewed, viewedAt, viewedLength);
        memory.fill(at + viewedLength, length - viewedLength, 0);
        database.moved(entry, made);
        database.free(entry);
        Entry.setKind(memory, made, Entry.STRING, EMBEDDED_RAW);
        Entry.setValue(memory, made, length);
        Entry.setExtra(memory, made, 0);
        return made;
    }

    @Rare
    private int moveToBlob(Database database, int entry, int extra, int length) {
        int capacity = length + Math.min(length, MAXIMUM_SPARE) / 4;
        int blob = slabs.allocate(capacity + BLOB_HEADER);
        if (blob == 0) {
            return 0;
        }
        int made = slabs.allocate(Entry.HEADER_BYTES + extra + Entry.keyLength(memory, entry));
        if (made == 0) {
            slabs.free(blob, capacity + BLOB_HEADER);
            return 0;
        }
        memory.put32Little(blob, capacity);
        memory.copyFrom(blob + BLOB_HEADER, viewed, viewedAt, viewedLength);
        memory.fill(blob + BLOB_HEADER + viewedLength, length - viewedLength, 0);
        memory.copyFrom(made, memory, entry, Entry.HEADER_BYTES + extra + Entry.keyLength(memory, entry));
        database.moved(entry, made);
        database.free(entry);
        Entry.setKind(memory, made, Entry.STRING, BLOB);
        Entry.setValue(memory, made, blob);
        Entry.setExtra(memory, made, length);
        return made;
    }

    @Rare
    private int growBlob(int entry, int oldLength, int length) {
        int blob = Entry.value(memory, entry);
        int capacity = memory.i32Little(blob);
        if (length > capacity) {
            int newCapacity = length + Math.min(length, MAXIMUM_SPARE);
            int moved = slabs.resize(blob, capacity + BLOB_HEADER, newCapacity + BLOB_HEADER);
            if (moved == 0) {
                newCapacity = length;
                moved = slabs.resize(blob, capacity + BLOB_HEADER, newCapacity + BLOB_HEADER);
            }
            if (moved == 0) {
                return 0;
            }
            memory.put32Little(moved, newCapacity);
            Entry.setValue(memory, entry, moved);
            blob = moved;
        }
        memory.fill(blob + BLOB_HEADER + oldLength, length - oldLength, 0);
        Entry.setExtra(memory, entry, length);
        return entry;
    }

    @Override
    String name() {
        return "string";
    }

    @Override
    String encoding(int entry) {
        return switch (Entry.encoding(memory, entry)) {
            case INTEGER -> "int";
            case EMBEDDED -> Entry.value(memory, entry) <= LONGEST_EMBSTR ? "embstr" : "raw";
            default -> "raw";
        };
    }

    @Override
    void release(int entry) {
        if (Entry.encoding(memory, entry) == BLOB) {
            int blob = Entry.value(memory, entry);
            slabs.free(blob, memory.i32Little(blob) + BLOB_HEADER);
        }
    }

    @Override
    long bytes(int entry) {
        return Entry.encoding(memory, entry) == BLOB
                ? slabs.usable(memory.i32Little(Entry.value(memory, entry)) + BLOB_HEADER)
                : 0;
    }

    @Rare
    @Override
    boolean copy(int source, int target) {
        int encoding = Entry.encoding(memory, source);
        if (encoding == BLOB) {
            int length = Entry.extra(memory, source);
            int blob = slabs.allocate(length + BLOB_HEADER);
            if (blob == 0) {
                return false;
            }
            memory.put32Little(blob, length);
            memory.copyFrom(blob + BLOB_HEADER, memory, Entry.value(memory, source) + BLOB_HEADER, length);
            Entry.setValue(memory, target, blob);
            Entry.setExtra(memory, target, length);
        } else {
            Entry.setNumber(memory, target, Entry.number(memory, source));
        }
        Entry.setKind(memory, target, Entry.STRING, encoding);
        return true;
    }

    @Rare
    @Override
    int rewrite(int entry, int from, Effects effects) {
        effects.begin(3);
        effects.text(from == 0 ? "SET" : "APPEND");
        effects.bytes(memory, Entry.keyAt(memory, entry), Entry.keyLength(memory, entry));
        view(entry);
        int part = Math.min(viewedLength - from, LONGEST_PART);
        effects.bytes(viewed, viewedAt + from, part);
        effects.end();
        return from + part == viewedLength ? 0 : from + part;
    }
}
