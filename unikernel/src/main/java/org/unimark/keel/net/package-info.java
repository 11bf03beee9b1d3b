// SPDX-License-Identifier: Apache-2.0
/**
 * Ring 5: the network as applications see it ({@code Network}, {@code Connection}, {@code ConnectionHandler}), and
 * {@code NetworkStack}, Keel's own implementation on one device. The Linux platform implements the same interfaces on
 * epoll.
 */
package org.unimark.keel.net;
