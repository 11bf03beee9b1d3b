// SPDX-License-Identifier: Apache-2.0
/**
 * Container images of the servers: root file system and command, the same whether a guest or Docker runs them. Built of
 * Debian packages or of a static binary, without any registry; equal inputs give equal bytes.
 */
package org.unimark.baselines.server;
