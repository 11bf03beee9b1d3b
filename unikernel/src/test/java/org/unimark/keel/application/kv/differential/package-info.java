// SPDX-License-Identifier: Apache-2.0
/** The same commands to a real Redis and to the key-value application: differences are failures. */
package org.unimark.keel.application.kv.differential;
