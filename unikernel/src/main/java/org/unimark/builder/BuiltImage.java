// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import java.nio.file.Path;

/**
 * The result of a build.
 *
 * @param elf the stripped file, which is what is deployed
 * @param elfWithSymbols the same program with its symbols, for debuggers and stack traces
 * @param bytes size of {@code elf} in bytes
 * @param hash SHA-256 of everything that went into the build, in hexadecimal
 * @param cached true if an earlier build of exactly the same was taken
 * @param report sizes by origin and lines of native code, for people
 */
public record BuiltImage(Path elf, Path elfWithSymbols, long bytes, String hash, boolean cached, String report) {}
