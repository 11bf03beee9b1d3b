// SPDX-License-Identifier: Apache-2.0
/** Ring 2: numbers as texts and back, without Java's own conversions, which bring tables along. May import buffer only. */
package org.unimark.keel.text;
