/** The published edge cases of Ed25519, for every path that verifies: both ports in Node, and WebCrypto in a browser. */
import { fromHex } from '../../src/ids.js'
import speccheck from '../vectors/ed25519-speccheck.json' with { type: 'json' }
import wycheproof from '../vectors/ed25519-wycheproof.json' with { type: 'json' }

export interface Ed25519Case {
  readonly name: string
  readonly publicKey: Uint8Array
  readonly message: Uint8Array
  readonly signature: Uint8Array
  /** By the rule of `src/crypto/strict.ts`. */
  readonly valid: boolean
}

interface Row {
  readonly id: number
  readonly message: string
  readonly signature: string
  readonly valid: boolean
}

function caseOf(source: string, why: string, publicKey: string, row: Row): Ed25519Case {
  return {
    name: `${source} ${row.id}: ${why}`,
    publicKey: fromHex(publicKey),
    message: fromHex(row.message),
    signature: fromHex(row.signature),
    valid: row.valid,
  }
}

export const ed25519Cases: readonly Ed25519Case[] = [
  ...speccheck.tests.map((row) => caseOf('Taming the many EdDSAs', row.why, row.publicKey, row)),
  ...wycheproof.groups.flatMap(({ publicKey, why, tests }) =>
    tests.map((row) => caseOf('Wycheproof', why, publicKey, row)),
  ),
]
