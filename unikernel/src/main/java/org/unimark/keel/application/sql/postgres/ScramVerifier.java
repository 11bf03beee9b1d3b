// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.application.SealedSettings;
import org.unimark.keel.kernel.RandomSource;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.text.Numbers;

/** What the server knows about a password: salt, iterations, and two keys from which nobody gets the password back. */
@Rare
final class ScramVerifier {
    private static final int ITERATIONS = 4096;
    private static final int MOST_ITERATIONS = 10_000_000;
    private static final String PREFIX = "SCRAM-SHA-256$";

    final byte[] salt;
    final int iterations;
    final byte[] storedKey;
    final byte[] serverKey;
    final Sha256 sha = new Sha256();

    /** From a verifier as PostgreSQL writes it into pg_authid, or from the password itself. */
    ScramVerifier(SealedSettings settings, RandomSource random) {
        String verifier = settings.text("verifier", "");
        if (!verifier.isEmpty()) {
            int colon = verifier.indexOf(':');
            int dollar = verifier.indexOf('$', Math.max(colon, 0));
            int keys = verifier.indexOf(':', Math.max(dollar, 0));
            if (!verifier.startsWith(PREFIX) || colon < 0 || dollar < 0 || keys < 0) {
                throw malformed();
            }
            long count = Numbers.unsigned(verifier.substring(PREFIX.length(), colon));
            salt = Base64.decode(verifier.substring(colon + 1, dollar));
            storedKey = Base64.decode(verifier.substring(dollar + 1, keys));
            serverKey = Base64.decode(verifier.substring(keys + 1));
            if (count < 1 || count > MOST_ITERATIONS || salt == null || !isKey(storedKey) || !isKey(serverKey)) {
                throw malformed();
            }
            iterations = (int) count;
        } else {
            iterations = ITERATIONS;
            salt = new byte[16];
            fill(salt, random);
            String password = settings.text("password", "");
            if (password.isEmpty()) {
                throw new IllegalArgumentException("authentication=scram-sha-256 needs a password or a verifier");
            }
            byte[] salted = sha.iterate(Scram.bytes(password), salt, iterations);
            storedKey = sha.hash(sha.hmac(salted, Scram.bytes("Client Key")));
            serverKey = sha.hmac(salted, Scram.bytes("Server Key"));
        }
    }

    private static boolean isKey(byte[] bytes) {
        return bytes != null && bytes.length == Sha256.HASH_BYTES;
    }

    private static IllegalArgumentException malformed() {
        return new IllegalArgumentException("verifier must be SCRAM-SHA-256$iterations:salt$key:key, as in pg_authid");
    }

    static void fill(byte[] bytes, RandomSource random) {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) random.nextLong();
        }
    }
}
