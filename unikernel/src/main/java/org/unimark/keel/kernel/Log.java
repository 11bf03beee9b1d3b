// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.kernel;

/** The console: one line an event worth a person's attention. Not for the data path. */
public interface Log {
    void line(String text);
}
