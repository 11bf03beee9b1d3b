/**
 * Compiles a directory and a configuration into the one resource that {@code keel.application.http} serves. Everything
 * that does not depend on a request is decided here: paths, content types, entity tags, compressed variants, error pages
 * and the heads of all responses. Runs on the machine that builds the image; may import the format from
 * {@code keel.application.http}.
 */
package org.unimark.builder.http;
