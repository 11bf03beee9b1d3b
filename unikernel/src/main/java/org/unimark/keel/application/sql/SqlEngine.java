// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql;

/** A database engine inside the program. One thread; calls return when they are done. */
public interface SqlEngine {
    /** One more connection to the database, to be {@link SqlConnection#open opened}; null if there is no memory for it. */
    SqlConnection connect();

    /**
     * While a step of a statement lasts, {@code watcher} runs every few milliseconds. It may interrupt connections, but must not
     * use them otherwise.
     */
    void watchSteps(Runnable watcher);

    /** Name and version, such as {@code SQLite 3.40.1}. */
    String version();
}
