// SPDX-License-Identifier: Apache-2.0
/** A real guest under real load: index wrap, offloads on and off, and a cable that is pulled. */
package org.unimark.keel.virtio.load;
