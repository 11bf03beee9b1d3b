// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.unimark.keel.application.SealedSettings;
import org.unimark.keel.simulation.Arena;

/** SHA-256 against the platform's and FIPS 180, HMAC against RFC 4231, SCRAM against RFC 7677, section 3. */
class ScramTest {
    private final Sha256 sha = new Sha256();

    @Test
    void hashesAsTheStandardSays() throws Exception {
        assertThat(HexFormat.of().formatHex(sha.hash("abc".getBytes(StandardCharsets.US_ASCII))))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        SplittableRandom random = new SplittableRandom(1);
        for (int length = 0; length < 300; length++) {
            byte[] message = new byte[length];
            random.nextBytes(message);
            assertThat(sha.hash(message))
                    .isEqualTo(MessageDigest.getInstance("SHA-256").digest(message));
        }
    }

    @Test
    void authenticatesAsTheStandardSays() {
        assertThat(HexFormat.of().formatHex(sha.hmac(Scram.bytes("Jefe"), Scram.bytes("what do ya want for nothing?"))))
                .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    @Test
    void exchangesTheMessagesOfRfc7677() {
        byte[] salt = Base64.decode("W22ZaJ0SNY7soEsUEjb6gQ==");
        byte[] salted = sha.iterate(Scram.bytes("pencil"), salt, 4096);
        String verifier = "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"
                + Base64.encode(sha.hash(sha.hmac(salted, Scram.bytes("Client Key")))) + ":"
                + Base64.encode(sha.hmac(salted, Scram.bytes("Server Key")));
        try (Arena arena = new Arena()) {
            SealedSettings settings =
                    TestServer.settings(arena.copyOf(("verifier=" + verifier).getBytes(StandardCharsets.US_ASCII)));
            Scram scram = new Scram(new ScramVerifier(settings, () -> 1), true, "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");
            assertThat(scram.first("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"))
                    .isEqualTo(
                            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
            assertThat(scram.proof("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                            + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="))
                    .isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        }
    }
}
