// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net;

import org.unimark.keel.buffer.BlockPool;
import org.unimark.keel.net.device.TransmitPool;

/**
 * The pools of a network stack, made by whoever owns memory.
 *
 * @param frames frames on their way out; as many as the device's queue takes, and some that wait for ARP
 * @param sendBlocks copied bytes in send queues of TCP, 2 KiB each
 * @param receiveBuffers bytes that handlers left, {@code Connection.RECEIVE_CONTIGUOUS} each
 * @param datagramBlocks datagrams that arrived in pieces, {@code Ipv4Engine.DATAGRAM_BLOCK_BYTES} each
 * @param loopbackBlocks packets to ourselves, at least a frame of the device each
 * @param udpBlocks datagrams on their way out, {@code UdpEngine.BLOCK_BYTES} each
 */
public record NetworkMemory(
        TransmitPool frames,
        BlockPool sendBlocks,
        BlockPool receiveBuffers,
        BlockPool datagramBlocks,
        BlockPool loopbackBlocks,
        BlockPool udpBlocks) {}
