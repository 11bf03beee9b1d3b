/**
 * Ring 6: an HTTP/1.1 server (RFC 9110, RFC 9112) for a site that was compiled into the image. What can be decided when
 * the image is built is decided then ({@code org.unimark.builder.http}); what is left per request is one pass over its
 * bytes, one look-up and two writes. Nothing here allocates once a connection object exists.
 */
package org.unimark.keel.application.http;
