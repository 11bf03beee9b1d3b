// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio;

import org.unimark.keel.application.Application;
import org.unimark.keel.application.Platform;

/** An image that only answers what the stack answers by itself: ARP and echo requests. */
public final class IdleImage implements Application {
    @Override
    public void start(Platform platform) {
        platform.log().line("ready");
    }
}
