// SPDX-License-Identifier: Apache-2.0
/**
 * Ring 4: the network as applications see it ({@code Network}, {@code Connection}, {@code ConnectionHandler}). Keel's TCP
 * engine implements it for the image, the Linux platform on epoll. May import buffer only.
 */
package org.unimark.keel.net.socket;
