// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.model;

import java.util.ArrayList;
import java.util.List;
import org.unimark.keel.virtio.DeviceStatus;
import org.unimark.keel.virtio.Feature;
import org.unimark.keel.virtio.ring.DeviceRing;

/** A virtio device behind any registers: status, features, queues, and complaints about drivers that break the rules. */
public final class DeviceModel {
    /** Where interrupts go. */
    public interface Line {
        void queueInterrupt(int queue);

        void configurationInterrupt();
    }

    static final class Queue {
        int size;
        long descriptors;
        long driver;
        long device;
        int vector = 0xffff;
        boolean enabled;
        DeviceRing ring;
    }

    public final int type;
    public final byte[] configuration;
    public long offered;
    public int maximumQueueSize = 256;
    /** Misbehaviour: the device does not accept what it offered. */
    public boolean refusesFeatures;
    /** Misbehaviour: the device never ends a reset. */
    public boolean neverResets;
    /** Called with the queue whose doorbell rang. */
    public java.util.function.IntConsumer onNotify = queue -> {};

    public int notifications;
    public int resets;
    int generation;
    int configurationVector = 0xffff;
    int deviceFeatureSelect;
    int driverFeatureSelect;
    int selected;
    private final List<Queue> queues = new ArrayList<>();
    private final int queueCount;
    private int status;
    private long accepted;
    private Line line;

    public DeviceModel(int type, int queueCount, long offered, byte[] configuration) {
        this.type = type;
        this.queueCount = queueCount;
        this.offered = offered;
        this.configuration = configuration;
        reset();
    }

    void connect(Line interruptLine) {
        line = interruptLine;
    }

    private void reset() {
        status = 0;
        accepted = 0;
        configurationVector = 0xffff;
        queues.clear();
        for (int i = 0; i < queueCount; i++) {
            queues.add(new Queue());
        }
    }

    int status() {
        return status;
    }

    void setStatus(int value) {
        if (value == 0) {
            resets++;
            if (!neverResets) {
                reset();
            }
            return;
        }
        if ((status & ~value & ~DeviceStatus.DEVICE_NEEDS_RESET) != 0) {
            throw new AssertionError("the driver clears a status bit (2.1.1)");
        }
        if ((value & DeviceStatus.FEATURES_OK) != 0 && (status & DeviceStatus.FEATURES_OK) == 0) {
            if (refusesFeatures || (accepted & ~offered) != 0) {
                value &= ~DeviceStatus.FEATURES_OK;
            }
        }
        if ((value & DeviceStatus.DRIVER_OK) != 0 && (value & DeviceStatus.FEATURES_OK) == 0) {
            throw new AssertionError("DRIVER_OK before FEATURES_OK (3.1.1)");
        }
        status = value;
    }

    int deviceFeatures() {
        return deviceFeatureSelect > 1 ? 0 : (int) (offered >>> 32 * deviceFeatureSelect);
    }

    void setDriverFeatures(int value) {
        if ((status & DeviceStatus.FEATURES_OK) != 0) {
            throw new AssertionError("features after FEATURES_OK (3.1.1)");
        }
        int shift = 32 * driverFeatureSelect;
        accepted = accepted & ~(0xffff_ffffL << shift) | (value & 0xffff_ffffL) << shift;
    }

    public boolean has(long feature) {
        return (accepted & feature) != 0;
    }

    public boolean isLive() {
        return (status & DeviceStatus.DRIVER_OK) != 0;
    }

    Queue queue() {
        return selected < queues.size() ? queues.get(selected) : null;
    }

    void enable(Queue queue) {
        if ((status & DeviceStatus.FEATURES_OK) == 0 || isLive()) {
            throw new AssertionError("a queue is set up at the wrong time (3.1.1)");
        }
        if (queue.descriptors % 16 != 0 || queue.driver % 2 != 0 || queue.device % 4 != 0 || queue.size == 0) {
            throw new AssertionError("rings are not aligned (2.7)");
        }
        queue.enabled = true;
        queue.ring =
                new DeviceRing(queue.size, queue.descriptors, queue.driver, queue.device, has(Feature.EVENT_INDEX));
        queue.ring.requestNotification();
    }

    void notified(int queue) {
        if (!isLive()) {
            throw new AssertionError("notified before DRIVER_OK (3.1.1)");
        }
        notifications++;
        onNotify.accept(queue);
    }

    /** The rings of a queue. */
    public DeviceRing ring(int queue) {
        return queues.get(queue).ring;
    }

    int vector(int queue) {
        return queues.get(queue).vector;
    }

    /** Interrupts the driver if it wants to know what happened to the queue. */
    public void signal(int queue) {
        if (ring(queue).shouldInterrupt()) {
            line.queueInterrupt(queue);
        }
    }

    public void changeConfiguration(int offset, int value) {
        configuration[offset] = (byte) value;
        generation = generation + 1 & 0xff;
        line.configurationInterrupt();
    }

    public void needReset() {
        status |= DeviceStatus.DEVICE_NEEDS_RESET;
        line.configurationInterrupt();
    }

    long configuration(int offset, int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (configuration[offset + i] & 0xffL) << 8 * i;
        }
        return value;
    }
}
