// SPDX-License-Identifier: Apache-2.0
/**
 * Ring 2: a disk as its users see it ({@code BlockDevice}); drivers implement it, decorators wrap it. May import buffer only.
 */
package org.unimark.keel.storage.device;
