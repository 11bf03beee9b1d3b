// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

/** Work that would take too long at once. */
abstract class BackgroundTask {
    /** For the list of {@link Background}. */
    BackgroundTask nextTask;

    boolean isQueued;

    /** Works for some ten microseconds; false when there is nothing left to do. */
    abstract boolean step();
}
