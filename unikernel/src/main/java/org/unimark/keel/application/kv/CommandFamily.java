// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

/** Commands that belong together: one class executes them, one switch tells them apart. */
abstract class CommandFamily {
    /**
     * One line a command, in the order of the numbers that {@link #execute} gets:
     * {@code name arity flags firstKey lastKey keyStep}, flags as letters ({@link Command#FLAG_LETTERS}) or a hyphen.
     */
    abstract String[] commands();

    /** Group of the documentation. */
    abstract String group();

    /** Executes command {@code number}, whose arity has been checked, and composes exactly one reply. */
    abstract void execute(int number, KvClient client, Arguments arguments, Reply reply);
}
