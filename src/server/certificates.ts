/** Who is behind a session: what the app's `authenticate` says, and the authority's certificate for it. */
import { encodeCertificate } from '../crypto/certificate.js'
import type { SigningKey } from '../crypto/port.js'
import { IbexError } from '../errors.js'
import { requireUserId, type SessionId, type UserId } from '../ids.js'
import type { Clock } from '../ports.js'
import { decodeRecords, encodeRecords } from '../repository/records.js'
import type { Config } from '../repository/rules.js'
import type { Sessions } from '../repository/sessions.js'
import type { Log } from '../storage/port.js'
import type { HelloMessage } from '../sync/messages.js'

/** How long a certificate holds. With less than half of it left, a new one is issued. Milliseconds. */
export const VALID_MS: number = 30 * 24 * 60 * 60 * 1000
/** The authority's certificate for itself ends with the dates that JavaScript knows. */
const FOR_EVER = 8_640_000_000_000_000

/** Headers of the request that opened a connection. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>

export interface CertificateOfficeOptions {
  readonly key: SigningKey
  readonly sessions: Sessions
  readonly clock: Clock
  /** Remembers which user a session belongs to. */
  readonly log: Log
  say(line: string): void
}

export interface CertificateOffice {
  /** The certificate of a session whose key was proved. Throws `sign-in`. */
  certify(
    hello: HelloMessage,
    session: SessionId,
    headers: RequestHeaders,
    config: Config | undefined,
  ): Promise<Uint8Array>
}

/** Reads who is known already. */
export async function openCertificateOffice(options: CertificateOfficeOptions): Promise<CertificateOffice> {
  const { key, sessions, clock, log, say } = options
  await log.replay((payload) => {
    for (const record of decodeRecords(payload)) {
      // The log's buffers are large; what is kept of them must not keep them whole.
      if (record.kind === 'session' && record.certificate) {
        sessions.trust(record.publicKey.slice(), record.certificate.slice())
      }
    }
  })
  const own = { session: sessions.authoritySession!, publicKey: key.publicKey, user: null, issued: 0 }
  sessions.trust(key.publicKey, await encodeCertificate({ ...own, expires: FOR_EVER }, key))

  async function whoIs(
    hello: HelloMessage,
    headers: RequestHeaders,
    config: Config | undefined,
  ): Promise<UserId | null> {
    let user: string | null | undefined
    try {
      user = await config!.authenticate!({ token: hello.token, headers })
    } catch (error) {
      say(`authenticate() failed: ${String(error)}`)
      if (error instanceof IbexError) throw new IbexError('sign-in', error.message, { cause: error })
    }
    if (user === undefined) throw new IbexError('sign-in', 'The server does not know who this is. Sign in again.')
    if (user === null) return null
    try {
      return requireUserId(user)
    } catch (error) {
      say(`authenticate() answered what cannot be a user: ${String(error)}`)
      throw new IbexError('sign-in', 'The server could not tell who this is.', { cause: error })
    }
  }

  /** Users whose certificates are being issued, so that two connections of one session cannot claim two users. */
  const claims = new Map<SessionId, UserId | null>()

  return {
    async certify(hello, session, headers, config) {
      const { publicKey } = hello
      // Its own certificate is as good as what is remembered here; one of another authority says nothing.
      await sessions.add(publicKey, hello.certificate ?? null).catch(() => {})
      const named = config?.authenticate && (await whoIs(hello, headers, config))
      const known = sessions.get(session)!
      const before = known.certificate ? known : undefined
      // A server that stopped asking for users believes what it certified when it did.
      const user = named === undefined ? (before?.user ?? null) : named
      const owner = before?.user ?? claims.get(session) ?? null
      if (owner !== null && owner !== user) {
        throw new IbexError('sign-in', 'This session belongs to another user. Sign out first.')
      }
      const now = clock.now()
      if (before?.certificate && before.user === user && before.expires - now > VALID_MS / 2) return before.certificate
      claims.set(session, user)
      try {
        const expires = Math.max(now + VALID_MS, (before?.expires ?? 0) + 1)
        const certificate = await encodeCertificate({ session, publicKey, user, issued: now, expires }, key)
        if (user !== null) await log.append(encodeRecords([{ kind: 'session', publicKey, certificate }]))
        sessions.trust(publicKey, certificate)
        return certificate
      } finally {
        claims.delete(session)
      }
    },
  }
}
