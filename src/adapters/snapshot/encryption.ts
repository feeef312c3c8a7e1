import * as z from 'zod/mini';
import { code, type Known, type Phrase, phrase } from '../../core/phrase.ts';
import { costs, isSame, type Sealing, sealingOf } from './seal.ts';

/** How the values of a document are encrypted. */
export const Encryption = z.object({
  cipher: z.literal('aes-256-gcm'),
  kdf: z.object({
    name: z.literal('scrypt'),
    N: z.literal(costs),
    r: z.literal(8),
    p: z.literal(1),
    salt: z.string(),
  }),
  check: z.string(),
  seal: z.string(),
});
type Encryption = z.infer<typeof Encryption>;

/** All but the seal. */
export function encryptionOf({ derivation, check }: Sealing): Omit<Encryption, 'seal'> {
  const { N, salt } = derivation;
  return { cipher: 'aes-256-gcm', kdf: { name: 'scrypt', N, r: 8, p: 1, salt }, check };
}

type Unlocked =
  | { readonly ok: true; readonly sealing: Sealing }
  | { readonly ok: false; readonly said: Phrase; readonly advice: Phrase };

/** What the passphrase of a document opens it with. Whether its seal is broken is for the caller to see. */
export async function unlock(
  path: Known,
  { kdf, check }: Encryption,
  passphrase: string | undefined,
): Promise<Unlocked> {
  if (!isGiven(passphrase)) {
    const said = phrase`the values in ${code(path)} are encrypted, and no passphrase was given`;
    return { ok: false, said, advice: itsPassphrase };
  }
  const sealing = await sealingOf(passphrase, kdf);
  if (isSame(sealing.check, check)) return { ok: true, sealing };
  const said = phrase`the values in ${code(path)} were encrypted with another passphrase`;
  return { ok: false, said, advice: itsPassphrase };
}

export function isGiven(passphrase: string | undefined): passphrase is string {
  return passphrase !== undefined && passphrase !== '';
}

const itsPassphrase = phrase`set ${code('GUARDIAN_SNAPSHOT_PASSPHRASE')} (of the action: ${code('snapshot-passphrase')}) to the one that it was taken with`;

/** Whoever gives a passphrase wants what nobody else can have written. */
export function unsealed(path: Known): Phrase {
  return phrase`the values in ${code(path)} are not encrypted, and a passphrase was given: anybody may have written them`;
}
