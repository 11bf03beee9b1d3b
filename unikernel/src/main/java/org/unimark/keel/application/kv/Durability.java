// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

/** Brings changes into the log, and holds back what must not be said before they are on the disk. */
final class Durability {
    /** The command at hand has changed something. */
    void changed(KvClient client, Arguments arguments) {}
}
