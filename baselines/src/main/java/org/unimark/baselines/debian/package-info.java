// SPDX-License-Identifier: Apache-2.0
/**
 * Software from the packages of the distribution that the machine runs: found, downloaded and unpacked without root by
 * apt's ordinary tools, and narrowed to the files that a program needs. Imports {@code files} and {@code process}.
 */
package org.unimark.baselines.debian;
