// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.device;

/** A network card. One owner, one thread; nothing here blocks or allocates after construction. */
public interface NetworkDevice {
    /** Offload: the device completes the checksum of frames that carry {@link TransmitFrame#checksumStart}. */
    int TRANSMIT_CHECKSUM = 1;
    /** Offload: the device cuts frames that carry {@link TransmitFrame#segmentBytes} (TCP over IPv4). */
    int TRANSMIT_SEGMENTATION = 2;
    /** Offload: the device may tell by {@link ReceiveSink} that it verified a checksum. */
    int RECEIVE_CHECKSUM = 4;

    /** 48 bits, first byte on the wire in bits 47..40. */
    long macAddress();

    /** Largest IP packet in bytes, without the Ethernet header. */
    int mtu();

    /** Or of the offload constants. */
    int offloads();

    /** False while the cable is out. */
    boolean isLinkUp();

    /**
     * Queues a frame. True: the device holds it until it calls {@link TransmitFrame#completed}. False: the queue is full
     * and the caller keeps it.
     */
    boolean transmit(TransmitFrame frame);

    /** Tells the other side about everything queued since the last call: once a batch, it is the expensive part. */
    void flush();

    /**
     * Hands at most {@code budget} received frames to {@code sink}, completes transmitted frames, gives buffers back to
     * the device, and returns how many frames were received or completed.
     */
    int poll(ReceiveSink sink, int budget);

    /** Asks for an interrupt at the next event; false if an event is already waiting (then no interrupt will come). */
    boolean enableInterrupts();
}
