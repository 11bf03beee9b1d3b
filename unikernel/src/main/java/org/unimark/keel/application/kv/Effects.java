// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;

/**
 * What goes into the log. A command that changed something is logged as it came, unless it says what is to be logged
 * instead: nothing that depends on time or chance may be logged as it came.
 */
abstract class Effects {
    /** Whether anything is logged at all: before an effect is put together, ask. */
    abstract boolean isOn();

    /** Whether keys expire now: not while the log is replayed, which says itself what had expired. */
    abstract boolean mayExpire();

    /** The command at hand is not logged as it came; what {@link #begin} to {@link #end} say is, if anything. */
    abstract void instead();

    /** Begins a command of {@code words} words, for the database of the command at hand. */
    abstract void begin(int words);

    abstract void text(String word);

    abstract void bytes(Bytes source, int at, int length);

    abstract void number(long value);

    abstract void end();

    /** A key is gone that no command deleted: it expired or was evicted. */
    abstract void deleted(int database, Bytes key, int at, int length);
}
