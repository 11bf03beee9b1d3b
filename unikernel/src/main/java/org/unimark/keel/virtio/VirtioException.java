// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio;

/** A device cannot be used: at boot, or after it broke. Never thrown on the data path. */
public final class VirtioException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public VirtioException(String message) {
        super(message);
    }
}
