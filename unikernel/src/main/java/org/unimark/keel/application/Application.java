// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application;

/** A program for Keel: has a public constructor without arguments, and starts by registering its listeners. */
public interface Application {
    /** Called once, on the event loop's thread, when the network is configured; must return. */
    void start(Platform platform);
}
