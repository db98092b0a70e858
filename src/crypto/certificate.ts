/**
 * The authority's word on whose session a key is. What stands in the bytes:
 * ```
 * 1 (format version) | public key, 32 bytes | user: null or string, as a value | issued | expires, varints of ms
 * signature of the authority, 64 bytes, over "ibex certificate 1" and all the above
 * ```
 * The session's id is not among them: it follows from the public key.
 */
import { IbexError } from '../errors.js'
import type { SessionId, UserId } from '../ids.js'
import { requireUserId } from '../ids.js'
import { ByteReader, ByteWriter, concatBytes } from '../value/bytes.js'
import { encodeUtf8 } from '../value/utf8.js'
import type { CryptoPort, SigningKey } from './port.js'
import { sessionIdOfKey } from './sha256.js'

const VERSION = 1

export interface Certificate {
  readonly session: SessionId
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  /** `null`: nobody has signed in. */
  readonly user: UserId | null
  /** Milliseconds since 1970 by the authority's clock. */
  readonly issued: number
  /** Milliseconds since 1970 by the authority's clock. It is for the caller to compare it with a clock. */
  readonly expires: number
}

/** A certificate with the bytes that prove it. Pass on the bytes as they came; never encode them anew. */
export interface SignedCertificate {
  readonly certificate: Certificate
  readonly bytes: Uint8Array
}

/** What is in a certificate's bytes. That it says so proves nothing: see {@link verifyCertificate}. */
export interface DecodedCertificate extends Certificate {
  readonly signature: Uint8Array
  /** The bytes that are signed, behind the context. */
  readonly signed: Uint8Array
}

/** The bytes of a certificate, signed by the authority. @throws IbexError `bad-certificate` if the key is not the session's. */
export async function encodeCertificate(certificate: Certificate, authority: SigningKey): Promise<Uint8Array> {
  const { publicKey, user, issued, expires } = certificate
  if (publicKey.length !== 32 || sessionIdOfKey(publicKey) !== certificate.session) {
    throw new IbexError('bad-certificate', 'The public key is not that of the session.')
  }
  const writer = new ByteWriter()
  writer.varuint(VERSION)
  writer.raw(publicKey)
  writer.value(user)
  writer.varuint(issued)
  writer.varuint(expires)
  const signed = writer.finish()
  return concatBytes(signed, await authority.sign(messageOf(signed)))
}

/**
 * Reads a certificate without checking its signature.
 * @throws IbexError `malformed-bytes`, `malformed-id` (the user), `newer-version`.
 */
export function decodeCertificate(bytes: Uint8Array): DecodedCertificate {
  const reader = new ByteReader(bytes)
  const version = reader.varuint()
  if (version !== VERSION) throw new IbexError('newer-version', `Cannot read certificates of version ${version}.`)
  const publicKey = new Uint8Array(reader.raw(32))
  const user = reader.value()
  const issued = reader.varuint()
  const expires = reader.varuint()
  const signed = bytes.subarray(0, reader.offset)
  const signature = new Uint8Array(reader.raw(64))
  reader.end()
  return {
    session: sessionIdOfKey(publicKey),
    publicKey,
    user: user === null ? null : requireUserId(user as string),
    issued,
    expires,
    signature,
    signed: new Uint8Array(signed),
  }
}

/** The certificate in `bytes`, or `undefined` if it cannot be read or `authorityPublicKey` did not sign it. */
export async function verifyCertificate(
  crypto: CryptoPort,
  authorityPublicKey: Uint8Array,
  bytes: Uint8Array,
): Promise<Certificate | undefined> {
  let decoded: DecodedCertificate
  try {
    decoded = decodeCertificate(bytes)
  } catch {
    return undefined
  }
  const { signature, signed, ...certificate } = decoded
  return (await crypto.verify(authorityPublicKey, messageOf(signed), signature)) ? certificate : undefined
}

function messageOf(signed: Uint8Array): Uint8Array {
  return concatBytes(encodeUtf8('ibex certificate 1'), signed)
}
