// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.kernel.Rare;

/** One exchange of SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding; passwords are ASCII (no SASLprep). */
@Rare
final class Scram {
    private static final String MECHANISM = "SCRAM-SHA-256";
    private static final int NONCE_BYTES = 18;

    private final ScramVerifier verifier;
    private final boolean isKnown;
    private final String ownNonce;
    private String clientFirstBare;
    private String serverFirst;
    private String nonce;
    private String header;
    private boolean isDone;
    private boolean isMalformed;

    Scram(PostgresServer server, String user) {
        this(server.verifier, user.equals(server.scramUser), nonce(server));
    }

    Scram(ScramVerifier verifier, boolean isKnown, String ownNonce) {
        this.verifier = verifier;
        this.isKnown = isKnown;
        this.ownNonce = ownNonce;
    }

    private static String nonce(PostgresServer server) {
        byte[] bytes = new byte[NONCE_BYTES];
        ScramVerifier.fill(bytes, server.platform.random());
        return Base64.encode(bytes);
    }

    static byte[] bytes(String text) {
        byte[] bytes = new byte[text.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) text.charAt(i);
        }
        return bytes;
    }

    boolean isDone() {
        return isDone;
    }

    boolean isMalformed() {
        return isMalformed;
    }

    /** The server's answer to a password message, or null if the client is turned away. */
    String answer(String message) {
        return serverFirst == null ? initial(message) : proof(message);
    }

    private String malformed() {
        isMalformed = true;
        return null;
    }

    private String initial(String message) {
        int zero = message.indexOf('\0');
        if (zero < 0 || !message.substring(0, zero).equals(MECHANISM) || message.length() < zero + 5) {
            return malformed();
        }
        return first(message.substring(zero + 5));
    }

    String first(String clientFirst) {
        int comma = clientFirst.indexOf(',');
        int second = comma < 0 ? -1 : clientFirst.indexOf(',', comma + 1);
        if (second < 0 || !(clientFirst.startsWith("n,") || clientFirst.startsWith("y,"))) {
            return malformed();
        }
        header = clientFirst.substring(0, second + 1);
        clientFirstBare = clientFirst.substring(second + 1);
        String clientNonce = attribute(clientFirstBare, 'r');
        if (clientNonce == null || clientNonce.isEmpty() || clientFirstBare.startsWith("m=")) {
            return malformed();
        }
        nonce = clientNonce + ownNonce;
        serverFirst = "r=" + nonce + ",s=" + Base64.encode(verifier.salt) + ",i=" + verifier.iterations;
        return serverFirst;
    }

    private static String attribute(String message, char name) {
        int at = 0;
        while (at >= 0 && at < message.length()) {
            int end = message.indexOf(',', at);
            end = end < 0 ? message.length() : end;
            if (message.charAt(at) == name && at + 1 < end && message.charAt(at + 1) == '=') {
                return message.substring(at + 2, end);
            }
            at = end + 1;
        }
        return null;
    }

    String proof(String clientFinal) {
        int proofAt = clientFinal.lastIndexOf(",p=");
        String binding = attribute(clientFinal, 'c');
        String answeredNonce = attribute(clientFinal, 'r');
        byte[] proof = proofAt < 0 ? null : Base64.decode(clientFinal.substring(proofAt + 3));
        if (proof == null || proof.length != Sha256.HASH_BYTES || binding == null || answeredNonce == null) {
            return malformed();
        }
        if (!binding.equals(Base64.encode(bytes(header))) || !answeredNonce.equals(nonce)) {
            return malformed();
        }
        byte[] message = bytes(clientFirstBare + "," + serverFirst + "," + clientFinal.substring(0, proofAt));
        byte[] key = verifier.sha.hmac(verifier.storedKey, message);
        for (int i = 0; i < key.length; i++) {
            key[i] ^= proof[i];
        }
        // An unknown user goes the same way to the same end.
        boolean isRight = Sha256.equal(verifier.sha.hash(key), verifier.storedKey);
        if (!(isRight & isKnown)) {
            return null;
        }
        isDone = true;
        return "v=" + Base64.encode(verifier.sha.hmac(verifier.serverKey, message));
    }
}
