// SPDX-License-Identifier: Apache-2.0
/**
 * Ring 7: the Linux platform. The same applications as a static program on epoll sockets: the identical baseline to
 * measure the image against, so it is written to be as fast as Linux lets it be. Imported by nobody.
 */
package org.unimark.keel.linux;
