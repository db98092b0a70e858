/** Both ways to sign and verify, inside a page; `crypto.test.ts` drives it from outside. */
import { createNobleCrypto } from '../../../src/crypto/noble.js'
import { createWebCrypto } from '../../../src/crypto/web.js'
import { ed25519Cases } from '../../crypto/ed25519-cases.js'

const face = {
  /** What each published case is, and what both ports answer to it. */
  async cases(): Promise<{ name: string; valid: boolean; web: boolean; noble: boolean }[]> {
    const web = (await createWebCrypto(crypto.subtle))!
    const noble = createNobleCrypto()
    return Promise.all(
      ed25519Cases.map(async ({ name, publicKey, message, signature, valid }) => ({
        name,
        valid,
        web: await web.verify(publicKey, message, signature),
        noble: await noble.verify(publicKey, message, signature),
      })),
    )
  },
  /** Whether each port believes what the other signed, and neither a signature with a bit flipped. */
  async across(): Promise<boolean[]> {
    const ports = [(await createWebCrypto(crypto.subtle))!, createNobleCrypto()]
    const answers: boolean[] = []
    for (const signer of ports) {
      const key = await signer.createKey()
      for (const length of [0, 1, 33, 1000]) {
        const message = crypto.getRandomValues(new Uint8Array(length))
        const signature = await key.sign(message)
        const flipped = signature.slice()
        flipped[length % 64]! ^= 1
        for (const verifier of ports) {
          answers.push(await verifier.verify(key.publicKey, message, signature))
          answers.push(!(await verifier.verify(key.publicKey, message, flipped)))
        }
      }
    }
    return answers
  },
}
export type CryptoFace = typeof face
Object.assign(globalThis, { face })
