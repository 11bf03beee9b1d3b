// SPDX-License-Identifier: Apache-2.0
/**
 * Ring 5: {@code NetworkStack}, Keel's own implementation of {@code net.socket} on one device: it wires the protocol
 * engines of ring 4 together.
 */
package org.unimark.keel.net;
