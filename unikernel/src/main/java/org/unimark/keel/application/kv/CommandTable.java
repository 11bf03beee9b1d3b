// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;

/** Commands by name: the first eight letters are one word, which is hashed and compared as such. */
final class CommandTable {
    private static final int BUCKETS_SHIFT = 9;
    private static final int LAST_SLOT = (1 << BUCKETS_SHIFT) - 1;
    private static final long FACTOR = 0x9e37_79b9_7f4a_7c15L;
    /** Makes letters small; other characters of command names have the bit anyway. */
    private static final long SMALL = 0x2020_2020_2020_2020L;

    private final Command[] buckets = new Command[1 << BUCKETS_SHIFT];
    private final long[] words = new long[1 << BUCKETS_SHIFT];
    private final int[] lengths = new int[1 << BUCKETS_SHIFT];
    private int count;

    /** What was found last, if its name is a single word: clients repeat themselves. */
    private Command recent;

    private long recentWord;
    private int recentLength;

    /** Adds all commands of a family. */
    void add(CommandFamily family) {
        String[] lines = family.commands();
        for (int i = 0; i < lines.length; i++) {
            add(parse(lines[i], family, i));
        }
    }

    private static Command parse(String line, CommandFamily family, int number) {
        String[] fields = new String[6];
        int from = 0;
        for (int i = 0; i < fields.length; i++) {
            int space = line.indexOf(' ', from);
            fields[i] = line.substring(from, space < 0 ? line.length() : space);
            from = space + 1;
        }
        int flags = 0;
        for (int i = 0; i < fields[2].length(); i++) {
            int bit = Command.FLAG_LETTERS.indexOf(fields[2].charAt(i));
            flags |= bit < 0 ? 0 : 1 << bit;
        }
        return new Command(
                fields[0],
                family,
                number,
                Integer.parseInt(fields[1]),
                flags,
                Integer.parseInt(fields[3]),
                Integer.parseInt(fields[4]),
                Integer.parseInt(fields[5]),
                family.group());
    }

    private void add(Command command) {
        long word = 0;
        for (int i = Math.min(8, command.name.length()) - 1; i >= 0; i--) {
            word = word << 8 | command.name.charAt(i);
        }
        int slot = slot(word | SMALL);
        // Open addressing: the table is kept at most half full.
        while (buckets[slot] != null) {
            slot = slot + 1 & LAST_SLOT;
        }
        buckets[slot] = command;
        words[slot] = word | SMALL;
        lengths[slot] = command.name.length();
        count++;
    }

    int size() {
        return count;
    }

    int slots() {
        return buckets.length;
    }

    /** The command in that slot, or null. */
    Command inSlot(int slot) {
        return buckets[slot];
    }

    private static int slot(long word) {
        return (int) (word * FACTOR >>> 64 - BUCKETS_SHIFT);
    }

    /** The command of that name, in whatever case, or null. */
    Command find(Bytes data, int at, int length) {
        long word = firstWord(data, at, length) | SMALL;
        if (word == recentWord && length == recentLength) {
            return recent;
        }
        return find(word, data, at, length);
    }

    private Command find(long word, Bytes data, int at, int length) {
        int slot = slot(word);
        while (lengths[slot] != 0) {
            // A letter is the only character that differs from a small letter in that bit alone.
            if (words[slot] == word
                    && lengths[slot] == length
                    && (length <= 8 || matches(buckets[slot].name, data, at, length))) {
                Command found = buckets[slot];
                if (length <= 8) {
                    recent = found;
                    recentWord = word;
                    recentLength = length;
                }
                return found;
            }
            slot = slot + 1 & LAST_SLOT;
        }
        return null;
    }

    /** Up to eight characters; those that are missing are 0. */
    private static long firstWord(Bytes data, int at, int length) {
        if (length >= 8) {
            return data.i64Little(at);
        }
        if (at + 8 <= data.length()) {
            // What follows the word is in the buffer, too, and is cut off.
            return length == 0 ? 0 : data.i64Little(at) & -1L >>> 64 - 8 * length;
        }
        long word = 0;
        for (int i = length - 1; i >= 0; i--) {
            word = word << 8 | data.u8(at + i);
        }
        return word;
    }

    private static boolean matches(String name, Bytes data, int at, int length) {
        for (int i = 8; i < length; i++) {
            int value = data.u8(at + i);
            if (value >= 'A' && value <= 'Z') {
                value += 'a' - 'A';
            }
            if (value != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
