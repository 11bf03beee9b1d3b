// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.application.sql.SqlSettings;
import org.unimark.keel.kernel.RandomSource;
import org.unimark.keel.kernel.Rare;

/** What the server knows about a password: salt, iterations, and two keys from which nobody gets the password back. */
@Rare
final class ScramVerifier {
    private static final int ITERATIONS = 4096;
    private static final String PREFIX = "SCRAM-SHA-256$";

    final byte[] salt;
    final int iterations;
    final byte[] storedKey;
    final byte[] serverKey;
    final Sha256 sha = new Sha256();

    /** From a verifier as PostgreSQL writes it into pg_authid, or from the password itself. */
    ScramVerifier(SqlSettings settings, RandomSource random) {
        String verifier = settings.text("verifier", "");
        if (verifier.startsWith(PREFIX)) {
            int colon = verifier.indexOf(':');
            int dollar = verifier.indexOf('$', colon);
            int keys = verifier.indexOf(':', dollar);
            iterations = Integer.parseInt(verifier.substring(PREFIX.length(), colon));
            salt = Base64.decode(verifier.substring(colon + 1, dollar));
            storedKey = Base64.decode(verifier.substring(dollar + 1, keys));
            serverKey = Base64.decode(verifier.substring(keys + 1));
        } else {
            iterations = ITERATIONS;
            salt = new byte[16];
            fill(salt, random);
            byte[] salted = sha.iterate(Scram.bytes(settings.text("password", "")), salt, iterations);
            storedKey = sha.hash(sha.hmac(salted, Scram.bytes("Client Key")));
            serverKey = sha.hmac(salted, Scram.bytes("Server Key"));
        }
    }

    static void fill(byte[] bytes, RandomSource random) {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) random.nextLong();
        }
    }
}
