// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

/** What the keyspace has to know about values of one type; registered in {@link Keyspace#types} by its number. */
abstract class ValueType {
    /** As {@code TYPE} says it. */
    abstract String name();

    /** As {@code OBJECT ENCODING} says it. */
    abstract String encoding(int entry);

    /** Gives back everything but the entry's own cell; what is large, in steps ({@link Keyspace#background}). */
    abstract void release(int entry);

    /** Bytes held beside the entry's cell. */
    abstract long bytes(int entry);

    /**
     * Gives {@code target}, whose payload is not yet set, a value and encoding like that of {@code source}; false if there is
     * no memory. Embedded bytes have been copied.
     */
    abstract boolean copy(int source, int target);

    /**
     * Tells the log how to make a part of this value: commands that need the key, and nothing else but what the parts before
     * have made of it.
     *
     * @param from where the part begins: 0 at first, then what the call before returned
     * @return where the next part begins, or 0 if this was the last
     */
    abstract int rewrite(int entry, int from, Effects effects);
}
