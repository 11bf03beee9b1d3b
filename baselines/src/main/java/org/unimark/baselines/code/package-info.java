// SPDX-License-Identifier: Apache-2.0
/** What machine code a system consists of, by origin, read off the files that it runs. Starts nothing but decompressors. */
package org.unimark.baselines.code;
