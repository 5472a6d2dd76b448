/** Secrets as GitHub takes them: sealed for a public key, so that only GitHub reads them. */

export interface PublicKey {
  /** Base64. */
  readonly key: string;
  readonly key_id: string;
}

/** libsodium's sealed box, as https://docs.github.com/rest/guides/encrypting-secrets-for-the-rest-api asks for; base64. */
export async function seal(secret: string, { key }: PublicKey): Promise<string> {
  const { default: sodium } = await import('libsodium-wrappers');
  await sodium.ready;
  const { ORIGINAL } = sodium.base64_variants;
  const box = sodium.crypto_box_seal(sodium.from_string(secret), sodium.from_base64(key, ORIGINAL));
  return sodium.to_base64(box, ORIGINAL);
}
