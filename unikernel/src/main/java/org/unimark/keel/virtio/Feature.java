// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio;

/** Feature bits that do not belong to one kind of device (virtio 1.2, section 6), as masks. */
public final class Feature {
    /** The driver may say which used entry it wants to be interrupted for, and the device likewise. */
    public static final long EVENT_INDEX = 1L << 29;
    /** The device follows virtio 1.0 or newer; without it, it is a legacy device, which Keel does not drive. */
    public static final long VERSION_1 = 1L << 32;
    /** The device reaches memory only through an IOMMU or as the platform says. */
    public static final long ACCESS_PLATFORM = 1L << 33;

    private Feature() {}
}
