// SPDX-License-Identifier: Apache-2.0
/** Ring 6: random numbers from the host (virtio 1.2, section 5.4), for machines whose processor has none. */
package org.unimark.keel.virtio.entropy;
