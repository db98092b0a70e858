/** The sessions that a node has heard of: their keys, and the authority's certificates for them. */
import { decodeCertificate, verifyCertificate } from '../crypto/certificate.js'
import type { CryptoPort } from '../crypto/port.js'
import { sessionIdOfKey } from '../crypto/sha256.js'
import { IbexError } from '../errors.js'
import { type SessionId, type UserId, toHex } from '../ids.js'
import { Signal } from '../signal.js'

export interface KnownSession {
  readonly id: SessionId
  readonly publicKey: Uint8Array
  /** As it came from the authority; null while the session has met none. */
  readonly certificate: Uint8Array | null
  readonly user: UserId | null
  /** Milliseconds since 1970; 0 without a certificate. */
  readonly expires: number
}

/** Identity: one registry a node; it only grows. */
export class Sessions {
  /** The authority's key, once it is configured or pinned: only its certificates are believed. */
  authorityKey: Uint8Array | undefined
  /** The session that the authority's key names: it signs seals. */
  authoritySession: SessionId | undefined
  /** After the user of a session became known. */
  readonly onCertified: Signal<[SessionId]> = new Signal()
  private readonly known = new Map<SessionId, KnownSession>()
  private readonly crypto: CryptoPort

  constructor(crypto: CryptoPort) {
    this.crypto = crypto
  }

  get(id: SessionId): KnownSession | undefined {
    return this.known.get(id)
  }

  /** The user of a session, or the session's id where it is anonymous or unknown. */
  readonly authorOf = (id: SessionId): string => this.known.get(id)?.user ?? id

  /** Pins the authority: from now on its certificates and seals are believed, and no other's. */
  pinAuthority(publicKey: Uint8Array): void {
    this.authorityKey = publicKey
    this.authoritySession = this.addKey(publicKey)
  }

  /** A session's id follows from its key, so a key needs nobody's word. */
  addKey(publicKey: Uint8Array): SessionId {
    const id = sessionIdOfKey(publicKey)
    if (!this.known.has(id)) this.known.set(id, { id, publicKey, certificate: null, user: null, expires: 0 })
    return id
  }

  /**
   * Takes a session with a certificate from elsewhere. A certificate that the authority did not sign is refused with
   * `bad-certificate`; without a known authority it is ignored.
   */
  async add(publicKey: Uint8Array, certificate: Uint8Array | null): Promise<SessionId> {
    const id = this.addKey(publicKey)
    if (!certificate || !this.authorityKey) return id
    const before = this.known.get(id)!
    if (before.certificate && toHex(before.certificate) === toHex(certificate)) return id
    const verified = await verifyCertificate(this.crypto, this.authorityKey, certificate)
    if (!verified || verified.session !== id) {
      throw new IbexError('bad-certificate', `The certificate of session ${id} is not the authority's.`)
    }
    if (verified.expires > this.known.get(id)!.expires) this.trust(publicKey, certificate)
    return id
  }

  /** Takes what this device's log says of a session, out of buffers that must not be kept whole for it. */
  recall({ publicKey, certificate }: Pick<KnownSession, 'publicKey' | 'certificate'>): void {
    this.addKey(publicKey.slice())
    if (certificate) this.trust(publicKey.slice(), certificate.slice())
  }

  /** Takes a certificate that needs no further proof: one's own, or one from this device's log. */
  trust(publicKey: Uint8Array, certificate: Uint8Array): void {
    const { session, user, expires } = decodeCertificate(certificate)
    const before = this.known.get(session)
    if (before && before.expires >= expires) return
    this.known.set(session, { id: session, publicKey, certificate, user, expires })
    if (user !== (before?.user ?? null)) this.onCertified.emit(session)
  }
}
